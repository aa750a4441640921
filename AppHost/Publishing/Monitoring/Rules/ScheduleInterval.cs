using System.Globalization;

namespace RecoAspire.Publishing.Monitoring.Rules;

/// <summary>The longest time between two runs of a cron schedule as the topology has them: every n minutes, every n hours, once a day, once a week.</summary>
internal static class ScheduleInterval
{
    /// <exception cref="PublishException">The schedule is of another kind.</exception>
    public static TimeSpan Of(string schedule) => schedule.Split(' ') switch
    {
        ["*", "*", "*", "*", "*"] => TimeSpan.FromMinutes(1),
        [var minute, "*", "*", "*", "*"] when Step(minute) is { } minutes => TimeSpan.FromMinutes(minutes),
        [_, "*", "*", "*", "*"] => TimeSpan.FromHours(1),
        [_, var hour, "*", "*", "*"] when Step(hour) is { } hours => TimeSpan.FromHours(hours),
        [_, _, "*", "*", "*"] => TimeSpan.FromDays(1),
        [_, _, "*", "*", _] => TimeSpan.FromDays(7),
        _ => throw new PublishException($"topology.yaml: backup: the schedule '{schedule}' is none of every n minutes, every n hours, daily, weekly."),
    };

    private static int? Step(string field) =>
        field.StartsWith("*/", StringComparison.Ordinal) && int.TryParse(field.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var step) && step > 0 ? step : null;
}
