using System.Globalization;
using System.Security.Cryptography;
using RecoAspire.Ops.Import;

namespace RecoAspire.Ops.Evaluation;

/// <summary>Reads the published MovieLens 1M leave-one-out split, with the ids that the import gives.</summary>
internal static class LeaveOneOutFiles
{
    /// <exception cref="OpsException">A file is missing or damaged; exit code 2.</exception>
    public static List<LeaveOneOutCase> Read(string folder)
    {
        if (!Directory.Exists(folder)) throw new OpsException($"there is no folder '{folder}'", OpsException.BadInput);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var movies = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in Csv.Rows(InputFile.Demand(folder, "ml-1m.items.csv"), hash, ["item", "movie"])) movies[row.Fields[0]] = $"ml1m-{row.Fields[1]}";

        var cases = new List<LeaveOneOutCase>();
        var file = InputFile.Demand(folder, "ml-1m.test.negative");
        foreach (var (line, text) in file.Lines(hash))
        {
            var fields = text.TrimEnd('\t').Split('\t');
            var pair = fields[0].Trim('(', ')').Split(',');
            if (pair.Length != 2 || !int.TryParse(pair[0], NumberStyles.None, CultureInfo.InvariantCulture, out var user))
                throw OpsException.AtLine(file.Name, line, $"'{fields[0]}' is no (user,item)");
            var item = Movie(pair[1]);
            // In some rows the held-out title is also among its negatives; each distinct title is scored once.
            var others = fields.Skip(1).Select(Movie).Where(o => o != item).Distinct().ToList();
            cases.Add(new LeaveOneOutCase(string.Create(CultureInfo.InvariantCulture, $"ml1m-{user + 1}"), item, others));

            string Movie(string number) => movies.TryGetValue(number.Trim(), out var id) ? id : throw OpsException.AtLine(file.Name, line, $"item '{number}' is not in ml-1m.items.csv");
        }

        return cases;
    }
}
