using RecoAspire.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(httpPort: 7141, grpcPort: 7142);

var app = builder.Build();
app.MapServiceDefaults();
app.Run();
