using RecoAspire.ServiceDefaults;
using RecoAspire.ServiceDefaults.Views;
using RecoAspire.VectorSearch.Api;
using RecoAspire.VectorSearch.Recall;
using RecoAspire.VectorSearch.Search;
using RecoAspire.VectorSearch.Stores;
using RecoAspire.VectorSearch.Views;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(httpPort: 7121, grpcPort: 7122);
builder.Services.AddSingleton(_ => new SqliteVectorStore(builder.Configuration.GetDataDirectory("vectorsearch")));
builder.Services.AddSingleton<ISearchEngine, SearchEngine>();
builder.Services.AddSingleton<VectorWriter>();
builder.AddLogView<VectorsView>(mustCatchUp: false);

var recall = builder.Configuration.GetSection("Recall").Get<RecallOptions>() ?? new RecallOptions();
recall.Validate();
builder.Services.AddSingleton(recall).AddSingleton<RecallSampler>();
builder.Services.AddHostedService(provider => provider.GetRequiredService<RecallSampler>());

var app = builder.Build();
app.MapServiceDefaults();
app.MapGrpcService<VectorSearchApi>();
app.MapGrpcService<ViewApi>();
app.Run();
