using System.Globalization;

namespace RecoAspire.Ops.Import.Demo;

/// <summary>Programmes of an invented French-language broadcaster: series with episodes, magazines, news, documentaries, films, shorts.</summary>
internal sealed class DemoCatalogue
{
    private const int SeriesCount = 44;
    private const int FilmCount = 260;
    private const int DocumentaryCount = 220;
    private const int MagazineCount = 120;
    private const int NewsCount = 60;
    private const int ShortCount = 60;
    private readonly Random _random;
    private readonly HashSet<string> _titles = new(StringComparer.Ordinal);
    private readonly string[] _people;
    private readonly DateTimeOffset _day;

    public DemoCatalogue(Random random, DateTimeOffset day)
    {
        _random = random;
        _day = day;
        _people = [.. Enumerable.Range(0, 180).Select(_ => $"{Pick(DemoWords.FirstNames)} {Pick(DemoWords.FamilyNames)}").Distinct()];
    }

    /// <summary>All programmes, and for each the number of its taste.</summary>
    public List<(ImportedItem Item, int Taste)> Items { get; } = [];

    public void Generate()
    {
        for (var s = 1; s <= SeriesCount; s++) AddSeries(s);
        for (var i = 1; i <= FilmCount; i++) Add($"demo-film-{i:000}", "film", Taste(8), _random.Next(78, 135), i);
        for (var i = 1; i <= DocumentaryCount; i++) Add($"demo-doc-{i:000}", "documentary", 3 + _random.Next(7), _random.Next(45, 92), i);
        for (var i = 1; i <= MagazineCount; i++) Add($"demo-mag-{i:000}", "magazine", 5 + _random.Next(7), _random.Next(24, 55), i);
        for (var i = 1; i <= ShortCount; i++) Add($"demo-short-{i:000}", "short", _random.Next(DemoWords.Tastes.Length), _random.Next(6, 22), i);
        for (var i = 1; i <= NewsCount; i++) AddNews(i);
    }

    private int Taste(int count) => _random.Next(count);

    private void AddSeries(int number)
    {
        var taste = _random.Next(DemoWords.Tastes.Length - 1);
        var place = Pick(DemoWords.Places);
        var title = NewTitle(taste, place.Of);
        var (channel, territories) = Channel(taste);
        var age = AgeOf(taste);
        var cast = Cast(taste, 4);
        var year = _random.Next(2012, _day.Year + 1);
        var seriesId = $"demo-series-{number:00}";
        var synopsis = Plot(place.City, taste);
        Items.Add((new ImportedItem
        {
            Id = seriesId,
            Kind = "series",
            Title = title,
            Synopsis = synopsis,
            Genres = Genres(taste),
            Themes = Themes(taste),
            Credits = cast,
            AudioLanguages = ["fr"],
            SubtitleLanguages = ["fr", "en"],
            Countries = [place.Code],
            Year = year,
            MinimumAgeYears = age,
            Channel = channel,
            Territories = territories,
        }, taste));
        var seasons = _random.Next(1, 4);
        for (var season = 1; season <= seasons; season++)
        {
            var episodes = _random.Next(5, 10);
            for (var episode = 1; episode <= episodes; episode++)
            {
                var with = Pick(_people);
                Items.Add((new ImportedItem
                {
                    Id = $"{seriesId}-s{season}e{episode:00}",
                    Kind = "episode",
                    Title = $"{title}, saison {season} épisode {episode}",
                    SeriesId = seriesId,
                    SeriesTitle = title,
                    Season = season,
                    Episode = episode,
                    Synopsis = $"{synopsis} Dans cet épisode, {with} bouleverse {Pick(DemoWords.Tastes[taste].Themes)}.",
                    Genres = Genres(taste),
                    Themes = Themes(taste),
                    Credits = [.. cast, (with, "actor")],
                    AudioLanguages = ["fr"],
                    SubtitleLanguages = ["fr", "en"],
                    Countries = [place.Code],
                    Year = Math.Min(_day.Year, year + season - 1),
                    DurationSeconds = _random.Next(22, 54) * 60,
                    MinimumAgeYears = age,
                    Channel = channel,
                    Territories = territories,
                }, taste));
            }
        }
    }

    private void Add(string id, string kind, int taste, int minutes, int number)
    {
        var place = Pick(DemoWords.Places);
        var (channel, territories) = Channel(taste);
        Items.Add((new ImportedItem
        {
            Id = id,
            Kind = kind,
            Title = NewTitle(taste, place.Of),
            Synopsis = Plot(place.City, taste),
            Genres = Genres(taste),
            Themes = Themes(taste),
            Credits = Cast(taste, kind is "film" or "short" ? 3 : 1),
            AudioLanguages = number % 9 == 0 ? ["en"] : ["fr"],
            SubtitleLanguages = number % 5 == 0 ? ["fr", "en", "ar"] : ["fr"],
            Countries = [place.Code],
            Year = _random.Next(1975, _day.Year + 1),
            DurationSeconds = minutes * 60,
            MinimumAgeYears = AgeOf(taste),
            Channel = channel,
            Territories = territories,
        }, taste));
    }

    private void AddNews(int number)
    {
        var date = _day.AddDays(-number / 2);
        var edition = number % 2 == 0 ? "Le journal de 20 h" : "Le journal Afrique";
        var place = Pick(DemoWords.Places);
        var taste = DemoWords.Tastes.Length - 1;
        Items.Add((new ImportedItem
        {
            Id = $"demo-news-{number:000}",
            Kind = "news",
            Title = string.Create(CultureInfo.InvariantCulture, $"{edition} du {date:dd/MM/yyyy}"),
            Synopsis = $"L'actualité de {place.City} et du monde, présentée par {Pick(_people)}.",
            Genres = ["actualité"],
            Themes = Themes(taste),
            Credits = [(Pick(_people), "presenter")],
            AudioLanguages = ["fr"],
            Countries = [place.Code],
            Year = date.Year,
            DurationSeconds = 26 * 60,
            Channel = "Canal Monde",
        }, taste));
    }

    private string NewTitle(int taste, string of)
    {
        while (true)
        {
            var title = _random.Next(2) == 0 ? $"{Pick(DemoWords.Tastes[taste].Nouns)} {of}" : $"{Pick(DemoWords.Tastes[taste].Nouns)} {Pick(DemoWords.Complements)}";
            if (_titles.Add(title)) return title;
            title = $"{title} ({Pick(DemoWords.Places).City})";
            if (_titles.Add(title)) return title;
            title = $"{title}, {_random.Next(1, 60)}";
            if (_titles.Add(title)) return title;
        }
    }

    private string Plot(string city, int taste) =>
        string.Format(CultureInfo.InvariantCulture, Pick(DemoWords.Plots), city, Pick(_people), Pick(_people), Pick(DemoWords.Tastes[taste].Themes));

    private (string Name, string[] Territories) Channel(int taste)
    {
        if (DemoWords.Tastes[taste].Genre == "jeunesse") return DemoWords.Channels[5];
        if (taste is 3 or 4 or 5) return DemoWords.Channels[4];
        // Most programmes go out everywhere; some belong to one part of the world.
        return _random.Next(4) == 0 ? DemoWords.Channels[1 + _random.Next(3)] : DemoWords.Channels[0];
    }

    private int AgeOf(int taste) => DemoWords.Tastes[taste].Genre switch
    {
        "policier" => _random.Next(3) == 0 ? 16 : 12,
        "drame" => _random.Next(3) == 0 ? 12 : 10,
        _ => 0,
    };

    // People work in their genre: that is what makes the graph worth following.
    private List<(string Name, string Role)> Cast(int taste, int actors)
    {
        var troupe = _people.Length / DemoWords.Tastes.Length;
        string Member() => _people[(taste * troupe) + _random.Next(troupe)];
        List<(string, string)> cast = [(Member(), "director"), (Member(), "writer")];
        for (var i = 0; i < actors; i++) cast.Add((Member(), "actor"));
        return [.. cast.Distinct()];
    }

    private static List<string> Genres(int taste) => [DemoWords.Tastes[taste].Genre];

    private List<string> Themes(int taste) => [.. DemoWords.Tastes[taste].Themes.Where(_ => _random.Next(3) > 0)];

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];
}
