using RecoAspire.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(httpPort: 8080);

var app = builder.Build();
app.MapServiceDefaults();
app.Run();
