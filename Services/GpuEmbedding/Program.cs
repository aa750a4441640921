using RecoAspire.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(httpPort: 9090, grpcPort: 7112);

var app = builder.Build();
app.MapServiceDefaults();
app.Run();
