using System.Globalization;
using System.Text;

namespace RecoAspire.GpuEmbedding.Text;

/// <summary>Words of a text as they count for its meaning: no accents, no case, ligatures opened, elisions cut off.</summary>
internal static class FoldedText
{
    // What French elides before an apostrophe: l'amour, qu'elle, aujourd'hui stays whole by being left out here.
    private static readonly HashSet<string> Elisions = new(["l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"], StringComparer.Ordinal);

    private static readonly HashSet<string> StopWords = new(
        ("a an and are as at be by for from has have he her his in into is it its of on or she that the their they this to was were who will with "
        + "au aux avec ce ces cette dans de des du elle elles en est et il ils je la le les leur leurs lui mais ne nous on ou par pas plus pour "
        + "que qui sa se ses son sont sur un une vous l d j m t s c n qu").Split(' '),
        StringComparer.Ordinal);

    /// <summary>Words that say something, in order.</summary>
    public static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var c in text.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark) continue;
            if (char.IsLetterOrDigit(c)) Append(word, char.ToLowerInvariant(c));
            else if (c is '\'' or '’' && Elisions.Contains(word.ToString())) word.Clear();
            else Flush(words, word);
        }

        Flush(words, word);
        return words;
    }

    private static void Append(StringBuilder word, char c)
    {
        if (c == 'œ') word.Append("oe");
        else if (c == 'æ') word.Append("ae");
        else if (c == 'ß') word.Append("ss");
        else word.Append(c);
    }

    private static void Flush(List<string> words, StringBuilder word)
    {
        if (word.Length > 0)
        {
            var text = word.ToString();
            if (!StopWords.Contains(text)) words.Add(text);
        }

        word.Clear();
    }
}
