using System.IO.Compression;
using System.Text;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Tests;

namespace RecoAspire.Graph.Tests;

/// <summary>The real catalogues as items, read just well enough for the graph.</summary>
internal static class RealCatalogues
{
    /// <summary>22,998 titles of four streaming platforms.</summary>
    public static List<Item> Streaming()
    {
        var items = new List<Item>();
        foreach (var row in Csv(Path.Combine(RealData.Require("films/ott-catalogues"), "titles.csv.gz")).Skip(1))
        {
            var item = new Item
            {
                Id = $"{row[0]}-{row[1]}",
                Kind = row[2] == "Movie" ? ItemKind.Film : ItemKind.Documentary,
                Title = row[3],
                Channel = row[0],
            };
            item.Credits.AddRange(Names(row[4]).Select(n => new Credit { Name = n, Role = CreditRole.Director }));
            item.Credits.AddRange(Names(row[5]).Select(n => new Credit { Name = n, Role = CreditRole.Actor }).Take(GraphCredits - item.Credits.Count));
            item.Countries.AddRange(Names(row[6]).Take(32));
            item.Genres.AddRange(Names(row[11]).Take(32));
            items.Add(item);
        }

        return items;
    }

    /// <summary>The DBpedia graph of the films of ML-1M.</summary>
    public static List<Item> DbPedia()
    {
        var folder = RealData.Require("films/ml-1m-dbpedia");
        var films = Lines(Path.Combine(folder, "mappings.tsv.gz")).Skip(1).Select(l => l.Split('\t'))
            .GroupBy(f => f[2]).ToDictionary(g => g.Key, g => new Item { Id = $"ml1m-{g.First()[0]}", Kind = ItemKind.Film, Title = g.First()[1] });
        foreach (var line in Lines(Path.Combine(folder, "triples.tsv.gz")).Skip(1))
        {
            var parts = line.Split('\t');
            if (!films.TryGetValue(parts[0], out var film)) continue;
            CreditRole? role = parts[1] switch
            {
                "dbo:director" => CreditRole.Director,
                "dbo:writer" => CreditRole.Writer,
                "dbo:starring" => CreditRole.Actor,
                "dbo:producer" => CreditRole.Producer,
                _ => null,
            };
            if (role is null || film.Credits.Count == GraphCredits) continue;
            film.Credits.Add(new Credit { Name = parts[2][(parts[2].LastIndexOf('/') + 1)..].Replace('_', ' '), Role = role.Value });
        }

        return [.. films.Values];
    }

    /// <summary>5,851 French films with their directors and producers.</summary>
    public static List<Item> Cnc() => [.. Csv(Path.Combine(RealData.Require("films/cnc"), "films-agrees-2003-2024.csv.gz")).Skip(1).Select((row, i) =>
    {
        var item = new Item { Id = $"cnc-{i}", Kind = ItemKind.Film, Title = row[2], Countries = { "FR" }, Genres = { row[6] } };
        item.Credits.AddRange(row[3].Split('/').Select(n => new Credit { Name = n, Role = CreditRole.Director }));
        item.Credits.AddRange(row[4].Split('/').Take(20).Select(n => new Credit { Name = n, Role = CreditRole.Producer }));
        return item;
    })];

    private const int GraphCredits = 100;

    private static string[] Names(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IEnumerable<string> Lines(string path)
    {
        using var reader = Open(path);
        while (reader.ReadLine() is { } line) yield return line;
    }

    // RFC 4180: quoted fields may hold commas, doubled quotes and line ends.
    private static IEnumerable<List<string>> Csv(string path)
    {
        using var reader = Open(path);
        var (row, field, quoted) = (new List<string>(), new StringBuilder(), false);
        while (reader.Read() is >= 0 and var c)
        {
            if (quoted)
            {
                if (c != '"') field.Append((char)c);
                else if (reader.Peek() == '"') field.Append((char)reader.Read());
                else quoted = false;
            }
            else if (c == '"')
            {
                quoted = true;
            }
            else if (c is ',' or '\n')
            {
                row.Add(field.ToString());
                field.Clear();
                if (c == ',') continue;
                yield return row;
                row = [];
            }
            else if (c != '\r')
            {
                field.Append((char)c);
            }
        }
    }

    private static StreamReader Open(string path) => new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), Encoding.UTF8);
}
