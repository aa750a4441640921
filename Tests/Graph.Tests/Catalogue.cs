using Google.Protobuf;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.EventLog.V1;

namespace RecoAspire.Graph.Tests;

/// <summary>Catalogue entries and records as the log delivers them.</summary>
internal static class Catalogue
{
    public static Item Film(string id, string? director = null, string[]? actors = null, string[]? genres = null)
    {
        var item = new Item { Id = id, Kind = ItemKind.Film, Title = id };
        if (director is not null) item.Credits.Add(new Credit { Name = director, Role = CreditRole.Director });
        foreach (var actor in actors ?? []) item.Credits.Add(new Credit { Name = actor, Role = CreditRole.Actor });
        item.Genres.AddRange(genres ?? []);
        return item;
    }

    public static Item Episode(string id, string series, int season, int episode, string seriesTitle = "") => new()
    {
        Id = id,
        Kind = ItemKind.Episode,
        Title = id,
        SeriesId = series,
        Season = season,
        Episode = episode,
        SeriesTitle = seriesTitle,
    };

    public static CatalogChange Upsert(Item item) => new() { Upsert = item };

    public static CatalogChange Removed(string id) => new() { RemovedItemId = id };

    public static StoredRecord Stored(long offset, IMessage payload) => new()
    {
        Offset = offset,
        Record = new Contracts.EventLog.V1.Record
        {
            EventId = $"e{offset}",
            Key = "k",
            Type = payload.Descriptor.FullName,
            Payload = payload.ToByteString(),
        },
    };
}
