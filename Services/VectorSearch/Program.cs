using RecoAspire.ServiceDefaults;
using RecoAspire.ServiceDefaults.Views;
using RecoAspire.VectorSearch.Api;
using RecoAspire.VectorSearch.Search;
using RecoAspire.VectorSearch.Stores;
using RecoAspire.VectorSearch.Views;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(httpPort: 7121, grpcPort: 7122);
builder.Services.AddSingleton(_ => new SqliteVectorStore(builder.Configuration.GetDataDirectory("vectorsearch")));
builder.Services.AddSingleton<SearchEngine>();
builder.Services.AddSingleton<VectorWriter>();
builder.AddLogView<VectorsView>(mustCatchUp: false);

var app = builder.Build();
app.MapServiceDefaults();
app.MapGrpcService<VectorSearchApi>();
app.MapGrpcService<ViewApi>();
app.Run();
