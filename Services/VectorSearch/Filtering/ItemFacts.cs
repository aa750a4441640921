using RecoAspire.Contracts.Catalog.V1;

namespace RecoAspire.VectorSearch.Filtering;

/// <summary>What filters ask about an item.</summary>
internal sealed class ItemFacts
{
    /// <summary>Stands for an item that the catalogue has removed: no filter lets it through.</summary>
    public static readonly ItemFacts Removed = new();

    private ItemFacts()
    {
    }

    public byte Kind { get; private init; }

    public byte MinimumAgeYears { get; private init; }

    public int[] Genres { get; private init; } = [];

    public int[] Languages { get; private init; } = [];

    public Rights[] Windows { get; private init; } = [];

    /// <summary>Only what is asked about, as it is stored.</summary>
    public static Item Trim(Item item) => new()
    {
        Id = item.Id,
        Kind = item.Kind,
        MinimumAgeYears = item.MinimumAgeYears,
        Genres = { item.Genres },
        AudioLanguages = { item.AudioLanguages },
        SubtitleLanguages = { item.SubtitleLanguages },
        Rights = { item.Rights },
    };

    public static ItemFacts From(Item item, Vocabulary genres, Vocabulary languages) => new()
    {
        // Facts that cannot be read are facts that no filter accepts.
        Kind = (int)item.Kind is > 0 and < 32 ? (byte)item.Kind : (byte)0,
        MinimumAgeYears = item.MinimumAgeYears is >= 0 and < byte.MaxValue ? (byte)item.MinimumAgeYears : byte.MaxValue,
        Genres = [.. item.Genres.Select(genres.GetOrAdd).Distinct()],
        Languages = [.. item.AudioLanguages.Concat(item.SubtitleLanguages).Select(languages.GetOrAdd).Distinct()],
        Windows = [.. item.Rights.Select(Rights.From)],
    };

    /// <summary>A territory and time in which the item may be shown; the end is exclusive.</summary>
    internal readonly record struct Rights(ushort[] Territories, long StartMs, long EndMs)
    {
        public static Rights From(RightsWindow window) => new(
            [.. window.Territories.Select(t => Territory.TryParse(t, out var code) ? code : Territory.Unreadable)],
            window.StartMs,
            window.EndMs == 0 ? long.MaxValue : window.EndMs);

        public bool Covers(ushort territory) => Territories.Length == 0 || Territories.AsSpan().Contains(territory);
    }
}
