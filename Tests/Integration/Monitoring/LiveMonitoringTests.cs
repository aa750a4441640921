using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using RecoAspire.Publishing.Monitoring;

namespace RecoAspire.Integration.Monitoring;

/// <summary>A real Prometheus and a real Alertmanager with the published configuration, watching the running suite.</summary>
[Collection("suite")]
public sealed class LiveMonitoringTests(LiveMonitoringTests.Fixture fixture, ITestOutputHelper output) : IClassFixture<LiveMonitoringTests.Fixture>
{
    private static readonly string[] Watched = ["gateway", "eventlog", "embedding", "vectorsearch", "graph", "profile"];

    private Suite Suite => fixture.Suite;

    [Fact]
    public async Task Every_metric_of_ours_that_a_rule_or_a_dashboard_names_is_there()
    {
        await TrafficAsync();
        string[] expected = [.. ExportedMetrics.Own.Except(ExportedMetrics.OnlyAfterFaults)];

        var missing = expected;
        await Suite.EventuallyAsync(
            async () =>
            {
                var names = await ValuesAsync("label/__name__/values");
                missing = [.. expected.Where(name => !names.Contains(name) && !names.Contains($"{name}_count"))];
                return string.Join(", ", missing);
            },
            // Recall is measured once a minute.
            text => text.Length == 0, TimeSpan.FromSeconds(75), "all metrics scraped");

        output.WriteLine($"{expected.Length} metrics are there");
    }

    [Fact]
    public async Task Every_rule_is_evaluated_without_an_error()
    {
        var rules = await Suite.EventuallyAsync(
            async () => (await AskAsync("rules")).GetProperty("groups").EnumerateArray().SelectMany(g => g.GetProperty("rules").EnumerateArray()).ToList(),
            all => all.Count > 0 && all.TrueForAll(r => r.GetProperty("health").GetString() != "unknown"), TimeSpan.FromSeconds(30), "every rule evaluated");

        Assert.True(rules.Count > 80, $"only {rules.Count} rules");
        Assert.Empty(rules.Where(r => r.GetProperty("health").GetString() != "ok").Select(r => $"{r.GetProperty("name")}: {r.GetProperty("lastError")}"));
        output.WriteLine($"{rules.Count} rules");
    }

    [Fact]
    public async Task Traffic_shows_in_the_recorded_series()
    {
        await Suite.EventuallyAsync(
            async () =>
            {
                await TrafficAsync();
                return await ValueAsync("reco:api_requests:rate5m") ?? 0;
            },
            rate => rate > 0, TimeSpan.FromSeconds(30), "requests are counted");
        Assert.Equal(0, await ValueAsync("reco:api_errors:ratio_rate5m"));
        // A quantile of a rate needs two scrapes with answers in between; groups of rules are evaluated one after another.
        await Suite.EventuallyAsync(
            async () =>
            {
                await TrafficAsync();
                return await ValueAsync("reco:recommendation_latency_seconds:p99_5m{variant=\"personalised\"}") ?? double.NaN;
            },
            p99 => p99 is > 0 and < 5, TimeSpan.FromSeconds(30), "the latency of personal answers is recorded");
        // The promise is a boundary of the buckets, or no share of slow answers could be told.
        Assert.True(await ValueAsync("count(recommendation_latency_seconds_bucket{le=\"0.1\"})") > 0);
    }

    [Fact]
    public async Task A_service_that_stops_wakes_somebody_and_one_that_starts_again_lets_them_sleep()
    {
        await Suite.EventuallyAsync(async () => await ValueAsync("sum(up{namespace=\"recommendation\"})"), up => up == Watched.Length, TimeSpan.FromSeconds(30), "all targets up");
        Assert.DoesNotContain(await FiringAsync(), a => a == "graph");

        Assert.True((await Suite.Application.ResourceCommands.ExecuteCommandAsync("graph", KnownResourceCommands.StopCommand, TestContext.Current.CancellationToken)).Success);
        await Suite.EventuallyAsync(FiringAsync, services => services.Contains("graph"), TimeSpan.FromSeconds(20), "ServiceDown fires");
        var received = await ReceivedAsync("firing");
        Assert.Equal("critical", received.Labels["severity"]);
        Assert.Equal("us-east-1", received.Labels["region"]);
        Assert.DoesNotContain("prometheus_replica", received.Labels.Keys);
        await Suite.EventuallyAsync(
            async () =>
            {
                await TrafficAsync();
                return await ValueAsync("sum(recommendations_degraded_total{dependency=\"graph\"})") ?? 0;
            },
            answers => answers > 0, TimeSpan.FromSeconds(20), "answers without the graph are counted");

        Assert.True((await Suite.Application.ResourceCommands.ExecuteCommandAsync("graph", KnownResourceCommands.StartCommand, TestContext.Current.CancellationToken)).Success);
        await Suite.EventuallyAsync(FiringAsync, services => !services.Contains("graph"), TimeSpan.FromSeconds(30), "ServiceDown ends");
        await ReceivedAsync("resolved");
        // The dead man's switch comes all the time.
        await Suite.EventuallyAsync(
            () => Task.FromResult(fixture.Webhook.Alerts.Any(a => a.Receiver == "watchdog" && a.Labels["alertname"] == "Watchdog")), came => came, TimeSpan.FromSeconds(10), "the watchdog's sign of life");
    }

    private Task<WebhookServer.Received> ReceivedAsync(string status) => Suite.EventuallyAsync(
        () => Task.FromResult(fixture.Webhook.Alerts.FirstOrDefault(a => a.Receiver == "pager" && a.Status == status && a.Labels["alertname"] == "ServiceDown" && a.Labels["service"] == "graph")!),
        alert => alert is not null, TimeSpan.FromSeconds(30), $"the pager is told: {status}; Alertmanager:\n{fixture.Alertmanager.Tail}");

    private async Task<List<string>> FiringAsync() =>
    [
        .. (await AskAsync("alerts")).GetProperty("alerts").EnumerateArray()
            .Where(a => a.GetProperty("state").GetString() == "firing" && a.GetProperty("labels").GetProperty("alertname").GetString() == "ServiceDown")
            .Select(a => a.GetProperty("labels").GetProperty("service").GetString()!),
    ];

    private Task TrafficAsync() => TrafficAsync(Suite);

    private static async Task TrafficAsync(Suite suite)
    {
        for (var viewer = 1; viewer <= 5; viewer++)
        {
            var answer = await suite.GetAsync($"/api/recommendations?userId=demo-{viewer:0000}");
            var item = answer.GetProperty("items")[0].GetProperty("itemId").GetString();
            await suite.PostEventsAsync(new { eventId = Guid.NewGuid().ToString("N"), userId = $"demo-{viewer:0000}", itemId = item, type = "complete", timestamp = DateTimeOffset.UtcNow, positionSeconds = 1500, durationSeconds = 1560 });
            await suite.GetAsync("/api/search?q=com%C3%A9die%20fran%C3%A7aise");
        }
    }

    private async Task<double?> ValueAsync(string query)
    {
        var result = (await AskAsync($"query?query={Uri.EscapeDataString(query)}")).GetProperty("result").EnumerateArray().ToList();
        return result.Count == 0 ? null : double.Parse(result[0].GetProperty("value")[1].GetString()!, System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<HashSet<string>> ValuesAsync(string path) => [.. (await AskAsync(path)).EnumerateArray().Select(v => v.GetString()!)];

    private async Task<JsonElement> AskAsync(string path) =>
        JsonDocument.Parse(await fixture.Prometheus.Http.GetStringAsync($"/api/v1/{path}", TestContext.Current.CancellationToken)).RootElement.GetProperty("data");

    public sealed class Fixture : IAsyncLifetime
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("reco-monitoring-").FullName;

        internal Suite Suite { get; private set; } = null!;

        internal ToolProcess Prometheus { get; private set; } = null!;

        internal ToolProcess Alertmanager { get; private set; } = null!;

        internal WebhookServer Webhook { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var configuration = new LiveConfiguration();
            Webhook = await WebhookServer.StartAsync();
            var port = ToolProcess.FreePort();
            Alertmanager = await ToolProcess.StartAsync("prometheus-alertmanager", port,
                $"--config.file={configuration.WriteAlertmanager(_folder, Webhook.Url)}", $"--storage.path={_folder}/alertmanager", $"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=");
            Suite = await Suite.StartAsync(demo: true);
            var targets = Watched.ToDictionary(name => name, name => new Uri(Suite.Run.Find(name)!.Endpoints!["http"]).Authority);
            port = ToolProcess.FreePort();
            targets["prometheus"] = $"127.0.0.1:{port}";
            targets["alertmanager"] = Alertmanager.Address;
            Prometheus = await ToolProcess.StartAsync("prometheus", port,
                $"--config.file={configuration.WritePrometheus(_folder, targets, Alertmanager.Address)}", $"--storage.tsdb.path={_folder}/prometheus", $"--web.listen-address=127.0.0.1:{port}",
                // What fires before the Alertmanager is known is sent again after this time.
                "--rules.alert.resend-delay=1s");
            await Suite.EventuallyAsync(
                () => Suite.GetAsync("/api/status"),
                s => s.GetProperty("models").EnumerateArray().Any(m => m.GetProperty("space").GetString() == "collaborative" && m.GetProperty("current").GetBoolean()),
                TimeSpan.FromSeconds(120), "demo imported and model trained");
            // The first queries of a minute are those whose recall is measured.
            await TrafficAsync(Suite);
        }

        public async ValueTask DisposeAsync()
        {
            if (Prometheus is not null) await Prometheus.DisposeAsync();
            if (Suite is not null) await Suite.DisposeAsync();
            if (Alertmanager is not null) await Alertmanager.DisposeAsync();
            if (Webhook is not null) await Webhook.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
