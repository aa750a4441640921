using RecoAspire.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(httpPort: 7101, grpcPort: 7102);

var app = builder.Build();
app.MapServiceDefaults();
app.Run();
