using System.Globalization;
using System.Text;

namespace RecoAspire.Graph.Structure;

/// <summary>Identity of names: "Agnès  VARDA" and "agnes varda" are one person.</summary>
internal static class NodeName
{
    /// <summary>
    /// Without accents, in lower case, with single spaces. Empty where nothing is left. Letters that Unicode does not
    /// decompose (ø, ł, đ) stay as they are; œ and æ are written out.
    /// </summary>
    public static string Normalise(string name)
    {
        if (!Ascii.IsValid(name)) name = WithoutAccents(name);
        return Display(name).ToLowerInvariant();
    }

    /// <summary>The name as shown: trimmed, with single spaces.</summary>
    public static string Display(string name) => string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string WithoutAccents(string name)
    {
        var folded = new StringBuilder(name.Length + 8);
        foreach (var c in ReplaceLoneSurrogates(name).Normalize(NormalizationForm.FormKD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark) continue;
            _ = c switch
            {
                'œ' or 'Œ' => folded.Append("oe"),
                'æ' or 'Æ' => folded.Append("ae"),
                'ß' => folded.Append("ss"),
                _ => folded.Append(c),
            };
        }

        return folded.ToString();
    }

    // Normalisation throws on half a pair; protobuf strings cannot hold one, strings in memory can.
    private static string ReplaceLoneSurrogates(string name) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name));
}
