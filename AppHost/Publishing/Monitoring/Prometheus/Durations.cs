using System.Globalization;

namespace RecoAspire.Publishing.Monitoring.Prometheus;

/// <summary>Durations as Prometheus' templates write them.</summary>
internal static class Durations
{
    /// <summary>What <c>humanizeDuration</c> makes of whole seconds.</summary>
    public static string Humanize(long seconds)
    {
        var (days, hours, minutes, rest) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
        FormattableString text = (days, hours, minutes) switch
        {
            ( > 0, _, _) => $"{days}d {hours}h {minutes}m {rest}s",
            (_, > 0, _) => $"{hours}h {minutes}m {rest}s",
            (_, _, > 0) => $"{minutes}m {rest}s",
            _ => $"{rest}s",
        };
        return text.ToString(CultureInfo.InvariantCulture);
    }
}
