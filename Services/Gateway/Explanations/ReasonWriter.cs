using RecoAspire.Contracts.Graph.V1;
using RecoAspire.Gateway.Candidates;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Popularity;
using Candidate = RecoAspire.Gateway.Candidates.Candidate;

namespace RecoAspire.Gateway.Explanations;

/// <summary>Chooses the strongest true reason of a candidate and puts it into words.</summary>
public sealed class ReasonWriter(CatalogView catalog, PopularityIndex popularity)
{
    /// <summary>Cosine of texts from which two titles may be called similar.</summary>
    public const float SimilarCosine = 0.25f;

    /// <summary>The reason of one chosen candidate.</summary>
    public Reason Explain(Candidate candidate, RecommendationRequest request)
    {
        var fr = request.French;
        if (candidate.NextAfter is { } before)
            return new Reason("nextEpisode", fr ? $"La suite de « {NameOf(before)} »" : $"Continues “{NameOf(before)}”", before.Id);
        if (IsTelling(candidate.Path) && FromPath(candidate.Path!, fr) is { } telling) return telling;
        if (candidate.Sources.HasFlag(Sources.Collaborative) && candidate.CoWatched is { } together)
            return new Reason("coWatched", fr ? $"Apprécié par les spectateurs de « {NameOf(together)} »" : $"Enjoyed by viewers of “{NameOf(together)}”", together.Id);
        if (candidate.SimilarTo is { } similar && candidate.Similarity >= SimilarCosine)
            return new Reason("similar", fr ? $"Dans l’esprit de « {NameOf(similar)} »" : $"Similar to “{NameOf(similar)}”", similar.Id);
        if (FromPath(candidate.Path, fr) is { } path) return path;
        if (candidate.Sources.HasFlag(Sources.Collaborative)) return new Reason("taste", fr ? "Selon vos goûts" : "Matches your taste");
        if (candidate.Sources.HasFlag(Sources.Trending)) return Trending(candidate.TrendTerritory, fr);
        if (popularity.WatchesOf(candidate.Item.Ordinal) > 0) return new Reason("popular", fr ? "Très regardé" : "Widely watched");
        return new Reason("discovery", fr ? "À découvrir" : "Worth discovering");
    }

    private static Reason Trending(string territory, bool fr)
    {
        if (territory.Length == 0) return new Reason("trending", fr ? "Très regardé en ce moment" : "Popular right now");
        return new Reason("trending", fr ? $"Très regardé en ce moment ({territory})" : $"Popular right now ({territory})");
    }

    // A shared person or series says more than statistics; a shared genre or country says less.
    private static bool IsTelling(Contracts.Graph.V1.Path? path) => path is { ViaType: NodeType.Person or NodeType.Series };

    private Reason? FromPath(Contracts.Graph.V1.Path? path, bool fr)
    {
        if (path is null || catalog.Find(path.SeedItemId) is not { } seed) return null;
        var via = path.ViaType switch
        {
            NodeType.Person => Person(path, fr),
            NodeType.Series => fr ? $"même série : {path.ViaLabel}" : $"same series: {path.ViaLabel}",
            NodeType.Genre => fr ? $"même genre : {path.ViaLabel}" : $"same genre: {path.ViaLabel}",
            NodeType.Theme => fr ? $"même thème : {path.ViaLabel}" : $"same theme: {path.ViaLabel}",
            NodeType.Country => fr ? $"même pays : {path.ViaLabel}" : $"same country: {path.ViaLabel}",
            NodeType.Channel => fr ? $"même chaîne : {path.ViaLabel}" : $"same channel: {path.ViaLabel}",
            _ => path.ViaLabel,
        };
        var text = fr ? $"Parce que vous avez vu « {NameOf(seed)} » ({via})" : $"Because you watched “{NameOf(seed)}” ({via})";
        return new Reason("graph", text, seed.Id, path.ViaLabel);
    }

    private static string Person(Contracts.Graph.V1.Path path, bool fr) => path.Relation switch
    {
        "director" => fr ? $"de {path.ViaLabel}" : $"directed by {path.ViaLabel}",
        "actor" => fr ? $"avec {path.ViaLabel}" : $"with {path.ViaLabel}",
        "writer" => fr ? $"écrit par {path.ViaLabel}" : $"written by {path.ViaLabel}",
        "presenter" => fr ? $"présenté par {path.ViaLabel}" : $"presented by {path.ViaLabel}",
        "producer" => fr ? $"produit par {path.ViaLabel}" : $"produced by {path.ViaLabel}",
        _ => path.ViaLabel,
    };

    private static string NameOf(CatalogItem item) =>
        item.SeriesTitle.Length > 0 && !item.Title.Contains(item.SeriesTitle, StringComparison.Ordinal) ? $"{item.SeriesTitle} : {item.Title}" : item.Title;
}
