using System.Text.RegularExpressions;
using Cronos;

namespace RecoAspire.Topology;

/// <summary>A cron expression of five fields in UTC, as a Kubernetes CronJob takes it.</summary>
public sealed partial class CronSchedule
{
    // The longest that a calendar repeats after: 29 February around a century that is no leap year.
    private const int YearsLookedAt = 9;
    private static readonly DateTime Start = new(2096, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private CronSchedule(TimeSpan longestGap) => LongestGap = longestGap;

    /// <summary>The longest time between two runs.</summary>
    public TimeSpan LongestGap { get; }

    /// <summary>Reads an expression.</summary>
    /// <param name="text">Five fields of numbers, names, <c>*</c>, lists, ranges and steps.</param>
    /// <param name="error">Why there is none, as the end of a sentence.</param>
    public static CronSchedule? TryParse(string text, out string? error)
    {
        error = "must be a cron expression of five fields, such as \"0 2 * * *\"";
        if (!FiveFields().IsMatch(text) || !CronExpression.TryParse(text, out var expression)) return null;
        var fields = text.Split(' ');
        if (!fields[2].StartsWith('*') && !fields[4].StartsWith('*'))
        {
            error = "must not name days of the month and days of the week: some schedulers take either, some both";
            return null;
        }

        if (LongestGapOf(expression) is not { } gap)
        {
            error = "never comes";
            return null;
        }

        error = null;
        return new CronSchedule(gap);
    }

    // Every day with a run has it at the same times: one such day, and the nights between them, show every gap.
    private static TimeSpan? LongestGapOf(CronExpression expression)
    {
        var end = Start.AddYears(YearsLookedAt);
        if (expression.GetNextOccurrence(Start, inclusive: true) is not { } first || first >= end) return null;
        var longest = TimeSpan.Zero;
        var last = first;
        foreach (var run in expression.GetOccurrences(first, first.Date.AddDays(1)))
        {
            if (run - last > longest) longest = run - last;
            last = run;
        }

        var length = last - first;
        for (var day = first; day < end;)
        {
            if (expression.GetNextOccurrence(day.Date.AddDays(1), inclusive: true) is not { } next) break;
            if (next - (day + length) > longest) longest = next - (day + length);
            day = next;
        }

        return longest;
    }

    // No seconds, no macros, none of the letters that only some schedulers know.
    [GeneratedRegex(@"\A(?:[0-9*,/-]+ ){3}(?:[0-9*,/-]|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)+ (?:[0-9*,/-]|SUN|MON|TUE|WED|THU|FRI|SAT)+\z")]
    private static partial Regex FiveFields();
}
