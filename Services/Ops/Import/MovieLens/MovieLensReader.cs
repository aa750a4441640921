using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RecoAspire.Ops.Import.MovieLens;

/// <summary>
/// Reads a MovieLens data set in any of its layouts: ml-100k, ml-1m (GroupLens's own or with known times only), ml-latest-small,
/// and the leave-one-out split of He et al. 2017. Ratings become events of type rate; times that a file does not have are not made up.
/// </summary>
internal sealed class MovieLensReader(string folder, string? titlesFolder, TimeProvider time) : IDisposable
{
    // GroupLens gives no age ratings. Only what is expressly for children is taken to be fit for them.
    private const int UnknownAgeYears = 18;
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <exception cref="OpsException">No known layout, or a file is damaged; exit code 2.</exception>
    public ImportedData Read()
    {
        if (!Directory.Exists(folder)) throw new OpsException($"there is no folder '{folder}'", OpsException.BadInput);
        if (InputFile.Find(folder, "u.data") is not null) return Read100K();
        if (InputFile.Find(folder, "ml-1m.train.tsv") is not null) return ReadLeaveOneOut();
        if (InputFile.Find(folder, "ratings.dat") is not null) return Read1M(fromGroupLens: true);
        if (InputFile.Find(folder, "movies.dat") is not null) return Read1M(fromGroupLens: false);
        if (InputFile.Find(folder, "movies.csv") is not null) return ReadLatest();
        throw new OpsException(
            $"'{folder}' holds no MovieLens layout (looked for u.data, ratings.dat, ratings.csv with movies.dat or movies.csv, ml-1m.train.tsv; plain or .gz)", OpsException.BadInput);
    }

    public void Dispose() => _hash.Dispose();

    private ImportedData Read100K()
    {
        var genres = InputFile.Demand(folder, "u.genre").Lines(_hash).Where(l => l.Text.Length > 0).Select(l => l.Text.Split('|')[0].ToLowerInvariant()).ToList();
        var items = new List<ImportedItem>();
        var file = InputFile.Demand(folder, "u.item", Encoding.Latin1);
        foreach (var (line, text) in file.Lines(_hash))
        {
            if (text.Length == 0) continue;
            var fields = Fields(file, line, text, "|", 5 + genres.Count);
            var own = genres.Where((g, i) => fields[5 + i] == "1" && g != "unknown").ToList();
            Add(items, file, line, Film($"ml100k-{Number(file, line, fields[0], "movie id")}", fields[1], own));
        }

        var events = ReadRatings(InputFile.Demand(folder, "u.data"), "\t", items, "ml100k");
        return Data("MovieLens 100K", "ml100k", items, events);
    }

    private ImportedData Read1M(bool fromGroupLens)
    {
        var items = ReadMoviesDat(folder);
        var events = fromGroupLens
            ? ReadRatings(InputFile.Demand(folder, "ratings.dat"), "::", items, "ml1m")
            : ReadRatings(InputFile.Demand(folder, "ratings.csv"), ",", items, "ml1m", "user,movie,rating,timestamp,seq");
        return Data("MovieLens 1M", "ml1m", items, events);
    }

    private ImportedData ReadLatest()
    {
        var themes = ReadTags();
        var items = new List<ImportedItem>();
        var file = InputFile.Demand(folder, "movies.csv");
        foreach (var row in Csv.Rows(file, _hash, ["movieId", "title", "genres"]))
        {
            var id = Number(file, row.Line, row.Fields[0], "movieId");
            var genres = row.Fields[2].Split('|').Where(g => g.Length > 0 && !g.StartsWith('(')).Select(g => g.ToLowerInvariant()).ToList();
            var item = Film($"mls-{id}", row.Fields[1], genres);
            if (themes.TryGetValue(id, out var own)) item.Themes = [.. own.Distinct().Take(32)];
            Add(items, file, row.Line, item);
        }

        var events = ReadRatings(InputFile.Demand(folder, "ratings.csv"), ",", items, "mls", "userId,movieId,rating,timestamp");
        return Data("MovieLens latest-small", "mls", items, events);
    }

    private ImportedData ReadLeaveOneOut()
    {
        var movies = new Dictionary<int, int>();
        var mapping = InputFile.Demand(folder, "ml-1m.items.csv");
        foreach (var row in Csv.Rows(mapping, _hash, ["item", "movie"]))
            movies[Number(mapping, row.Line, row.Fields[0], "item")] = Number(mapping, row.Line, row.Fields[1], "movie");

        var events = new List<ImportedEvent>(1_000_000);
        var file = InputFile.Demand(folder, "ml-1m.train.tsv");
        foreach (var (line, text) in file.Lines(_hash))
        {
            if (line == 1 && text.StartsWith("user", StringComparison.Ordinal)) continue;
            if (text.Length == 0) continue;
            var fields = Fields(file, line, text, "\t", 3);
            if (!movies.TryGetValue(Number(file, line, fields[1], "item"), out var movie)) throw OpsException.AtLine(file.Name, line, $"item {fields[1]} is not in {mapping.Name}");
            // Users are numbered from 0 there, from 1 at GroupLens.
            events.Add(new ImportedEvent(Number(file, line, fields[0], "user") + 1, movie, EventType.Rate, 0, Rating(file, line, fields[2])));
        }

        var titles = titlesFolder ?? Path.Combine(folder, "..", "movielens", "ml-1m");
        if (InputFile.Find(titles, "movies.dat") is null)
            throw new OpsException($"this split has no titles: name the folder of MovieLens 1M's movies.dat with --titles (looked in '{titles}')", OpsException.BadInput);
        var items = ReadMoviesDat(titles);
        foreach (var (item, movie) in movies)
            if (!_ids.Contains($"ml1m-{movie}")) throw new OpsException($"{mapping.Name}: item {item} is movie {movie}, which is not in '{titles}'", OpsException.BadInput);
        return Data("MovieLens 1M, training part of the leave-one-out split", "ml1m", items, events);
    }

    private List<ImportedItem> ReadMoviesDat(string from)
    {
        var items = new List<ImportedItem>();
        var file = InputFile.Demand(from, "movies.dat", Encoding.Latin1);
        foreach (var (line, text) in file.Lines(_hash))
        {
            var fields = Fields(file, line, text, "::", 3);
            var genres = fields[2].Split('|').Where(g => g.Length > 0 && !g.StartsWith('(')).Select(g => g.ToLowerInvariant()).ToList();
            Add(items, file, line, Film($"ml1m-{Number(file, line, fields[0], "movie id")}", fields[1], genres));
        }

        return items;
    }

    private Dictionary<int, List<string>> ReadTags()
    {
        var themes = new Dictionary<int, List<string>>();
        if (InputFile.Find(folder, "tags.csv") is not { } file) return themes;
        foreach (var row in Csv.Rows(file, _hash, ["userId", "movieId", "tag", "timestamp"]))
        {
            var tag = row.Fields[2].Trim().ToLowerInvariant();
            if (tag.Length is 0 or > 128) continue;
            var id = Number(file, row.Line, row.Fields[1], "movieId");
            if (!themes.TryGetValue(id, out var own)) themes.Add(id, own = []);
            own.Add(tag);
        }

        return themes;
    }

    // user, movie, rating, time and, in one variant, the position in the viewer's history. Sorted by time (or position) within each viewer.
    private List<ImportedEvent> ReadRatings(InputFile file, string separator, List<ImportedItem> items, string prefix, string? header = null)
    {
        var known = items.Select(i => int.Parse(i.Id.AsSpan(prefix.Length + 1), CultureInfo.InvariantCulture)).ToHashSet();
        var latest = time.GetUtcNow().ToUnixTimeSeconds();
        var width = header?.Split(separator).Length ?? 4;
        var events = new List<(ImportedEvent Event, long Order)>(1_000_000);
        foreach (var (line, text) in file.Lines(_hash))
        {
            if (line == 1 && header is not null)
            {
                if (text != header) throw OpsException.AtLine(file.Name, line, $"the header should be {header}");
                continue;
            }

            if (text.Length == 0) continue;
            var fields = Fields(file, line, text, separator, width);
            var seconds = fields[3].Length == 0 ? 0 : Number(file, line, fields[3], "time");
            if (seconds > latest) throw OpsException.AtLine(file.Name, line, $"time {seconds} lies in the future");
            var position = width == 5 && fields[4].Length > 0 ? Number(file, line, fields[4], "position") : 0;
            var movie = Number(file, line, fields[1], "movie");
            if (!known.Contains(movie)) throw OpsException.AtLine(file.Name, line, $"movie {movie} is not in the list of films");
            var rating = new ImportedEvent(
                Number(file, line, fields[0], "user"), movie, EventType.Rate, seconds, Rating(file, line, fields[2]));
            events.Add((rating, position > 0 ? position : seconds));
        }

        return [.. events.OrderBy(e => e.Event.User).ThenBy(e => e.Order).Select(e => e.Event)];
    }

    private ImportedData Data(string name, string prefix, List<ImportedItem> items, List<ImportedEvent> events) => new()
    {
        Name = name,
        Viewers = events.Select(e => e.User).Distinct().Count(),
        Items = items,
        Events = events,
        UserId = user => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{user}"),
        ItemId = item => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{item}"),
        ContentHash = Convert.ToHexStringLower(_hash.GetCurrentHash()),
    };

    private void Add(List<ImportedItem> items, InputFile file, long line, ImportedItem item)
    {
        if (!_ids.Add(item.Id)) throw OpsException.AtLine(file.Name, line, $"{item.Id} is there twice");
        items.Add(item);
    }

    private static ImportedItem Film(string id, string titleAndYear, List<string> genres)
    {
        var (title, original, year) = MovieTitle.Parse(titleAndYear);
        var forChildren = genres.Exists(g => g.StartsWith("children", StringComparison.Ordinal));
        return new ImportedItem
        {
            Id = id,
            Kind = "film",
            Title = title.Length > 0 ? title : id,
            OriginalTitle = original,
            Genres = genres,
            Year = year,
            MinimumAgeYears = forChildren ? 0 : UnknownAgeYears,
        };
    }

    private static string[] Fields(InputFile file, long line, string text, string separator, int count)
    {
        var fields = text.Split(separator);
        return fields.Length == count ? fields : throw OpsException.AtLine(file.Name, line, $"has {fields.Length} fields instead of {count}");
    }

    private static int Number(InputFile file, long line, string text, string what) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw OpsException.AtLine(file.Name, line, $"'{text}' is no {what}");

    private static float Rating(InputFile file, long line, string text) =>
        float.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var stars) && stars is >= 0.5f and <= 5f
            ? stars
            : throw OpsException.AtLine(file.Name, line, $"'{text}' is no rating from 0.5 to 5");
}
