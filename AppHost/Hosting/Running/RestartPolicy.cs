namespace RecoAspire.Hosting.Running;

/// <summary>
/// When a process that ended is started again: after 0.5 s, doubling to 30 s, ±20 % so that services that fell together do not
/// return together; the count starts anew once it has run for 30 s.
/// </summary>
public sealed class RestartPolicy
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>After running this long a crash counts as the first.</summary>
    public static readonly TimeSpan Stable = TimeSpan.FromSeconds(30);

    /// <summary>A job (no endpoints) that fails this often in a row stays down.</summary>
    public const int MaxJobAttempts = 3;

    /// <param name="crashesInARow">1 for the first crash.</param>
    /// <param name="chance">0-1, uniform.</param>
    public static TimeSpan DelayFor(int crashesInARow, double chance)
    {
        var doubled = First * Math.Pow(2, Math.Clamp(crashesInARow - 1, 0, 16));
        var capped = doubled < Longest ? doubled : Longest;
        return capped * (0.8 + (0.4 * chance));
    }
}
