namespace RecoAspire.Ops.Import;

/// <summary>A programme to import; empty or 0 = unknown.</summary>
public sealed class ImportedItem
{
    public required string Id { get; init; }

    public required string Kind { get; init; }

    public required string Title { get; init; }

    public string OriginalTitle { get; init; } = "";

    public string Synopsis { get; init; } = "";

    public IReadOnlyList<string> Genres { get; init; } = [];

    public IReadOnlyList<string> Themes { get; set; } = [];

    public IReadOnlyList<(string Name, string Role)> Credits { get; init; } = [];

    public IReadOnlyList<string> AudioLanguages { get; init; } = [];

    public IReadOnlyList<string> SubtitleLanguages { get; init; } = [];

    public IReadOnlyList<string> Countries { get; init; } = [];

    public int Year { get; init; }

    public int DurationSeconds { get; init; }

    public int MinimumAgeYears { get; init; }

    public string SeriesId { get; init; } = "";

    public string SeriesTitle { get; init; } = "";

    public int Season { get; init; }

    public int Episode { get; init; }

    public string Channel { get; init; } = "";

    /// <summary>Territories with rights; empty = everywhere.</summary>
    public IReadOnlyList<string> Territories { get; init; } = [];
}

/// <summary>One event to import. Numbers stand for ids, which the data set's naming turns into text.</summary>
/// <param name="User">Number of the viewer.</param>
/// <param name="Item">Number of the item.</param>
/// <param name="Type">As in the API.</param>
/// <param name="UnixSeconds">When; 0 = unknown, and then no time is sent.</param>
/// <param name="Rating">Stars, for ratings.</param>
/// <param name="PositionSeconds">How far, for plays.</param>
/// <param name="DurationSeconds">Of how much.</param>
/// <param name="Occurrence">Tells events of the same viewer, item and type apart.</param>
public readonly record struct ImportedEvent(
    int User, int Item, EventType Type, long UnixSeconds, float Rating = 0, int PositionSeconds = 0, int DurationSeconds = 0, int Occurrence = 0);

/// <summary>Types of events, named as in the API in lower case.</summary>
public enum EventType : byte
{
    Rate,
    Play,
    Progress,
    Complete,
    Skip,
    Like,
    Dislike,
    Impression,
}

/// <summary>Everything that one import sends, complete and checked before the first byte leaves.</summary>
public sealed class ImportedData
{
    /// <summary>For people: "MovieLens 1M".</summary>
    public required string Name { get; init; }

    /// <summary>Viewers who have events.</summary>
    public int Viewers { get; init; }

    public required IReadOnlyList<ImportedItem> Items { get; init; }

    public required IReadOnlyList<ImportedEvent> Events { get; init; }

    /// <summary>Names of the numbers.</summary>
    public required Func<int, string> UserId { get; init; }

    /// <inheritdoc cref="UserId"/>
    public required Func<int, string> ItemId { get; init; }

    /// <summary>Territory of a viewer; empty = unknown.</summary>
    public Func<int, string> TerritoryOf { get; init; } = _ => "";

    /// <summary>Stands before every event id: tells runs apart whose viewers and items have the same names.</summary>
    public string EventPrefix { get; init; } = "";

    /// <summary>SHA-256 of the input: what a checkpoint belongs to.</summary>
    public required string ContentHash { get; init; }
}
