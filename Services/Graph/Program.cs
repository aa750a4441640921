using RecoAspire.Graph.Api;
using RecoAspire.Graph.Expansion;
using RecoAspire.Graph.Stores;
using RecoAspire.Graph.Views;
using RecoAspire.ServiceDefaults;
using RecoAspire.ServiceDefaults.Views;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(httpPort: 7131, grpcPort: 7132);
builder.Services.AddSingleton(_ => new SqliteItemStore(builder.Configuration.GetDataDirectory("graph")));
builder.Services.AddSingleton(_ => new Expander());
builder.AddLogView<GraphView>(mustCatchUp: false);

var app = builder.Build();
app.MapServiceDefaults();
app.MapGrpcService<GraphApi>();
app.MapGrpcService<ViewApi>();
app.Run();
