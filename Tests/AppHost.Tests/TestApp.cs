using Microsoft.Extensions.DependencyInjection;
using RecoAspire.Hosting.Running;

namespace RecoAspire.AppHost.Tests;

/// <summary>An application in a data folder of its own, whose console is kept in memory.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly CancellationTokenSource _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private DistributedApplication? _app;

    public TestApp(params string[] arguments)
    {
        // A test that hangs fails instead; nothing is asserted about time.
        _limit.CancelAfter(TimeSpan.FromMinutes(2));
        Builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = [$"--Data:Root={DataRoot}", .. arguments], DisableDashboard = true });
        Builder.Services.AddSingleton(new ConsoleLog(Console, colour: false));
    }

    public string DataRoot { get; } = Path.Combine(Path.GetTempPath(), $"apphost-{Guid.NewGuid():N}");

    public LineWriter Console { get; } = new();

    public IDistributedApplicationBuilder Builder { get; }

    public CancellationToken Limit => _limit.Token;

    public ResourceNotificationService Notifications => _app!.ResourceNotifications;

    public ResourceCommandService Commands => _app!.ResourceCommands;

    public IServiceProvider Services => _app!.Services;

    public string RunFilePath => Path.Combine(DataRoot, "run.json");

    /// <summary>Adds a line of shell.</summary>
    public IResourceBuilder<ExecutableResource> AddShell(string name, string script)
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("needs /bin/sh and /proc");
        return Builder.AddExecutable(name, "/bin/sh", ".", "-c", script);
    }

    public async Task StartAsync()
    {
        _app = Builder.Build();
        await _app.StartAsync(Limit);
    }

    public Task StopAsync() => _app!.StopAsync(CancellationToken.None);

    public Task<ResourceEvent> WhenAsync(string name, Func<CustomResourceSnapshot, bool> condition) =>
        Notifications.WaitForResourceAsync(name, e => condition(e.Snapshot), Limit);

    public Task<ResourceEvent> WhenRunningAsync(string name) => WhenAsync(name, s => s.State == KnownResourceStates.Running);

    /// <summary>Where a resource stands now.</summary>
    public CustomResourceSnapshot Current(string name) => Notifications.TryGetCurrentState(name, out var state) ? state.Snapshot : throw new InvalidOperationException($"no '{name}'");

    /// <summary>Waits for something that nobody announces.</summary>
    public async Task EventuallyAsync(Func<bool> condition)
    {
        while (!condition()) await Task.Delay(20, Limit);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
        }

        _limit.Dispose();
        if (Directory.Exists(DataRoot)) Directory.Delete(DataRoot, recursive: true);
    }
}

/// <summary>Keeps lines that several threads write.</summary>
internal sealed class LineWriter : StringWriter
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate) return [.. _lines];
        }
    }

    public override void WriteLine(string? value)
    {
        lock (_gate) _lines.Add(value ?? "");
    }
}
