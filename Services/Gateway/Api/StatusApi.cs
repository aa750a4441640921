using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Contracts.VectorSearch.V1;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Viewers;
using RecoAspire.ServiceDefaults.Hosting;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Gateway.Api;

/// <summary>How the platform is, in one answer: what it holds, which models it serves, what it has to do without.</summary>
internal static class StatusApi
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/status", GetAsync)
        .WithName("status").WithTags("operations").WithSummary("What the platform holds and serves").Produces<StatusModel>();

    private static async Task<IResult> GetAsync(
        HttpContext http, Resilience.Services services, EventLogService.EventLogServiceClient log, CatalogView catalog, ViewersView viewers, Region region)
    {
        var logCall = services.EventLog.CallAsync(o => log.GetInfoAsync(new GetInfoRequest(), o), http.RequestAborted);
        var modelsCall = services.Embedding.CallAsync(o => services.EmbeddingClient.ListModelsAsync(new ListModelsRequest(), o), http.RequestAborted);
        var spacesCall = services.VectorSearch.CallAsync(o => services.VectorSearchClient.ListSpacesAsync(new ListSpacesRequest(), o), http.RequestAborted);
        var profilesCall = services.Profile.CallAsync(o => services.ProfileClient.GetStatsAsync(new Contracts.Profile.V1.GetStatsRequest(), o), http.RequestAborted);
        var graphCall = services.Graph.CallAsync(o => services.GraphClient.GetStatsAsync(new Contracts.Graph.V1.GetStatsRequest(), o), http.RequestAborted);
        var info = await logCall;
        var models = await modelsCall;
        var spaces = await spacesCall;

        var degraded = new List<string>();
        if (models.Failed) degraded.Add(services.Embedding.Name);
        if (info.Failed || !services.LogConnected) degraded.Add("eventlog");
        if ((await graphCall).Failed) degraded.Add(services.Graph.Name);
        if ((await profilesCall).Failed) degraded.Add(services.Profile.Name);
        if (spaces.Failed) degraded.Add(services.VectorSearch.Name);
        var ready = http.RequestServices.GetLogViewRunner<CatalogView>().HasCaughtUp && http.RequestServices.GetLogViewRunner<ViewersView>().HasCaughtUp;
        // Served = trained, and searchable in the same version.
        var searchable = (spaces.Value?.Spaces ?? []).Where(s => s.Current).Select(s => (s.Name, s.ModelVersion)).ToHashSet();
        var served = (models.Value?.Models ?? []).Select(m => new ModelModel(
            m.Space, m.Version, m.Dimensions, m.Items, m.Interactions, m.Current && searchable.Contains((m.Space, m.Version)))).ToList();
        return Results.Json(
            new StatusModel(
                typeof(StatusApi).Assembly.GetName().Version?.ToString(3) ?? "", info.Value?.LogId ?? "", region.Name, ready, degraded,
                catalog.Count, viewers.Interactions, viewers.Count, served),
            GatewayJson.Default.StatusModel);
    }
}
