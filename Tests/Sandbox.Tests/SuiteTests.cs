using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Grpc.Health.V1;
using RecoAspire.Sandbox.Tests.Manifests;
using RecoAspire.Sandbox.Tests.Sandboxes;

namespace RecoAspire.Sandbox.Tests;

/// <summary>The published services run with what the manifests grant them, and with nothing else.</summary>
public sealed class SuiteTests(PublishedServices published, SuiteTests.Fixture fixture, ITestOutputHelper output) : IClassFixture<SuiteTests.Fixture>
{
    public static TheoryData<string> Services => [.. ManifestSet.Services];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_service_is_alive_and_ready_and_its_metrics_are_on_their_port_only(string service)
    {
        var suite = fixture.Require();
        var plan = suite[service].Plan;

        Assert.Equal(HttpStatusCode.OK, await suite.GetStatusAsync(plan.Http("/health/live"), Cancellation));
        Assert.Equal(HttpStatusCode.OK, await suite.GetStatusAsync(plan.Http("/health/ready"), Cancellation));
        var metrics = await suite.Http.GetStringAsync(new Uri($"http://127.0.0.1:{plan.Ports[SandboxedSuite.MetricsPort]}/metrics"), Cancellation);
        Assert.Contains("# TYPE", metrics);
        if (SandboxedSuite.MetricsPort != "http") Assert.Equal(HttpStatusCode.NotFound, await suite.GetStatusAsync(plan.Http("/metrics"), Cancellation));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task A_service_serves_by_the_gRPC_health_protocol(string service)
    {
        var suite = fixture.Require();

        Assert.Equal(
            HealthCheckResponse.Types.ServingStatus.Serving,
            await SandboxedSuite.CheckAsync(suite[service].Plan.Ports["grpc"], "", Cancellation));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Every_probe_of_the_manifest_succeeds(string service)
    {
        var suite = fixture.Require();
        var probes = suite[service].Plan.Probes;

        Assert.Contains(probes, p => p.Name == "readinessProbe");
        Assert.Contains(probes, p => p.Name == "livenessProbe");
        foreach (var probe in probes)
        {
            if (probe.HttpPath is { } path)
                Assert.Equal(HttpStatusCode.OK, await suite.GetStatusAsync(new Uri($"http://127.0.0.1:{probe.Port}{path}"), Cancellation));
            else
                Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, await SandboxedSuite.CheckAsync(probe.Port, probe.GrpcService, Cancellation));
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_runs_as_the_manifests_user_without_capabilities_and_nothing_but_its_mounts_can_be_written(string service)
    {
        var sandbox = fixture.Require()[service];
        var plan = sandbox.Plan;

        Assert.True(plan.ReadOnlyRoot, "the manifest does not make the root read-only");
        Assert.NotEqual(0, plan.Uid);
        if (Environment.IsPrivilegedProcess) Assert.Equal([.. Enumerable.Repeat($"{plan.Uid}", 4)], sandbox.Status("Uid").Split('\t'));
        else Assert.DoesNotContain("0", sandbox.Status("Uid").Split('\t'));
        Assert.All(["CapInh", "CapPrm", "CapEff", "CapAmb"], set => Assert.Equal(0UL, Convert.ToUInt64(sandbox.Status(set), 16)));
        Assert.Equal("1", sandbox.Status("NoNewPrivs"));

        string[] writable = [.. sandbox.MountPoints().Where(m => m.Writable).Select(m => m.Path)];
        // The kernel's own (nothing of it belongs to the user) and the devices.
        string[] granted = [.. plan.Mounts.Where(m => !m.ReadOnly).Select(m => m.Path), "/proc"];
        Assert.All(writable, path => Assert.True(granted.Contains(path) || path.StartsWith("/dev/", StringComparison.Ordinal), $"{path} can be written"));
        Assert.All(plan.Mounts.Where(m => !m.ReadOnly), mount => Assert.Contains(mount.Path, writable));
        Assert.False(File.Exists($"/proc/{sandbox.Pid}/root/bin/sh") || File.Exists($"/proc/{sandbox.Pid}/root/usr/bin/sh"), "there is a shell");
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void In_a_pod_a_service_is_heard_on_every_interface(string service)
    {
        PublishedServices.Require();
        var plan = ManifestSet.Load(ManifestSet.Folder).Plan(new SandboxValues(ManifestSet.Services), service).Single();

        // Here it is loopback, which would also be the default: only the manifest can show that a pod will be reached.
        Assert.Contains(plan.Replacements, r => r is { Variable: "LISTEN_ADDRESS", From: "0.0.0.0" or "::" });
        Assert.Equal(["grpc", "http", "metrics"], plan.Ports.Keys.Order());
    }

    [Fact]
    public async Task A_title_goes_through_the_whole_suite_and_comes_back()
    {
        var suite = fixture.Require();
        var gateway = suite["gateway"].Plan;
        var id = $"sandbox-{Guid.NewGuid():N}";

        using var put = await suite.Http.PutAsJsonAsync(
            gateway.Http("/api/catalog/items"),
            new { items = new[] { new { id, kind = "film", title = "Été à Montréal", genres = new[] { "drame" }, people = new[] { "Agnès Varda" } } } },
            Cancellation);
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync(Cancellation));
        await suite.UntilAsync("gateway", () => suite.GetStatusAsync(gateway.Http($"/api/items/{id}"), Cancellation), HttpStatusCode.OK);

        Assert.Equal("Été à Montréal", (await GetAsync($"/api/items/{id}")).GetProperty("title").GetString());
        // By meaning and by title without accents: the embedding's vectors, the vector search and ICU.
        await suite.UntilAsync("gateway", async () => Found(await GetAsync("/api/search?q=ete%20a%20montreal"), id), true);
        await suite.UntilAsync(
            "gateway", async () => (await GetAsync("/api/recommendations?userId=sandbox")).GetProperty("degraded").GetArrayLength(), 0);
        Assert.Contains((await GetAsync("/api/recommendations?userId=sandbox")).GetProperty("items").EnumerateArray(), i => i.GetProperty("itemId").GetString() == id);

        Report(suite);

        async Task<JsonElement> GetAsync(string path) => await suite.Http.GetFromJsonAsync<JsonElement>(gateway.Http(path), Cancellation);
    }

    [Fact]
    public async Task SIGTERM_ends_every_service_within_its_grace_period_with_exit_code_0()
    {
        PublishedServices.Require();
        await using var suite = await SandboxedSuite.StartAsync(published, Cancellation);

        foreach (var service in ManifestSet.Services.Reverse())
        {
            var (exitCode, took) = await suite[service].TerminateAsync(Cancellation);
            output.WriteLine($"{service}: exit code {exitCode} after {took.TotalMilliseconds:0} ms");
            Assert.True(exitCode == 0, $"{service}: exit code {exitCode}\n{suite[service].Output}");
        }
    }

    private static bool Found(JsonElement answer, string id) =>
        answer.GetProperty("items").EnumerateArray().Any(i => i.GetProperty("itemId").GetString() == id);

    private void Report(SandboxedSuite suite)
    {
        var table = new StringBuilder("service        VmRSS MB   VmHWM MB   published MB\n");
        foreach (var service in ManifestSet.Services.Append("ops"))
        {
            var sizeBytes = new DirectoryInfo(published.Application(service)).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
            var (resident, peak) = service == "ops" ? ("-", "-") : (Megabytes(suite[service].Status("VmRSS")), Megabytes(suite[service].Status("VmHWM")));
            table.AppendLine(CultureInfo.InvariantCulture, $"{service,-12} {resident,10} {peak,10} {sizeBytes / 1e6,14:0.0}");
        }

        output.WriteLine(table.ToString());
        TestContext.Current.SendDiagnosticMessage("{0}", table);

        static string Megabytes(string kilobytes) =>
            (long.Parse(kilobytes.Split(' ')[0], CultureInfo.InvariantCulture) * 1024 / 1e6).ToString("0", CultureInfo.InvariantCulture);
    }

    public sealed class Fixture(PublishedServices published) : IAsyncLifetime
    {
        private SandboxedSuite? _suite;

        public async ValueTask InitializeAsync()
        {
            if (Bubblewrap.UnavailableBecause is null) _suite = await SandboxedSuite.StartAsync(published, CancellationToken.None);
        }

        public ValueTask DisposeAsync() => _suite?.DisposeAsync() ?? ValueTask.CompletedTask;

        /// <summary>The running suite; skips the test where there can be no sandboxes.</summary>
        internal SandboxedSuite Require()
        {
            PublishedServices.Require();
            return _suite!;
        }
    }
}
