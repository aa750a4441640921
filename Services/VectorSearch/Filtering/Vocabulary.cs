using System.Collections.Concurrent;

namespace RecoAspire.VectorSearch.Filtering;

/// <summary>Numbers for the words of the catalogue (genres, languages). One writer, any number of readers.</summary>
internal sealed class Vocabulary
{
    private readonly ConcurrentDictionary<string, int> _words = new(StringComparer.OrdinalIgnoreCase);

    public int GetOrAdd(string word) => _words.GetOrAdd(word, static (_, words) => words.Count, _words);

    public bool TryGet(string word, out int number) => _words.TryGetValue(word, out number);

    /// <summary>Numbers of the words that satisfy a condition.</summary>
    public IEnumerable<int> Where(Func<string, bool> condition) => _words.Where(w => condition(w.Key)).Select(w => w.Value);
}
