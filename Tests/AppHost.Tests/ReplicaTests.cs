using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RecoAspire.AppHost.Tests;

/// <summary>Three real web servers behind one port.</summary>
public sealed class ReplicaTests
{
    [Fact]
    public async Task Connections_go_to_each_replica_in_turn_and_each_listens_on_a_port_of_its_own()
    {
        await using var app = new ReplicaApp(3);
        app.OpenGates();
        await app.StartAsync();
        await app.WhenAsync(s => s.HealthStatus == HealthStatus.Healthy);
        var answers = await app.AskAsync(12);

        Assert.Equal(app.Pids.Order(), answers.Select(a => a.Pid).Distinct().Order());
        Assert.All(answers.GroupBy(a => a.Pid), g => Assert.Equal(4, g.Count()));
        Assert.Equal(app.ReplicaPorts.Order(), answers.Select(a => a.Port).Distinct().Order());
        Assert.DoesNotContain(app.Web.GetEndpoint("http").Port, app.ReplicaPorts);
        Assert.Equal(["web-1", "web-2", "web-3"], app.Snapshot.Replicas.Select(r => r.Id));
    }

    [Fact]
    public async Task Who_waits_starts_when_all_are_healthy_and_until_then_the_resource_is_degraded()
    {
        await using var app = new ReplicaApp(3);
        app.App.AddShell("client", "echo started").WaitFor(app.Web);
        await app.StartAsync();
        app.OpenGate(0);
        app.OpenGate(1);
        await app.WhenAsync(s => s.HealthStatus == HealthStatus.Degraded && s.Replicas.Count(r => r.HealthStatus == HealthStatus.Healthy) == 2 && s.Replicas[2].ProcessId is not null);
        Assert.Equal(KnownResourceStates.Waiting, app.App.Current("client").State);
        app.OpenGate(2);
        await app.App.WhenAsync("client", s => s.State == KnownResourceStates.Finished);
        Assert.Equal(HealthStatus.Healthy, app.Snapshot.HealthStatus);
    }

    [Fact]
    public async Task A_killed_replica_comes_back_and_meanwhile_the_others_answer()
    {
        await using var app = new ReplicaApp(3);
        app.OpenGates();
        await app.StartAsync();
        await app.WhenAsync(s => s.HealthStatus == HealthStatus.Healthy);
        var before = app.Pids;
        // The one that takes its place does not get well before the test has looked.
        app.CloseGate(1);
        Kill(before[1]);
        await app.WhenAsync(s => s.HealthStatus == HealthStatus.Degraded && s.Replicas[1] is { Restarts: 1, ProcessId: not null });

        var answers = await app.AskAsync(10);
        Assert.Equal(new[] { before[0], before[2] }.Order(), answers.Select(a => a.Pid).Distinct().Order());
        Assert.Equal(KnownResourceStates.Running, app.Snapshot.State);
        Assert.Equal(1, app.Snapshot.Restarts);

        app.OpenGate(1);
        await app.WhenAsync(s => s.HealthStatus == HealthStatus.Healthy);
        Assert.Equal(app.Pids.Order(), (await app.AskAsync(6)).Select(a => a.Pid).Distinct().Order());
        Assert.DoesNotContain(before[1], app.Pids);
    }

    [Fact]
    public async Task One_replica_stops_and_starts_by_command_and_stays_down_in_between()
    {
        await using var app = new ReplicaApp(3);
        app.OpenGates();
        await app.StartAsync();
        await app.WhenAsync(s => s.HealthStatus == HealthStatus.Healthy);
        var before = app.Pids;

        Assert.True((await app.App.Commands.ExecuteCommandAsync("web-2", KnownResourceCommands.StopCommand, app.App.Limit)).Success);
        Assert.Equal(KnownResourceStates.Exited, app.Snapshot.Replicas[1].State.Text);
        Assert.Equal(KnownResourceStates.Running, app.Snapshot.State);
        Assert.Equal(HealthStatus.Degraded, app.Snapshot.HealthStatus);
        Assert.Equal(new[] { before[0], before[2] }.Order(), (await app.AskAsync(6)).Select(a => a.Pid).Distinct().Order());

        Assert.True((await app.App.Commands.ExecuteCommandAsync("web-2", KnownResourceCommands.StartCommand, app.App.Limit)).Success);
        await app.WhenAsync(s => s.HealthStatus == HealthStatus.Healthy);
        Assert.Equal([before[0], before[2]], [app.Pids[0], app.Pids[2]]);
        // Nothing was started because it had ended.
        Assert.Equal(0, app.Snapshot.Restarts);
        Assert.DoesNotContain(app.App.Console.Lines, l => l.Contains("starting again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_restart_by_command_concerns_one_replica_or_all()
    {
        await using var app = new ReplicaApp(2);
        app.OpenGates();
        await app.StartAsync();
        await app.WhenAsync(s => s.HealthStatus == HealthStatus.Healthy);
        var first = app.Pids;
        Assert.True((await app.App.Commands.ExecuteCommandAsync("web-1", KnownResourceCommands.RestartCommand, app.App.Limit)).Success);
        await app.WhenAsync(s => s.HealthStatus == HealthStatus.Healthy && s.Replicas[0].ProcessId != first[0]);
        var second = app.Pids;
        Assert.Equal(first[1], second[1]);

        Assert.True((await app.App.Commands.ExecuteCommandAsync(app.Web.Resource, KnownResourceCommands.RestartCommand, app.App.Limit)).Success);
        await app.WhenAsync(s => s.HealthStatus == HealthStatus.Healthy && !s.Replicas.Any(r => second.Contains(r.ProcessId!.Value)));
        Assert.Equal(2, (await app.AskAsync(4)).Select(a => a.Pid).Distinct().Count());
    }

    [Fact]
    public async Task Replicas_cannot_share_a_fixed_port_of_the_process()
    {
        await using var app = new TestApp();
        app.Builder.AddProject<Projects.Graph>("web").WithReplicas(2).WithHttpEndpoint(targetPort: 8000, name: "http");
        var error = await Assert.ThrowsAsync<DistributedApplicationException>(app.StartAsync);
        Assert.Equal("'web' has 2 replicas, but its endpoint 'http' fixes the port of the process: leave out targetPort and isProxied, or the replicas.", error.Message);
    }

    private static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    /// <summary>The web servers; each is healthy while its gate is open.</summary>
    private sealed class ReplicaApp : IAsyncDisposable
    {
        private readonly string _gates;
        private bool _open;

        public ReplicaApp(int replicas)
        {
            App = new TestApp("--DcpPublisher:RandomizePorts=true");
            _gates = Directory.CreateDirectory(Path.Combine(App.DataRoot, "gates")).FullName;
            Web = App.AddServer("web").WithReplicas(replicas).WithEnvironment("GATE", _gates);
            // Gates are named like ports, which exist before the first process.
            Web.OnResourceEndpointsAllocated((_, _, _) =>
            {
                if (_open) OpenGates();
                return Task.CompletedTask;
            });
        }

        public TestApp App { get; }

        public IResourceBuilder<ProjectResource> Web { get; }

        public CustomResourceSnapshot Snapshot => App.Current("web");

        public IReadOnlyList<int> Pids => [.. Snapshot.Replicas.Select(r => r.ProcessId!.Value)];

        public IReadOnlyList<int> ReplicaPorts => Web.Resource.Annotations.OfType<EndpointAnnotation>().Single().ReplicaPorts;

        public Task StartAsync() => App.StartAsync();

        public Task<ResourceEvent> WhenAsync(Func<CustomResourceSnapshot, bool> condition) => App.WhenAsync("web", condition);

        public void OpenGates()
        {
            _open = true;
            for (var i = 0; i < ReplicaPorts.Count; i++) OpenGate(i);
        }

        public void OpenGate(int replica) => File.WriteAllText(Gate(replica), "");

        public void CloseGate(int replica) => File.Delete(Gate(replica));

        /// <summary>So many requests through the shared port, each over a connection of its own.</summary>
        public async Task<List<(int Pid, int Port)>> AskAsync(int times)
        {
            var answers = new List<(int, int)>();
            for (var i = 0; i < times; i++)
            {
                using var http = new HttpClient();
                var answer = (await http.GetStringAsync(new Uri(Web.GetEndpoint("http").Url), App.Limit)).Split(' ');
                answers.Add((int.Parse(answer[0], CultureInfo.InvariantCulture), int.Parse(answer[1], CultureInfo.InvariantCulture)));
            }

            return answers;
        }

        public ValueTask DisposeAsync() => App.DisposeAsync();

        private string Gate(int replica) => Path.Combine(_gates, $"{ReplicaPorts[replica]}");
    }
}
