using Grpc.Core;
using RecoAspire.Contracts.Graph.V1;
using RecoAspire.Graph.Expansion;
using RecoAspire.Graph.Structure;
using RecoAspire.Graph.Views;

namespace RecoAspire.Graph.Api;

/// <summary>gRPC face of the service.</summary>
internal sealed class GraphApi(GraphView view, Expander expander) : GraphService.GraphServiceBase
{
    public override Task<ExpandResponse> Expand(ExpandRequest request, ServerCallContext context)
    {
        ExpandLimits.Check(request);
        var graph = view.Snapshot;
        var seeds = new (string, float)[request.Seeds.Count];
        for (var i = 0; i < seeds.Length; i++) seeds[i] = (request.Seeds[i].ItemId, request.Seeds[i].Weight);
        var response = new ExpandResponse();
        foreach (var related in expander.Expand(graph, seeds, request.ExcludeItemIds, request.Limit))
        {
            response.Candidates.Add(new Candidate
            {
                ItemId = graph.IdOf(related.Item),
                Score = related.Score,
                Path = new Contracts.Graph.V1.Path
                {
                    SeedItemId = graph.IdOf(related.Seed),
                    ViaType = related.Via.Type,
                    ViaLabel = related.Via.Shown,
                    Relation = RelationWeights.NameOf(related.Relation),
                    Share = related.Share,
                },
            });
        }

        return Task.FromResult(response);
    }

    public override Task<GetNeighboursResponse> GetNeighbours(GetNeighboursRequest request, ServerCallContext context)
    {
        ExpandLimits.CheckId(request.ItemId, "item_id");
        var response = new GetNeighboursResponse();
        foreach (var (node, relation, weight, items) in view.Snapshot.Neighbours(request.ItemId))
        {
            response.Neighbours.Add(new Neighbour
            {
                Type = node.Type,
                Label = node.Shown,
                Relation = RelationWeights.NameOf(relation),
                Weight = weight,
                Items = items,
            });
        }

        return Task.FromResult(response);
    }

    public override Task<GetNextEpisodeResponse> GetNextEpisode(GetNextEpisodeRequest request, ServerCallContext context)
    {
        ExpandLimits.CheckId(request.ItemId, "item_id");
        return Task.FromResult(new GetNextEpisodeResponse { ItemId = view.Snapshot.NextEpisode(request.ItemId) ?? "" });
    }

    public override Task<GraphStats> GetStats(GetStatsRequest request, ServerCallContext context)
    {
        var graph = view.Snapshot;
        return Task.FromResult(new GraphStats { Items = graph.ItemCount, Nodes = graph.NodeCount, Edges = graph.EdgeCount });
    }
}
