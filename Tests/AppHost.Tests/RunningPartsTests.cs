using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using RecoAspire.Hosting.Running;

namespace RecoAspire.AppHost.Tests;

public sealed class RunningPartsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("apphost-").FullName;
    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_delay_doubles_up_to_30_s_and_stays_within_20_percent() =>
        Gen.Select(Gen.Int[1, int.MaxValue], Gen.Double[0, 1]).Sample((crashes, chance) =>
        {
            var middle = Math.Min(30, 0.5 * Math.Pow(2, Math.Min(crashes - 1, 1000)));
            return RestartPolicy.DelayFor(crashes, chance).TotalSeconds is var s && s >= (middle * 0.8) - 1e-6 && s <= (middle * 1.2) + 1e-6;
        });

    [Fact]
    public void The_first_crash_waits_half_a_second_and_the_middle_of_chance_is_exact()
    {
        Assert.Equal(TimeSpan.FromSeconds(0.5), RestartPolicy.DelayFor(1, 0.5));
        Assert.Equal(TimeSpan.FromSeconds(4), RestartPolicy.DelayFor(4, 0.5));
        Assert.Equal(TimeSpan.FromSeconds(30), RestartPolicy.DelayFor(100, 0.5));
    }

    [Fact]
    public void A_circle_of_waits_is_refused_by_its_names()
    {
        var (a, b, c) = (Project("a"), Project("b"), Project("c"));
        a.WaitFor(b);
        b.WaitForStart(c);
        c.WaitForCompletion(a);
        var error = Assert.Throws<DistributedApplicationException>(() => WaitGraph.DemandNoCycle(_builder.Resources));
        Assert.Contains("a -> b -> c -> a", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_ways_to_the_same_resource_are_no_circle()
    {
        var (a, b, c, d) = (Project("a"), Project("b"), Project("c"), Project("d"));
        a.WaitFor(b).WaitFor(c);
        b.WaitFor(d);
        c.WaitFor(d);
        WaitGraph.DemandNoCycle(_builder.Resources);
    }

    [Fact]
    public void Waits_for_earlier_resources_never_make_a_circle_and_one_back_edge_always_does() =>
        Gen.Select(Gen.Int[2, 12], Gen.Int[0, int.MaxValue]).Sample((count, bits) =>
        {
            var builder = DistributedApplication.CreateBuilder();
            var all = Enumerable.Range(0, count).Select(i => builder.AddProject($"r{i}", "x.csproj")).ToList();
            for (var i = 1; i < count; i++)
            {
                all[i].WaitFor(all[i - 1]);
                if (i > 1 && (bits >> i & 1) == 1) all[i].WaitFor(all[bits % (i - 1)]);
            }

            WaitGraph.DemandNoCycle(builder.Resources);
            all[0].WaitFor(all[count - 1]);
            Assert.Throws<DistributedApplicationException>(() => WaitGraph.DemandNoCycle(builder.Resources));
        }, iter: 30, threads: 1);

    [Fact]
    public void A_fixed_port_in_use_is_one_line_with_resource_and_port()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var error = Assert.Throws<DistributedApplicationException>(() => Allocator().Allocate(Project("web").WithHttpEndpoint(port: port, name: "http").Resource));
        Assert.StartsWith($"'web' needs port {port} (http), which is in use", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Two_endpoints_cannot_have_the_same_fixed_port()
    {
        var port = FreePort();
        var ports = Allocator();
        ports.Allocate(Project("a").WithHttpEndpoint(port: port).Resource);
        Assert.Throws<DistributedApplicationException>(() => ports.Allocate(Project("b").WithHttpEndpoint(port: port).Resource));
    }

    [Fact]
    public void Random_ports_differ_and_take_the_place_of_fixed_ones()
    {
        var ports = Allocator(("DcpPublisher:RandomizePorts", "true"));
        var given = Enumerable.Range(0, 50).Select(i =>
        {
            var project = Project($"r{i}").WithHttpEndpoint(port: 8080);
            ports.Allocate(project.Resource);
            return project.GetEndpoint("http").Port;
        }).ToList();
        Assert.Equal(50, given.Distinct().Count());
        Assert.DoesNotContain(8080, given);
    }

    [Fact]
    public async Task The_run_file_holds_key_pids_and_addresses_for_its_owner_only()
    {
        Allocator().Allocate(Project("web").WithHttpEndpoint(name: "http").WithHttpEndpoint(name: "grpc").Resource);
        _builder.AddExecutable("job", "sh", ".");
        _builder.AddParameter("hidden");
        var notifications = new ResourceNotificationService();
        await notifications.PublishUpdateAsync(_builder.Resources[0], s => s with { State = KnownResourceStates.Running, Replicas = [Replica("web-1", 4711), Replica("web-2", 4712)] });
        var file = RunFile(notifications, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        file.Write("key");

        var path = Path.Combine(_folder, "run.json");
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        var root = json.RootElement;
        Assert.Equal(1, root.GetProperty("version").GetInt32());
        Assert.Equal(Environment.ProcessId, root.GetProperty("appHostPid").GetInt32());
        Assert.Equal("key", root.GetProperty("adminKey").GetString());
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), root.GetProperty("startedAt").GetDateTimeOffset());
        var resources = root.GetProperty("resources").EnumerateArray().ToList();
        Assert.Equal(["web", "job"], resources.Select(r => r.GetProperty("name").GetString()));
        Assert.Equal(4711, resources[0].GetProperty("pid").GetInt32());
        Assert.Equal([4711, 4712], resources[0].GetProperty("pids").EnumerateArray().Select(p => p.GetInt32()));
        Assert.Empty(resources[1].GetProperty("pids").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, resources[1].GetProperty("pid").ValueKind);
        var endpoint = _builder.Resources[0].Annotations.OfType<EndpointAnnotation>().Last().AllocatedEndpoint!;
        Assert.Equal($"http://127.0.0.1:{endpoint.Port}", resources[0].GetProperty("endpoints").GetProperty("grpc").GetString());
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));

        file.Delete();
        Assert.Empty(Directory.EnumerateFiles(_folder));
    }

    [Fact]
    public void Whoever_reads_the_run_file_sees_a_whole_one()
    {
        for (var i = 0; i < 20; i++) Project($"r{i}");
        var file = RunFile(new ResourceNotificationService(), DateTimeOffset.UtcNow);
        file.Write("key");
        using var started = new Barrier(2);
        var writing = Task.Run(() =>
        {
            started.SignalAndWait();
            for (var i = 0; i < 200; i++) file.Write("key");
        });
        started.SignalAndWait();
        do
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder, "run.json")));
            Assert.Equal(20, json.RootElement.GetProperty("resources").GetArrayLength());
        }
        while (!writing.IsCompleted);
        Assert.True(writing.IsCompletedSuccessfully);
    }

    [Fact]
    public void One_data_folder_has_one_AppHost()
    {
        using (var first = Root())
        {
            first.Lock();
            using var second = Root();
            var error = Assert.Throws<DistributedApplicationException>(second.Lock);
            Assert.Contains($"Another AppHost runs on '{_folder}'", error.Message, StringComparison.Ordinal);
        }

        using var third = Root();
        third.Lock();
    }

    [Fact]
    public void Without_configuration_the_data_lies_beside_the_AppHost() =>
        Assert.Equal(Path.Combine(_folder, ".data"), DataRoot.From(new ConfigurationManager(), Path.Combine(_folder, "AppHost")).Path);

    [Fact]
    public void Console_lines_are_aligned_and_without_colours_plain()
    {
        using var output = new LineWriter();
        var console = new ConsoleLog(output, colour: false);
        console.Introduce(["web", "vectorsearch"]);
        console.Resource("web", "up");
        console.Notice("vectorsearch", "down");
        console.Host("all");
        Assert.Equal(["web          | up", "vectorsearch | down", "all"], output.Lines);
    }

    [Fact]
    public void Every_resource_has_a_colour_of_its_own_and_keeps_it()
    {
        using var output = new LineWriter();
        var console = new ConsoleLog(output, colour: true);
        console.Introduce(["a", "b"]);
        console.Introduce(["a"]);
        console.Resource("a", "x");
        console.Resource("b", "x");
        console.Notice("a", "x");
        Assert.Equal(["\u001b[36ma        |\u001b[0m x", "\u001b[33mb        |\u001b[0m x", "\u001b[36ma        |\u001b[0m \u001b[1;31mx\u001b[0m"], output.Lines);
    }

    [Fact]
    public async Task A_wait_ends_at_the_state_that_is_there_or_comes()
    {
        var limit = TestContext.Current.CancellationToken;
        var notifications = new ResourceNotificationService();
        var web = Project("web").Resource;
        var healthy = notifications.WaitForResourceHealthyAsync("WEB", limit);
        await notifications.PublishUpdateAsync(web, s => s with { State = KnownResourceStates.Running, HealthStatus = HealthStatus.Unhealthy });
        await notifications.WaitForResourceAsync("web", cancellationToken: limit);
        Assert.False(healthy.IsCompleted);
        await notifications.PublishUpdateAsync(web, s => s with { HealthStatus = HealthStatus.Healthy });
        Assert.Equal(HealthStatus.Healthy, (await healthy).Snapshot.HealthStatus);
    }

    [Fact]
    public async Task A_wait_that_is_cancelled_ends()
    {
        using var cancel = new CancellationTokenSource();
        var waiting = new ResourceNotificationService().WaitForResourceAsync("web", cancellationToken: cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private RunFile RunFile(ResourceNotificationService notifications, DateTimeOffset startedAt) =>
        new(Root(), new DistributedApplicationModel(_builder.Resources), notifications, new FakeTimeProvider(startedAt));

    private static ReplicaSnapshot Replica(string id, int pid) => new(id, KnownResourceStates.Running, HealthStatus.Healthy, [], pid, null, 0, null);

    private DataRoot Root() => DataRoot.From(Configuration(("Data:Root", _folder)), "/nowhere");

    private static PortAllocator Allocator(params (string Key, string Value)[] settings) => new(Configuration(settings));

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create<string, string?>(s.Key, s.Value))).Build();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private IResourceBuilder<ProjectResource> Project(string name) => _builder.AddProject(name, "x.csproj");
}
