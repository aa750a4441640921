using RecoAspire.Topology;
using static RecoAspire.Publishing.Monitoring.Rules.SloRules;

namespace RecoAspire.Publishing.Monitoring.Rules;

/// <summary>Cases for <see cref="SloRules"/>.</summary>
internal static class SloRuleTests
{
    private const double RequestsPerMinute = 600_000;

    public static IReadOnlyList<RuleTest> Of(double errorBudget, double latencyBudget, ServiceLevels slo) =>
    [
        Windows(Errors(new RuleTest("20 times the budget fails: every window burns, the long ones later"), 20 * errorBudget), "ErrorBudgetBurn", 20 * errorBudget),
        Windows(Slow(new RuleTest("20 times as many slow answers as promised: every window burns, the long ones later"), 20 * latencyBudget, slo), "LatencyBudgetBurn", 20 * latencyBudget),
        Errors(new RuleTest("Twice the budget fails: nobody is woken, the slowest window says so"), 2 * errorBudget)
            .Quiet("2h", "ErrorBudgetBurn")
            .Fires("4h", "ErrorBudgetBurn", Shown(2 * errorBudget), ("window", "3d")),
        Errors(new RuleTest("Half the budget fails: quiet, and half of it is left"), errorBudget / 2)
            .Quiet("5h", "ErrorBudgetBurn")
            .Gives("5h", "round(reco:error_budget:remaining_ratio, 0.001)", ("{}", 0.5)),
        new RuleTest("It is over: the short window ends the alert while the long one still burns")
            .Given(Requests("200"), $"0+{Number(RequestsPerMinute)}x120")
            .Given(Requests("500"), $"0+{Number(Math.Round(RequestsPerMinute * 40 * errorBudget))}x30 {Number(Math.Round(RequestsPerMinute * 40 * errorBudget) * 30)}x90")
            .Gives("15m", "count(ALERTS{alertname=\"ErrorBudgetBurn\",alertstate=\"firing\",window=\"1h\"})", ("{}", 1))
            .Gives("45m", $"count(reco:api_errors:ratio_rate1h > {Number(14.4 * errorBudget)})", ("{}", 1))
            .Gives("45m", "count(ALERTS{alertname=\"ErrorBudgetBurn\",alertstate=\"firing\",window=\"1h\"})"),
        new RuleTest("No error has ever been seen: the ratio is 0, not missing; probes and metrics are no requests")
            .Given(Requests("200"), "0+600x20")
            .Given("http_server_request_duration_seconds_count{job=\"gateway\",pod=\"a\",http_route=\"/health/ready\",http_response_status_code=\"503\"}", "0+60x20")
            .Given("http_server_request_duration_seconds_count{job=\"graph\",pod=\"b\",http_route=\"/reco.graph.v1.GraphService/Expand\",http_response_status_code=\"200\"}", "0+120x20")
            .Gives("15m", "reco:api_requests:rate5m", ("reco:api_requests:rate5m", 10))
            .Gives("15m", "reco:api_errors:rate5m", ("reco:api_errors:rate5m", 0))
            .Gives("15m", "reco:api_errors:ratio_rate5m", ("reco:api_errors:ratio_rate5m", 0))
            .Gives("15m", "reco:http_requests:rate5m", ("reco:http_requests:rate5m{job=\"gateway\"}", 10), ("reco:http_requests:rate5m{job=\"graph\"}", 2)),
        new RuleTest("A night without requests: nothing burns, nothing is divided by 0")
            .Given(Requests("200"), "600x60")
            .Gives("30m", "reco:api_errors:ratio_rate1h")
            .Quiet("60m", "ErrorBudgetBurn"),
        new RuleTest("One variant is slow in two pods, the other is not")
            .Given(Bucket("personalised", "a", slo.LatencyP99Seconds), "0x20").Given(Bucket("personalised", "a", null), "0+60x20")
            .Given(Bucket("personalised", "b", slo.LatencyP99Seconds), "0x20").Given(Bucket("personalised", "b", null), "0+60x20")
            .Given(Bucket("popular", "a", slo.LatencyP99Seconds / 2), "0+60x20").Given(Bucket("popular", "a", slo.LatencyP99Seconds), "0+60x20").Given(Bucket("popular", "a", null), "0+60x20")
            .Gives("15m", "round(reco:recommendation_latency_seconds:p99_5m{variant=\"popular\"}, 0.0001)", ("{variant=\"popular\"}", Math.Floor(slo.LatencyP99Seconds / 2 * 0.99 * 10_000 + 0.5) / 10_000))
            .Quiet("3m", "HighLatency")
            .Quiet("15m", "LatencyBudgetBurn"),
        new RuleTest("The 99th percentile lies between the promise and twice of it")
            .Given(Bucket("personalised", "a", slo.LatencyP99Seconds), "0x20").Given(Bucket("personalised", "a", slo.LatencyP99Seconds * 2), "0+60x20").Given(Bucket("personalised", "a", null), "0+60x20")
            .Quiet("4m", "HighLatency")
            .Fires("15m", "HighLatency", Milliseconds(slo.LatencyP99Seconds * 1.99), ("variant", "personalised")),
    ];

    private static RuleTest Windows(RuleTest test, string alert, double share)
    {
        var metric = alert == "ErrorBudgetBurn" ? "reco:api_errors" : "reco:slow_recommendations";
        foreach (var window in (string[])["5m", "30m", "1h", "2h", "6h", "1d", "3d"])
            test = test.Gives("70m", $"round({metric}:ratio_rate{window}, 0.0001)", ("{}", Math.Floor(share * 10_000 + 0.5) / 10_000));
        (string At, string[] Windows)[] steps = [("10m", ["1h"]), ("30m", ["1h", "6h"]), ("2h", ["1h", "6h", "1d"]), ("4h", ["1h", "6h", "1d", "3d"])];
        foreach (var (at, windows) in steps)
        {
            foreach (var window in windows) test = test.Fires(at, alert, Shown(share), ("window", window));
        }

        return alert == "ErrorBudgetBurn" ? test : test
            .Gives("70m", "round(reco:recommendations:rate5m, 0.01)", ("{}", RequestsPerMinute / 60))
            .Gives("70m", "round(reco:slow_recommendations:rate5m, 0.01)", ("{}", Math.Floor(RequestsPerMinute / 60 * share * 100 + 0.5) / 100));
    }

    private static RuleTest Errors(RuleTest test, double share) => test
        .Given(Requests("200"), $"0+{Number(RequestsPerMinute * (1 - share))}x310")
        .Given(Requests("500"), $"0+{Number(RequestsPerMinute * share)}x310");

    private static RuleTest Slow(RuleTest test, double share, ServiceLevels slo) => test
        .Given(Bucket("personalised", "a", slo.LatencyP99Seconds), $"0+{Number(RequestsPerMinute * (1 - share))}x310")
        .Given("recommendation_latency_seconds_count{job=\"gateway\",pod=\"a\",variant=\"personalised\"}", $"0+{Number(RequestsPerMinute)}x310");

    private static string Requests(string status) =>
        $"http_server_request_duration_seconds_count{{job=\"gateway\",pod=\"a\",http_route=\"/api/recommendations\",http_response_status_code=\"{status}\"}}";

    private static string Bucket(string variant, string pod, double? bound) =>
        $"recommendation_latency_seconds_bucket{{job=\"gateway\",pod=\"{pod}\",variant=\"{variant}\",le=\"{(bound is { } b ? Number(b) : "+Inf")}\"}}";

    private static string Shown(double share) => $"{(share * 100).ToString("G4", System.Globalization.CultureInfo.InvariantCulture)}%";

    private static string Milliseconds(double seconds) => seconds < 1
        ? $"{(seconds * 1000).ToString("G4", System.Globalization.CultureInfo.InvariantCulture)}ms"
        : $"{seconds.ToString("G4", System.Globalization.CultureInfo.InvariantCulture)}s";
}
