using RecoAspire.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(httpPort: 7131, grpcPort: 7132);

var app = builder.Build();
app.MapServiceDefaults();
app.Run();
