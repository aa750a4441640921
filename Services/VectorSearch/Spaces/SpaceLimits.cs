namespace RecoAspire.VectorSearch.Spaces;

/// <summary>Every limit of a vector space, in one place.</summary>
internal static class SpaceLimits
{
    public const int MaxNameLength = 64;
    public const int MaxVersionLength = 128;
    public const int MaxItemIdLength = 128;
    public const int MaxDimensions = 4096;

    /// <summary>Spaces in all; a record that would make one more is rejected.</summary>
    public const int MaxSpaces = 64;

    /// <summary>Vectors in one version of one space: 2^20 × 4,096 dimensions is far beyond one machine's exact scan.</summary>
    public const int MaxVectors = 1 << 20;

    /// <summary>Versions being collected beside the current one; the oldest unpublished one gives way.</summary>
    public const int MaxPendingVersions = 2;

    /// <summary>
    /// Largest Euclidean norm: the dot product of two such vectors, and by Cauchy-Schwarz every partial sum of it, stays finite
    /// in float32.
    /// </summary>
    public const double MaxNorm = 1e18;

    public static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength && !name.AsSpan().ContainsAnyExcept(NameCharacters);

    public static bool IsVersion(string version) => version.Length is > 0 and <= MaxVersionLength && IsPrintable(version);

    public static bool IsItemId(string id) => id.Length is > 0 and <= MaxItemIdLength && IsPrintable(id);

    private static readonly System.Buffers.SearchValues<char> NameCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private static bool IsPrintable(string text) => !text.AsSpan().ContainsAnyExceptInRange('!', '~');
}
