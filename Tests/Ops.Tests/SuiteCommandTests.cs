using System.Text.Json;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.Contracts.View.V1;

namespace RecoAspire.Ops.Tests;

/// <summary>Commands that speak to the services, against real gRPC servers with the services' contracts.</summary>
public sealed class SuiteCommandTests
{
    private const string AdminKey = "the-administrators-key";

    /// <summary>What a service with one view does; a test sets what it wants to see.</summary>
    private sealed class Service(string view)
    {
        public string View => view;

        public long Position { get; set; } = 100;

        public long End { get; set; } = 100;

        /// <summary>Called with every question for positions.</summary>
        public Action<Service>? Asked { get; set; }

        public int Rebuilds { get; set; }

        public TrainRequest? Trained { get; set; }

        public int Busy { get; set; }
    }

    private sealed class Views(Service service) : ViewService.ViewServiceBase
    {
        public override Task<GetPositionsResponse> GetPositions(GetPositionsRequest request, ServerCallContext context)
        {
            service.Asked?.Invoke(service);
            return Task.FromResult(new GetPositionsResponse
            {
                Positions = { new ViewPosition { View = service.View, Topic = "catalog", NextOffset = service.Position, EndOffset = service.End, Connected = true } },
            });
        }

        public override async Task Rebuild(RebuildRequest request, IServerStreamWriter<RebuildProgress> responseStream, ServerCallContext context)
        {
            if (context.RequestHeaders.GetValue("x-admin-key") != AdminKey) throw new RpcException(new Status(StatusCode.PermissionDenied, "the administrator's key is needed"));
            if (request.View != service.View) throw new RpcException(new Status(StatusCode.NotFound, $"no view '{request.View}'"));
            service.Rebuilds++;
            for (var at = 0; at <= 100; at += 50) await responseStream.WriteAsync(new RebuildProgress { Topic = "catalog", NextOffset = at, EndOffset = 100 });
        }

        public override Task<GetDigestResponse> GetDigest(GetDigestRequest request, ServerCallContext context) =>
            Task.FromResult(new GetDigestResponse { Sha256 = $"digest-of-{request.View}", Entries = 3 });
    }

    private sealed class Embedding(Service service) : EmbeddingService.EmbeddingServiceBase
    {
        public override async Task Train(TrainRequest request, IServerStreamWriter<TrainProgress> responseStream, ServerCallContext context)
        {
            if (service.Busy-- > 0) throw new RpcException(new Status(StatusCode.AlreadyExists, "a training is running"));
            service.Trained = request;
            await responseStream.WriteAsync(new TrainProgress { Stage = TrainProgress.Types.Stage.Training, Epoch = 2, Epochs = 2, Loss = 0.25 });
            await responseStream.WriteAsync(new TrainProgress
            {
                Stage = TrainProgress.Types.Stage.Done,
                Epoch = 2,
                Epochs = 2,
                ModelVersion = "als-7",
                Interactions = 12,
                Viewers = 3,
                Items = 4,
            });
        }
    }

    private static async Task<WebApplication> StartAsync(Service service)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, o => o.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(service);
        var app = builder.Build();
        app.MapGrpcService<Views>();
        app.MapGrpcService<Embedding>();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static Scratch RunFile(params (string Name, WebApplication App)[] services) => new Scratch().Write(".data/run.json", JsonSerializer.Serialize(new
    {
        version = 1,
        appHostPid = Environment.ProcessId,
        startedAt = "2026-03-01T00:00:00Z",
        adminKey = AdminKey,
        resources = services.Select(s => new { name = s.Name, type = "Project", pid = Environment.ProcessId, endpoints = new { grpc = s.App.Urls.First() } }),
    }));

    [Fact]
    public async Task Rebuild_finds_the_service_that_has_the_view_and_shows_the_administrators_key()
    {
        var (graph, profiles) = (new Service("graph"), new Service("profiles"));
        await using var first = await StartAsync(graph);
        await using var second = await StartAsync(profiles);
        using var folder = RunFile(("graph", first), ("profile", second));

        var run = await OpsProcess.RunAsync(folder.Path, "rebuild", "profiles");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("profiles: rebuilt", run.Output, StringComparison.Ordinal);
        Assert.Equal((0, 1), (graph.Rebuilds, profiles.Rebuilds));

        var unknown = await OpsProcess.RunAsync(folder.Path, "rebuild", "nothing");
        Assert.Equal(2, unknown.ExitCode);
        Assert.Equal("error: no view 'nothing'; there is: graph, profiles\n", unknown.Error);
    }

    [Fact]
    public async Task A_wrong_key_is_one_line_and_exit_code_1()
    {
        await using var app = await StartAsync(new Service("graph"));
        using var folder = RunFile(("graph", app));
        var path = Path.Combine(folder.Path, ".data", "run.json");
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).Replace(AdminKey, "guess", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var run = await OpsProcess.RunAsync(folder.Path, "rebuild", "graph");
        Assert.Equal((1, "error: PermissionDenied: the administrator's key is needed\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Train_waits_for_a_training_that_runs_and_prints_the_version()
    {
        var service = new Service("models") { Busy = 1 };
        await using var app = await StartAsync(service);
        using var folder = RunFile(("embedding", app));
        var run = await OpsProcess.RunAsync(folder.Path, "train", "--epochs", "2", "--dimensions", "16");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("als-7: 12 interactions of 3 viewers with 4 items, 2 epochs", run.Output, StringComparison.Ordinal);
        Assert.Contains("loss 0.2500", run.Output, StringComparison.Ordinal);
        Assert.Equal((2, 16), (service.Trained!.Epochs, service.Trained.Dimensions));
    }

    [Fact]
    public async Task Digest_prints_every_view_of_every_service()
    {
        await using var first = await StartAsync(new Service("graph"));
        await using var second = await StartAsync(new Service("profiles"));
        using var folder = RunFile(("graph", first), ("profile", second));
        var run = await OpsProcess.RunAsync(folder.Path, "digest");
        Assert.Equal("digest-of-graph  graph/graph  3 entries\ndigest-of-profiles  profile/profiles  3 entries\n", run.Output);
    }

    [Fact]
    public async Task A_digest_of_a_suite_with_a_dead_service_fails_instead_of_leaving_it_out()
    {
        await using var first = await StartAsync(new Service("graph"));
        var second = await StartAsync(new Service("profiles"));
        using var folder = RunFile(("graph", first), ("profile", second));
        await second.DisposeAsync();
        var run = await OpsProcess.RunAsync(folder.Path, "digest");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("profile", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_returns_when_the_views_have_reached_the_end_of_the_log()
    {
        var service = new Service("graph") { Position = 0, Asked = s => s.Position = Math.Min(s.End, s.Position + 40) };
        await using var app = await StartAsync(service);
        using var folder = RunFile(("graph", app));
        var run = await OpsProcess.RunAsync(folder.Path, "wait");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(100, service.Position);
    }

    [Fact]
    public async Task Wait_names_the_view_that_stays_behind()
    {
        await using var app = await StartAsync(new Service("graph") { Position = 7 });
        using var folder = RunFile(("graph", app));
        var run = await OpsProcess.RunAsync(folder.Path, "wait", "--timeout-seconds", "1");
        Assert.Equal((1, "error: not within 1 s: graph catalog 7/100\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Wait_does_not_call_a_suite_settled_while_one_of_its_services_cannot_be_asked()
    {
        await using var first = await StartAsync(new Service("graph"));
        var second = await StartAsync(new Service("profiles"));
        using var folder = RunFile(("graph", first), ("profile", second));
        await second.DisposeAsync();
        var run = await OpsProcess.RunAsync(folder.Path, "wait", "--timeout-seconds", "4");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("profile cannot be asked", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_shows_processes_memory_and_positions_for_people_and_for_machines()
    {
        await using var app = await StartAsync(new Service("graph") { Position = 90 });
        using var folder = RunFile(("graph", app));
        var run = await OpsProcess.RunAsync(folder.Path, "status");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("apphost", run.Output, StringComparison.Ordinal);
        Assert.Contains("catalog", run.Output, StringComparison.Ordinal);

        using var json = JsonDocument.Parse((await OpsProcess.RunAsync(folder.Path, "status", "--json")).Output);
        var resources = json.RootElement.GetProperty("resources").EnumerateArray().ToList();
        Assert.Equal(["apphost", "graph"], resources.Select(r => r.GetProperty("name").GetString()));
        Assert.All(resources, r => Assert.True(r.GetProperty("rssBytes").GetInt64() > 1_000_000));
        Assert.Equal(resources.Sum(r => r.GetProperty("rssBytes").GetInt64()), json.RootElement.GetProperty("totalRssBytes").GetInt64());
        var view = Assert.Single(json.RootElement.GetProperty("views").EnumerateArray());
        Assert.Equal(("graph", 90, 100), (view.GetProperty("view").GetString(), view.GetProperty("position").GetInt64(), view.GetProperty("end").GetInt64()));
        Assert.Equal(app.Urls.First(), resources[1].GetProperty("endpoints").GetProperty("grpc").GetString());
    }

    [Fact]
    public async Task Where_there_is_no_run_file_the_environment_names_the_services_and_the_key()
    {
        var service = new Service("graph");
        await using var first = await StartAsync(service);
        await using var second = await StartAsync(new Service("profiles"));
        using var folder = new Scratch();
        var variables = new Dictionary<string, string>
        {
            ["services__graph__http__0"] = first.Urls.First(),
            ["services__profile__http__0"] = $"dns:///{new Uri(second.Urls.First()).Authority}",
            ["Admin__Key"] = AdminKey,
        };
        var digest = await OpsProcess.RunAsync(folder.Path, variables, "digest");
        Assert.Equal("digest-of-graph  graph/graph  3 entries\ndigest-of-profiles  profile/profiles  3 entries\n", digest.Output);
        Assert.Equal(0, (await OpsProcess.RunAsync(folder.Path, variables, "rebuild", "graph")).ExitCode);
        Assert.Equal(1, service.Rebuilds);
        Assert.Equal(0, (await OpsProcess.RunAsync(folder.Path, variables, "wait")).ExitCode);

        await second.DisposeAsync();
        using var status = JsonDocument.Parse((await OpsProcess.RunAsync(folder.Path, variables, "status", "--json")).Output);
        // These servers have no health service: they answer, and that is all that is known.
        Assert.Equal([("graph", "running"), ("profile", "no answer")], status.RootElement.GetProperty("resources").EnumerateArray().Select(r => (r.GetProperty("name").GetString(), r.GetProperty("state").GetString())));

        variables["services__profile__http__0"] = "profile:8000";
        var wrong = await OpsProcess.RunAsync(folder.Path, variables, "digest");
        Assert.Equal((2, "error: 'profile:8000' is no address: http://host:port or dns:///host:port is\n"), (wrong.ExitCode, wrong.Error));
    }

    [Fact]
    public async Task A_run_file_comes_before_the_environment()
    {
        await using var app = await StartAsync(new Service("graph"));
        using var folder = RunFile(("graph", app));
        var run = await OpsProcess.RunAsync(folder.Path, new Dictionary<string, string> { ["services__profile__http__0"] = "http://127.0.0.1:1" }, "digest");
        Assert.Equal("digest-of-graph  graph/graph  3 entries\n", run.Output);
    }

    [Fact]
    public async Task Without_a_running_suite_the_commands_say_how_to_start_one()
    {
        using var empty = new Scratch();
        var run = await OpsProcess.RunAsync(empty.Path, "status", "--run-file", Path.Combine(empty.Path, "run.json"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is the suite running?", run.Error, StringComparison.Ordinal);
    }
}
