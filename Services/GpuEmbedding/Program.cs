using RecoAspire.GpuEmbedding.Api;
using RecoAspire.GpuEmbedding.Backends;
using RecoAspire.GpuEmbedding.Collaborative;
using RecoAspire.GpuEmbedding.Models;
using RecoAspire.GpuEmbedding.Text;
using RecoAspire.GpuEmbedding.Training;
using RecoAspire.ServiceDefaults;
using RecoAspire.ServiceDefaults.Views;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(httpPort: 9090, grpcPort: 7112);

var als = builder.Configuration.GetSection("Collaborative").Get<AlsOptions>() ?? new AlsOptions();
als.Validate();
builder.Services.AddSingleton(als);
var training = builder.Configuration.GetSection("Training").Get<TrainingOptions>() ?? new TrainingOptions();
builder.Services.AddSingleton(training);
builder.Services.AddSingleton(new PublishingRole(training.PublisherHost, builder.Configuration["HOSTNAME"] ?? Environment.MachineName));
builder.Services.AddSingleton<IEmbeddingBackend>(new CpuBackend());

// Everything this service knows is a view of the log: the catalogue's texts, what viewers did, and the models themselves.
builder.AddLogView<TextCatalogView>(mustCatchUp: true);
builder.AddLogView<TrainingDataView>(mustCatchUp: true);
builder.AddLogView<ModelsView>(mustCatchUp: true);

builder.Services.AddSingleton<ModelPublisher>().AddSingleton<Trainer>();
builder.Services.AddHostedService<TextVectorPublisher>();
builder.Services.AddHostedService<TextModelFollower>();
builder.Services.AddHostedService<BackgroundTraining>();

var app = builder.Build();
app.MapServiceDefaults();
app.MapGrpcService<EmbeddingApi>();
app.MapGrpcService<ViewApi>();
app.Run();
