using CsCheck;
using RecoAspire.Topology;

namespace RecoAspire.AppHost.Tests.Topology;

public sealed class CronScheduleTests
{
    [Theory]
    [InlineData("* * * * *", "00:01:00")]
    [InlineData("*/30 * * * *", "00:30:00")]
    [InlineData("*/7 * * * *", "00:07:00")]
    [InlineData("0,50 * * * *", "00:50:00")]
    [InlineData("0 2 * * *", "1.00:00:00")]
    [InlineData("0 */6 * * *", "06:00:00")]
    [InlineData("0 9-17 * * MON-FRI", "2.16:00:00")]
    [InlineData("0 5 * * 0", "7.00:00:00")]
    [InlineData("0 5 1 * *", "31.00:00:00")]
    [InlineData("30 4 29 2 *", "2921.00:00:00")]
    [InlineData("0 0 1 JAN *", "366.00:00:00")]
    public void The_longest_time_between_two_runs(string expression, string gap) =>
        Assert.Equal(TimeSpan.Parse(gap, System.Globalization.CultureInfo.InvariantCulture), CronSchedule.TryParse(expression, out _)!.LongestGap);

    [Theory]
    [InlineData("", "must be a cron expression")]
    [InlineData("* * * *", "must be a cron expression")]
    [InlineData("0 0 2 * * *", "must be a cron expression")]
    [InlineData("@daily", "must be a cron expression")]
    [InlineData("60 * * * *", "must be a cron expression")]
    [InlineData("0 0 L * *", "must be a cron expression")]
    [InlineData("0 0 1 * 1", "must not name days of the month and days of the week")]
    [InlineData("0 0 30 2 *", "never comes")]
    public void What_schedulers_would_not_all_understand_is_refused(string expression, string error)
    {
        Assert.Null(CronSchedule.TryParse(expression, out var said));
        Assert.StartsWith(error, said, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_the_longest_gap_that_counting_minutes_finds()
    {
        // Hours and minutes alone repeat every day: two days show every gap.
        var field = (int most) => Gen.Int[0, most].HashSet[1, 4];
        Gen.Select(field(59), field(23)).Sample((minutes, hours) =>
        {
            var runs = Enumerable.Range(0, 2 * 24 * 60).Where(m => minutes.Contains(m % 60) && hours.Contains(m / 60 % 24)).ToList();
            var longest = runs.Zip(runs.Skip(1), (a, b) => b - a).Max();
            return CronSchedule.TryParse($"{string.Join(',', minutes)} {string.Join(',', hours)} * * *", out _)!.LongestGap == TimeSpan.FromMinutes(longest);
        });
    }
}
