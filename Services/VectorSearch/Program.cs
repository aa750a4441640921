using RecoAspire.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(httpPort: 7121, grpcPort: 7122);

var app = builder.Build();
app.MapServiceDefaults();
app.Run();
