using Grpc.AspNetCore.Server;
using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.Contracts.Graph.V1;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Contracts.VectorSearch.V1;
using RecoAspire.Gateway;
using RecoAspire.Gateway.Api;
using RecoAspire.Gateway.Candidates;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Explanations;
using RecoAspire.Gateway.Popularity;
using RecoAspire.Gateway.Ranking;
using RecoAspire.Gateway.Resilience;
using RecoAspire.Gateway.Search;
using RecoAspire.Gateway.Viewers;
using RecoAspire.ServiceDefaults;
using RecoAspire.ServiceDefaults.Rpc;
using RecoAspire.ServiceDefaults.Views;
using Scalar.AspNetCore;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults(httpPort: 8080);

var configuration = builder.Configuration.GetSection("Gateway");
builder.Services.AddSingleton(configuration.Get<GatewayOptions>() ?? new GatewayOptions());
builder.Services.AddSingleton(configuration.GetSection("Viewers").Get<ViewerOptions>() ?? new ViewerOptions());
builder.Services.AddSingleton(configuration.GetSection("Popularity").Get<PopularityOptions>() ?? new PopularityOptions());
builder.Services.AddSingleton(configuration.GetSection("Ranking").Get<RankingOptions>() ?? new RankingOptions());

// What the gateway knows by itself: views of the log, in memory.
builder.Services.AddSingleton<ItemOrdinals>().AddSingleton<PopularityIndex>().AddSingleton<AcknowledgedEvents>();
builder.AddLogView<CatalogView>(mustCatchUp: true);
builder.AddLogView<ViewersView>(mustCatchUp: true);

// Whom it asks.
builder.AddServiceGrpcClient<ProfileService.ProfileServiceClient>("profile");
builder.AddServiceGrpcClient<EmbeddingService.EmbeddingServiceClient>("embedding");
builder.AddServiceGrpcClient<VectorSearchService.VectorSearchServiceClient>("vectorsearch");
builder.AddServiceGrpcClient<GraphService.GraphServiceClient>("graph");
builder.Services.AddSingleton<Services>().AddSingleton<TasteReader>().AddSingleton<TasteVectors>();

// How it decides.
builder.Services.AddSingleton<ICandidateSource, VectorCandidates>().AddSingleton<ICandidateSource, GraphCandidates>();
builder.Services.AddSingleton<ICandidateSource, NextEpisodeCandidates>().AddSingleton<ICandidateSource, PopularCandidates>();
builder.Services.AddSingleton<FeatureScorer>().AddSingleton<Blend>().AddSingleton<Diversity>().AddSingleton<ReasonWriter>();
builder.Services.AddHostedService<WarmUp>();
builder.Services.AddSingleton<Recommender>().AddSingleton<ShelfRanker>().AddSingleton<SimilarItems>();
SharedCache.Add(builder);
builder.Services.AddSingleton<SharedCaching>();
builder.Services.AddSingleton<TitleIndex>().AddSingleton<QueryVectorCache>().AddSingleton<ItemSearch>();

builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, GatewayJson.Default));
builder.Services.AddProblemDetails();
// The gRPC health service would answer 404 on every unknown route, also where 405 or 415 is the truth.
builder.Services.Configure<GrpcServiceOptions>(o => o.IgnoreUnknownServices = true);
builder.Services.AddOpenApi(ApiDescription.Configure);

var app = builder.Build();
ProblemPages.Use(app);
app.MapServiceDefaults();
if (app.Configuration["GRPC_PORT"] is not null) app.MapGrpcService<ViewApi>();
app.MapOpenApi();
// Everything the page needs is served from here: no fonts, no proxy, no statistics from elsewhere.
app.MapScalarApiReference(o => o.DisableDefaultFonts().DisableTelemetry().DisableAgent());
app.MapGet("/", () => Results.Redirect("/scalar")).ExcludeFromDescription();
RecommendationsApi.Map(app);
EventsApi.Map(app);
CatalogApi.Map(app);
ProfilesApi.Map(app);
StatusApi.Map(app);
app.Run();

/// <summary>Entry point, visible to tests.</summary>
public partial class Program;
