using RecoAspire.Contracts.Profile.V1;

namespace RecoAspire.Gateway.Viewers;

/// <summary>
/// What the hard filters need to know of one viewer, and the recent watches that stand in when the profile service is
/// away. Not thread-safe: <see cref="ViewersView"/> guards it.
/// </summary>
public sealed class ViewerFacts
{
    /// <summary>Recent watches kept per viewer.</summary>
    public const int MaxRecent = 50;

    private static readonly Preferences NoPreferences = new();
    private int[] _seen = [];
    private int _watchedCount;
    private int[] _refused = [];
    private long[] _refusedAtMs = [];
    private int[] _recent = [];
    private float[] _recentWeights = [];

    public int SeenCount { get; private set; }

    public int RefusedCount { get; private set; }

    public int RecentCount { get; private set; }

    /// <summary>What it holds, in numbers of four bytes, the viewer itself counting one.</summary>
    public int Entries => 1 + SeenCount + RefusedCount + (2 * RecentCount);

    public Preferences Preferences { get; set; } = NoPreferences;

    /// <summary>Last time of a preferences change, for last-writer-wins.</summary>
    public long PreferencesAtMs { get; set; } = long.MinValue;

    /// <summary>Offset of the record that set the preferences; -1 = none has.</summary>
    public long PreferencesOffset { get; set; } = -1;

    /// <summary>Begun after viewers had been let go: there may be more to know than is here.</summary>
    public bool MayHavePast { get; init; }

    /// <summary>Grows with every touch: the order in which viewers are let go.</summary>
    public long LastTouch { get; set; }

    /// <summary>Titles watched or skipped.</summary>
    public ReadOnlySpan<int> Seen => _seen.AsSpan(0, SeenCount);

    /// <summary>Titles hidden or disliked.</summary>
    public ReadOnlySpan<int> Refused => _refused.AsSpan(0, RefusedCount);

    /// <summary>Titles that say something about taste, oldest first.</summary>
    public ReadOnlySpan<int> Recent => _recent.AsSpan(0, RecentCount);

    /// <summary>Their weights.</summary>
    public ReadOnlySpan<float> RecentWeights => _recentWeights.AsSpan(0, RecentCount);

    /// <summary>
    /// Notes a title as seen. Returns true when it is the viewer's first watch of it: a title that was only skipped or left at
    /// once is seen, and becomes watched later. Watched titles stand first in the array.
    /// </summary>
    public bool AddSeen(int item, bool isWatch)
    {
        var at = Seen.IndexOf(item);
        if (at < 0)
        {
            at = SeenCount;
            SeenCount = Append(ref _seen, SeenCount, item);
        }

        if (!isWatch || at < _watchedCount) return false;
        (_seen[at], _seen[_watchedCount]) = (_seen[_watchedCount], _seen[at]);
        _watchedCount++;
        return true;
    }

    /// <summary>Notes a title as refused, and when: the latest refusal counts, whatever the order of arrival.</summary>
    public void AddRefused(int item, long atMs)
    {
        var at = Refused.IndexOf(item);
        if (at >= 0)
        {
            _refusedAtMs[at] = Math.Max(_refusedAtMs[at], atMs);
            return;
        }

        var count = RefusedCount;
        RefusedCount = Append(ref _refused, count, item);
        if (_refusedAtMs.Length < _refused.Length) Array.Resize(ref _refusedAtMs, _refused.Length);
        _refusedAtMs[count] = atMs;
    }

    /// <summary>
    /// Takes a refusal back that is older than this: late arrival is normal, and a clear must not lift what the viewer refused
    /// after it. Of two at one millisecond the refusal stands, as in the profile service.
    /// </summary>
    public void RemoveRefused(int item, long atMs)
    {
        var at = Refused.IndexOf(item);
        if (at < 0 || _refusedAtMs[at] >= atMs) return;
        _refused.AsSpan(at + 1, RefusedCount - at - 1).CopyTo(_refused.AsSpan(at));
        _refusedAtMs.AsSpan(at + 1, RefusedCount - at - 1).CopyTo(_refusedAtMs.AsSpan(at));
        RefusedCount--;
    }

    /// <summary>Puts a watch at the recent end; the oldest falls out.</summary>
    public void AddRecent(int item, float weight)
    {
        var at = Recent.IndexOf(item);
        if (at >= 0)
        {
            weight = Math.Max(weight, _recentWeights[at]);
            RemoveRecentAt(at);
        }
        else if (RecentCount == MaxRecent)
        {
            RemoveRecentAt(0);
        }

        var count = RecentCount;
        RecentCount = Append(ref _recent, count, item);
        if (_recentWeights.Length < _recent.Length) Array.Resize(ref _recentWeights, _recent.Length);
        _recentWeights[count] = weight;
    }

    /// <summary>A title that turned out not to be liked leads to nothing any more.</summary>
    public void RemoveRecent(int item)
    {
        var at = Recent.IndexOf(item);
        if (at >= 0) RemoveRecentAt(at);
    }

    private void RemoveRecentAt(int at)
    {
        _recent.AsSpan(at + 1, RecentCount - at - 1).CopyTo(_recent.AsSpan(at));
        _recentWeights.AsSpan(at + 1, RecentCount - at - 1).CopyTo(_recentWeights.AsSpan(at));
        RecentCount--;
    }

    // Grows by a quarter: most viewers never grow again, and there are many of them.
    private static int Append(ref int[] array, int count, int value)
    {
        if (count == array.Length) Array.Resize(ref array, Math.Max(4, count + (count / 4) + 1));
        array[count] = value;
        return count + 1;
    }
}
