namespace RecoAspire.VectorSearch.Filtering;

/// <summary>ISO 3166-1 alpha-2 codes as small numbers.</summary>
internal static class Territory
{
    public const ushort None = 0;

    /// <summary>What a code that cannot be read becomes: equal to no viewer's territory, so that nothing is shown by mistake.</summary>
    public const ushort Unreadable = ushort.MaxValue;

    public static bool TryParse(string text, out ushort code)
    {
        code = Unreadable;
        if (text.Length != 2 || !char.IsAsciiLetterUpper(text[0]) || !char.IsAsciiLetterUpper(text[1])) return false;
        code = (ushort)(1 + (text[0] - 'A') * 26 + (text[1] - 'A'));
        return true;
    }
}
