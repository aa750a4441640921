namespace RecoAspire.Topology.Reading;

/// <summary>Finds what a misspelt name was meant to be.</summary>
internal static class NearestName
{
    /// <summary>"did you mean 'x'?" where a known name is near, else all known names.</summary>
    public static string Hint(string name, IReadOnlyCollection<string> known)
    {
        var (nearest, distance) = known.Select(k => (k, Distance(name, k))).DefaultIfEmpty((name, int.MaxValue)).MinBy(k => k.Item2);
        return distance <= Math.Max(1, nearest.Length / 3) ? $"did you mean '{nearest}'?" : $"known are {string.Join(", ", known)}";
    }

    // Levenshtein: how many letters must be changed, added or taken away.
    private static int Distance(string a, string b)
    {
        // A key of a megabyte is not near anything.
        if (a.Length > 100) return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var changed = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
