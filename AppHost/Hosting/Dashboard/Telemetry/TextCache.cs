namespace RecoAspire.Hosting.Dashboard.Telemetry;

/// <summary>
/// Lets equal texts share one object: names, keys and most values come again and again. One slot per hash, the newcomer takes it, so
/// that the cache follows what is sent now and never grows. Races only cost a shared text.
/// </summary>
internal sealed class TextCache
{
    public const int LongestShared = 128;
    private readonly string?[] _slots = new string?[8_192];

    public string Share(string text)
    {
        if (text.Length > LongestShared) return text;
        if (text.Length == 0) return "";
        ref var slot = ref _slots[(uint)string.GetHashCode(text.AsSpan()) % (uint)_slots.Length];
        if (slot is { } known && known == text) return known;
        slot = text;
        return text;
    }
}
