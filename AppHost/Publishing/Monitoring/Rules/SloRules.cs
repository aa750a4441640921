using System.Globalization;
using RecoAspire.Topology;

namespace RecoAspire.Publishing.Monitoring.Rules;

/// <summary>
/// The promises to viewers' apps: how much of the error budget is left, and how fast it burns. An alert needs a long window (it is
/// no blip) and a short one (it still goes on).
/// </summary>
internal static class SloRules
{
    private const double LatencyBudget = 0.01;   // p99: one request in a hundred may be slower

    // Factor over the rate at which the budget lasts exactly its window; 14.4 uses up 2 % of 30 days in an hour.
    private static readonly (double Factor, string Long, string Short, string For, Severity Severity)[] Burns =
    [
        (14.4, "1h", "5m", "2m", Severity.Critical),
        (6, "6h", "30m", "15m", Severity.Critical),
        (3, "1d", "2h", "1h", Severity.Warning),
        (1, "3d", "6h", "3h", Severity.Warning),
    ];

    private static readonly string[] Windows = ["30m", "1h", "2h", "6h", "1d", "3d"];

    public static RuleGroup Of(ServiceLevels slo)
    {
        var budget = Math.Round(Math.Min(1 - slo.Availability, slo.ErrorRate), 9);
        var seconds = Number(slo.LatencyP99Seconds);
        return new RuleGroup(
            "slo",
            [
                .. Counts(seconds),
                .. Ratios("reco:api_errors", "reco:api_requests"),
                .. Ratios("reco:slow_recommendations", "reco:recommendations"),
                new Recording
                {
                    Record = "reco:error_budget:remaining_ratio",
                    Expr = $"1 - (sum_over_time(reco:api_errors:rate5m[{slo.WindowDays}d]) / (sum_over_time(reco:api_requests:rate5m[{slo.WindowDays}d]) > 0)) / {Number(budget)}",
                },
                .. Burns.Select((burn, i) => Burn("ErrorBudgetBurn", "reco:api_errors", budget, burn,
                    $"The API fails {Number(burn.Factor)} times as often as the error budget of {Percent(budget)} allows", i == 0 ? SloRunbooks.Errors : null)),
                .. Burns.Select((burn, i) => Burn("LatencyBudgetBurn", "reco:slow_recommendations", LatencyBudget, burn,
                    $"Recommendations slower than {seconds} s are {Number(burn.Factor)} times as many as the promise allows", i == 0 ? SloRunbooks.Latency : null)),
                new Alert
                {
                    Name = "HighLatency",
                    Severity = Severity.Warning,
                    For = "5m",
                    Expr = $"reco:recommendation_latency_seconds:p99_5m > {seconds}",
                    Summary = "Recommendations '{{ $labels.variant }}' are slower than promised",
                    Description = $"The 99th percentile of the last 5 minutes is {{{{ $value | humanizeDuration }}}}; promised are {seconds} s.",
                    Runbook = SloRunbooks.Latency,
                },
            ],
            SloRuleTests.Of(budget, LatencyBudget, slo));
    }

    private static IEnumerable<Recording> Counts(string seconds)
    {
        yield return new() { Record = "reco:http_requests:rate5m", Expr = "sum by (job) (rate(http_server_request_duration_seconds_count{http_route!~\"/health.*|/metrics\"}[5m]))" };
        yield return new() { Record = "reco:api_requests:rate5m", Expr = "sum(rate(http_server_request_duration_seconds_count{job=\"gateway\",http_route=~\"/api/.*\"}[5m]))" };
        yield return new()
        {
            Record = "reco:api_errors:rate5m",
            // Before the first error there is no series of errors: that is 0, not nothing.
            Expr = "sum(rate(http_server_request_duration_seconds_count{job=\"gateway\",http_route=~\"/api/.*\",http_response_status_code=~\"5..\"}[5m])) or 0 * reco:api_requests:rate5m",
        };
        yield return new() { Record = "reco:recommendations:rate5m", Expr = "sum(rate(recommendation_latency_seconds_count[5m]))" };
        yield return new()
        {
            Record = "reco:slow_recommendations:rate5m",
            Expr = $"clamp_min(reco:recommendations:rate5m - sum(rate(recommendation_latency_seconds_bucket{{le=\"{seconds}\"}}[5m])), 0)",
        };
        yield return new()
        {
            Record = "reco:recommendation_latency_seconds:p99_5m",
            Expr = "histogram_quantile(0.99, sum by (le, variant) (rate(recommendation_latency_seconds_bucket[5m])))",
        };
    }

    // Of recorded rates, not of raw series: three days of every pod's buckets would take minutes to read.
    private static IEnumerable<Recording> Ratios(string part, string whole)
    {
        yield return new() { Record = $"{part}:ratio_rate5m", Expr = $"{part}:rate5m / ({whole}:rate5m > 0)" };
        foreach (var window in Windows)
            yield return new() { Record = $"{part}:ratio_rate{window}", Expr = $"sum_over_time({part}:rate5m[{window}]) / (sum_over_time({whole}:rate5m[{window}]) > 0)" };
    }

    private static Alert Burn(string name, string part, double budget, (double Factor, string Long, string Short, string For, Severity Severity) burn, string summary, Runbook? runbook)
    {
        var limit = Number(Math.Round(burn.Factor * budget, 9));
        return new Alert
        {
            Name = name,
            Severity = burn.Severity,
            For = burn.For,
            Expr = $"{part}:ratio_rate{burn.Long} > {limit} and {part}:ratio_rate{burn.Short} > {limit}",
            Labels = [("window", burn.Long)],
            Summary = summary,
            Description = $"Over {burn.Long} it was {{{{ $value | humanizePercentage }}}}; the last {burn.Short} are above {Percent(burn.Factor * budget)} as well.",
            Runbook = runbook,
        };
    }

    internal static string Number(double value) => value.ToString("0.#########", CultureInfo.InvariantCulture);

    internal static string Percent(double share) => $"{Number(Math.Round(share * 100, 7))} %";
}
