using System.Globalization;
using System.Text;

namespace RecoAspire.Gateway.Search;

/// <summary>Text as people type it: without accents, case and punctuation, ligatures opened.</summary>
internal static class FoldedText
{
    /// <summary>Words of a text, folded.</summary>
    public static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var c in text.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark) continue;
            if (char.IsLetterOrDigit(c)) Append(word, char.ToLowerInvariant(c));
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
        if (word.Length > 0) words.Add(word.ToString());
        word.Clear();
    }
}
