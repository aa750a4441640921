using RecoAspire.Contracts.Catalog.V1;

namespace RecoAspire.Graph.Structure;

/// <summary>A tie between an item and a node that is still known by name.</summary>
/// <param name="Relation">How they are tied.</param>
/// <param name="Key">Identity of the node within its type.</param>
/// <param name="Label">The name as shown; empty = only the identity is known.</param>
internal readonly record struct Link(Relation Relation, string Key, string Label);

/// <summary>Reads the ties of an item out of its catalogue entry.</summary>
internal static class ItemLinks
{
    /// <summary>What is wrong with an item, or null.</summary>
    public static string? Check(Item item)
    {
        if (!GraphLimits.IsItemId(item.Id)) return "has no readable id";
        if (item.Credits.Count > GraphLimits.MaxCredits) return $"has more than {GraphLimits.MaxCredits} credits";
        if (Math.Max(item.Genres.Count, item.Themes.Count) > GraphLimits.MaxValues) return $"has more than {GraphLimits.MaxValues} genres or themes";
        if (Math.Max(item.Countries.Count, item.AudioLanguages.Count) > GraphLimits.MaxValues)
            return $"has more than {GraphLimits.MaxValues} countries or languages";
        return null;
    }

    /// <summary>Only what the graph is made of, as it is stored.</summary>
    public static Item Trim(Item item) => new()
    {
        Id = item.Id,
        Kind = item.Kind,
        // Shown as the label of the series; other titles are not the graph's business.
        Title = item.Kind == ItemKind.Series ? item.Title : "",
        Genres = { item.Genres },
        Themes = { item.Themes },
        Credits = { item.Credits },
        AudioLanguages = { item.AudioLanguages },
        Countries = { item.Countries },
        SeriesId = item.SeriesId,
        SeriesTitle = item.SeriesTitle,
        Season = item.Season,
        Episode = item.Episode,
        Channel = item.Channel,
    };

    /// <summary>
    /// The ties, one per node: a person who both wrote and directed is tied by the stronger relation. In the order of the
    /// relations' weights, then of the entry.
    /// </summary>
    public static IReadOnlyList<Link> Read(Item item)
    {
        var links = new List<Link>();
        var actors = 0;
        foreach (var credit in item.Credits)
        {
            if (RelationOf(credit.Role, ref actors) is { } relation) Add(links, relation, credit.Name);
        }

        foreach (var theme in item.Themes) Add(links, Relation.Theme, theme);
        foreach (var genre in item.Genres) Add(links, Relation.Genre, genre);
        foreach (var country in item.Countries) Add(links, Relation.Country, country);
        foreach (var language in item.AudioLanguages) Add(links, Relation.Language, language);
        Add(links, Relation.Channel, item.Channel);
        // The container and its episodes meet in one node, whose identity is an id and not a name.
        if (item.Kind == ItemKind.Series) links.Add(new Link(Relation.Series, item.Id, NodeName.Display(item.Title)));
        else if (GraphLimits.IsItemId(item.SeriesId)) links.Add(new Link(Relation.Series, item.SeriesId, NodeName.Display(item.SeriesTitle)));

        return [.. links
            .OrderByDescending(l => RelationWeights.Of(l.Relation))
            .DistinctBy(l => (RelationWeights.TypeOf(l.Relation), l.Key))];
    }

    private static void Add(List<Link> links, Relation relation, string name)
    {
        // What is longer is no name; the rest of the item is still worth having.
        if (name.Length > GraphLimits.MaxNameLength) return;
        var key = NodeName.Normalise(name);
        if (key.Length > 0) links.Add(new Link(relation, key, NodeName.Display(name)));
    }

    private static Relation? RelationOf(CreditRole role, ref int actors) => role switch
    {
        CreditRole.Actor => RelationWeights.Actor(actors++),
        CreditRole.Director => Relation.Director,
        CreditRole.Writer => Relation.Writer,
        CreditRole.Producer => Relation.Producer,
        CreditRole.Presenter => Relation.Presenter,
        _ => null,
    };
}
