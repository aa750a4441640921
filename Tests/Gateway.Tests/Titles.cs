using RecoAspire.Contracts.Catalog.V1;

namespace RecoAspire.Gateway.Tests;

/// <summary>Items for tests.</summary>
internal static class Titles
{
    public static Item Film(string id, string title = "", string circle = "", string[]? genres = null, (string Name, CreditRole Role)[]? credits = null, int age = 0, int year = 2020)
    {
        var item = new Item { Id = id, Kind = ItemKind.Film, Title = title.Length > 0 ? title : $"Film {id}", Year = year, DurationSeconds = 5400, MinimumAgeYears = age };
        if (circle.Length > 0) item.Themes.Add(circle);
        item.Genres.AddRange(genres ?? []);
        foreach (var (name, role) in credits ?? []) item.Credits.Add(new Credit { Name = name, Role = role });
        return item;
    }

    public static Item Episode(string id, string seriesId, int season, int episode, string seriesTitle = "La Série") => new()
    {
        Id = id,
        Kind = ItemKind.Episode,
        Title = $"Épisode {episode}",
        SeriesId = seriesId,
        SeriesTitle = seriesTitle,
        Season = season,
        Episode = episode,
        DurationSeconds = 3000,
    };

    public static IEnumerable<Item> Films(string prefix, int count, string circle = "", params string[] genres) =>
        Enumerable.Range(1, count).Select(i => Film($"{prefix}-{i}", circle: circle, genres: genres));
}
