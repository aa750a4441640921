using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.Contracts.Graph.V1;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Contracts.VectorSearch.V1;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Viewers;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Gateway.Resilience;

/// <summary>The services behind the gateway, each with its client and its breaker.</summary>
public sealed class Services(
    ProfileService.ProfileServiceClient profile,
    EmbeddingService.EmbeddingServiceClient embedding,
    VectorSearchService.VectorSearchServiceClient vectorSearch,
    GraphService.GraphServiceClient graph,
    IServiceProvider provider,
    GatewayOptions options,
    TimeProvider time,
    ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<Services>();
    private Dependency? _profile, _embedding, _vectorSearch, _graph, _eventLog;

    public ProfileService.ProfileServiceClient ProfileClient => profile;

    public EmbeddingService.EmbeddingServiceClient EmbeddingClient => embedding;

    public VectorSearchService.VectorSearchServiceClient VectorSearchClient => vectorSearch;

    public GraphService.GraphServiceClient GraphClient => graph;

    public Dependency Profile => _profile ??= Create("profile");

    public Dependency Embedding => _embedding ??= Create("embedding");

    public Dependency VectorSearch => _vectorSearch ??= Create("vectorsearch");

    public Dependency Graph => _graph ??= Create("graph");

    /// <summary>For questions to the log; appends have their own deadline and no breaker, since there is no way without them.</summary>
    public Dependency EventLog => _eventLog ??= Create("eventlog");

    /// <summary>The log is being followed: what the gateway knows is fresh.</summary>
    public bool LogConnected =>
        provider.GetLogViewRunner<CatalogView>().Connected && provider.GetLogViewRunner<ViewersView>().Connected;

    /// <summary>The facts of viewers have been read from the log once; before that nothing proves that they are complete.</summary>
    public bool ViewersCaughtUp => provider.GetLogViewRunner<ViewersView>().HasCaughtUp;

    private Dependency Create(string name) => new(name, TimeSpan.FromMilliseconds(options.DependencyDeadlineMs), time, _logger);
}
