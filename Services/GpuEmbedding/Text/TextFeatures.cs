using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace RecoAspire.GpuEmbedding.Text;

/// <summary>
/// Features of a text as 64-bit hashes with weights: words, pairs of neighbouring words, and character n-grams of 3 to 5 within
/// a word, which let "cinematheque" meet "cinémathèques" and forgive slips. XXH3 (Collet 2019) hashes are the same everywhere.
/// </summary>
internal static class TextFeatures
{
    private const float PairWeight = 0.5f;
    private const float GramWeight = 0.25f;

    /// <summary>Adds the features of a text, each weight times <paramref name="weight"/>.</summary>
    public static void Add(string text, float weight, Dictionary<ulong, float> features)
    {
        var words = FoldedText.Words(text);
        for (var i = 0; i < words.Count; i++)
        {
            Add(features, 'w', words[i], weight);
            if (i > 0) Add(features, 'p', $"{words[i - 1]} {words[i]}", weight * PairWeight);
            AddGrams(features, words[i], weight);
        }
    }

    // The grams of a word together weigh about as much as the word itself, however long it is.
    private static void AddGrams(Dictionary<ulong, float> features, string word, float weight)
    {
        if (word.Length < 3) return;
        var bounded = $"<{word}>";
        var count = 0;
        for (var n = 3; n <= 5; n++) count += Math.Max(0, bounded.Length - n + 1);
        var each = weight * GramWeight * 4 / MathF.Max(4, count);
        for (var n = 3; n <= 5; n++)
        {
            for (var i = 0; i + n <= bounded.Length; i++) Add(features, 'g', bounded.AsSpan(i, n), each);
        }
    }

    private static void Add(Dictionary<ulong, float> features, char kind, ReadOnlySpan<char> text, float weight)
    {
        var hash = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text), seed: kind);
        CollectionsMarshal.GetValueRefOrAddDefault(features, hash, out _) += weight;
    }
}
