using Grpc.Core;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Graph.V1;

namespace RecoAspire.Gateway.Tests.Hosting;

/// <summary>The contract of the graph: titles joined by people and genres, episodes in the order of their series.</summary>
internal sealed class InMemoryGraph(LogState state) : GraphService.GraphServiceBase
{
    public override Task<ExpandResponse> Expand(ExpandRequest request, ServerCallContext context)
    {
        if (request.Seeds.Count is < 1 or > 200) throw new RpcException(new Status(StatusCode.InvalidArgument, "seeds must hold 1-200"));
        if (request.ExcludeItemIds.Count > 10_000) throw new RpcException(new Status(StatusCode.InvalidArgument, "too many exclusions"));
        var excluded = request.ExcludeItemIds.Concat(request.Seeds.Select(s => s.ItemId)).ToHashSet(StringComparer.Ordinal);
        var response = new ExpandResponse();
        foreach (var item in state.Items.Values.Where(i => i.Kind != ItemKind.Series && !excluded.Contains(i.Id)))
        {
            var paths = request.Seeds.Where(s => state.Items.ContainsKey(s.ItemId)).SelectMany(s => Paths(state.Items[s.ItemId], s.Weight, item)).ToList();
            if (paths.Count == 0) continue;
            var total = paths.Sum(p => p.Share);
            var strongest = paths.MaxBy(p => p.Share)!;
            strongest.Share /= total;
            response.Candidates.Add(new Candidate { ItemId = item.Id, Score = total, Path = strongest });
        }

        var best = response.Candidates.OrderByDescending(c => c.Score).ThenBy(c => c.ItemId, StringComparer.Ordinal).Take(request.Limit).ToList();
        response.Candidates.Clear();
        response.Candidates.AddRange(best);
        return Task.FromResult(response);
    }

    public override Task<GetNextEpisodeResponse> GetNextEpisode(GetNextEpisodeRequest request, ServerCallContext context)
    {
        var next = state.Items.TryGetValue(request.ItemId, out var from) && from.SeriesId.Length > 0
            ? state.Items.Values.Where(i => i.SeriesId == from.SeriesId && (i.Season, i.Episode).CompareTo((from.Season, from.Episode)) > 0).MinBy(i => (i.Season, i.Episode))
            : null;
        return Task.FromResult(new GetNextEpisodeResponse { ItemId = next?.Id ?? "" });
    }

    public override Task<GraphStats> GetStats(GetStatsRequest request, ServerCallContext context) =>
        Task.FromResult(new GraphStats { Items = state.Items.Count });

    private static IEnumerable<Contracts.Graph.V1.Path> Paths(Item seed, float weight, Item item)
    {
        foreach (var credit in item.Credits.Where(c => seed.Credits.Any(s => s.Name == c.Name)))
            yield return Path(seed, NodeType.Person, credit.Name, credit.Role.ToString().ToLowerInvariant(), weight);
        foreach (var genre in item.Genres.Where(seed.Genres.Contains))
            yield return Path(seed, NodeType.Genre, genre, "genre", 0.2 * weight);
    }

    private static Contracts.Graph.V1.Path Path(Item seed, NodeType type, string label, string relation, double share) =>
        new() { SeedItemId = seed.Id, ViaType = type, ViaLabel = label, Relation = relation, Share = share };
}
