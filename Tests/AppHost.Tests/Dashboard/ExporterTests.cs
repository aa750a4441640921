using System.Net;
using System.Text.Json;

namespace RecoAspire.AppHost.Tests.Dashboard;

/// <summary>The suite's own services, whose telemetry OpenTelemetry's exporter sends.</summary>
public sealed class ExporterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dashboard-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_service_of_the_suite_is_seen_with_its_metrics_and_traces()
    {
        await using var suite = AppHostProcess.StartSuite(null, $"--Data:Root={_folder}", "--Demo:Enabled=false", "--DcpPublisher:RandomizePorts=true");
        var runFile = Path.Combine(_folder, "run.json");
        await suite.EventuallyAsync(() => File.Exists(runFile));
        var run = JsonDocument.Parse(await File.ReadAllTextAsync(runFile, suite.Limit)).RootElement;
        var login = new Uri(run.Text("dashboardUrl")!);
        using var page = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(login.GetLeftPart(UriPartial.Authority)) };
        using (var answer = await page.GetAsync(login, suite.Limit)) Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        var services = (await GetAsync("/api/resources")).List("resources").Where(r => r.Text("type") == "Project").Select(r => r.Text("name")!).ToHashSet();
        Assert.Contains("gateway", services);
        await UntilAsync("/api/metrics", a => services.IsSubsetOf(a.List("instruments").Select(i => i.Text("resource")!)));
        await UntilAsync("/api/resources", a => a.List("resources").Where(r => services.Contains(r.Text("name")!)).All(r => r.Text("health") == "Healthy"));
        var gateway = (await GetAsync("/api/resources")).List("resources").Single(r => r.Text("name") == "gateway").List("urls").Select(u => u.Text("url")!).First(u => u.StartsWith("http", StringComparison.Ordinal));
        using (var asked = await page.GetAsync(new Uri(new Uri(gateway), "/api/recommendations?userId=somebody"), suite.Limit)) Assert.True(asked.StatusCode < HttpStatusCode.InternalServerError);
        await UntilAsync("/api/traces?resource=gateway", a => a.List("traces").Count > 0);
        var telemetry = (await GetAsync("/api/overview")).GetProperty("telemetry");
        Assert.Equal([0, 0, 0], ((string[])["droppedSpans", "droppedLogs", "droppedPoints"]).Select(n => telemetry.Number(n)));
        Assert.Equal(0, await suite.StopAsync());

        async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await page.GetStringAsync(path, suite.Limit)).RootElement;

        async Task UntilAsync(string path, Func<JsonElement, bool> condition)
        {
            while (!condition(await GetAsync(path))) await Task.Delay(100, suite.Limit);
        }
    }
}
