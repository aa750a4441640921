using System.Collections.Concurrent;
using System.Net;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RecoAspire.AppHost.Tests;

/// <summary>An AppHost inside a test, as the tests of an application start it.</summary>
public sealed class TestingBuilderTests
{
    private readonly CancellationTokenSource _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public TestingBuilderTests() => _limit.CancelAfter(TimeSpan.FromMinutes(2));

    [Fact]
    public async Task The_suite_starts_answers_logs_and_goes_without_a_trace()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("needs /bin/sh and /proc");
        var log = new Log();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(["--Demo:Enabled=false"], _limit.Token);
        builder.Services.AddSingleton<ILoggerProvider>(log);
        // The services have nothing to say while all is well.
        builder.AddExecutable("talker", "/bin/sh", "/", "-c", "echo hello; echo trouble >&2; exec sleep 1000");
        var folder = builder.Configuration["Data:Root"]!;
        var app = await builder.BuildAsync(_limit.Token);
        Assert.Throws<InvalidOperationException>(() => app.CreateHttpClient("gateway"));
        await app.StartAsync(_limit.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("gateway", _limit.Token);
        using (var http = app.CreateHttpClient("gateway"))
        using (var ready = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), _limit.Token))
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.NotEqual(8080, app.GetEndpoint("gateway").Port);
        Assert.Throws<ArgumentException>(() => app.GetEndpoint("nobody"));
        Assert.Throws<ArgumentException>(() => app.GetEndpoint("gateway", "nowhere"));
        while (!log.Lines.Contains(("Resources.talker", "hello")) || !log.Lines.Contains(("Resources.talker", "trouble"))) await Task.Delay(20, _limit.Token);

        List<int> pids = [.. builder.Resources.Select(r => app.ResourceNotifications.TryGetCurrentState(r.Name, out var s) ? s.Snapshot.ProcessId : null).OfType<int>()];
        Assert.True(pids.Count >= 2, $"only {pids.Count} processes");
        Assert.True(Directory.Exists(folder));
        // In the order of two `await using`: nobody has called StopAsync.
        await app.DisposeAsync();
        Assert.All(pids, pid => Assert.True(ProcessList.IsGone(pid), $"{pid} lives"));
        await builder.DisposeAsync();
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_test_may_change_the_application_before_it_is_built()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("needs /bin/sh");
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(_limit.Token);
        Assert.Contains(builder.Resources, r => r.Name == "gateway");
        builder.Resources.Clear();
        builder.AddExecutable("job", "/bin/sh", "/", "-c", "exit 0");
        var app = await builder.BuildAsync(_limit.Token);
        await app.StartAsync(_limit.Token);
        await app.ResourceNotifications.WaitForResourceAsync("job", KnownResourceStates.Finished, _limit.Token);
    }

    [Fact]
    public async Task What_the_description_throws_comes_out_and_leaves_no_folder()
    {
        string? root = null;
        var usage = await Assert.ThrowsAsync<Hosting.UsageException>(() => CreateAsync("--engines=foo"));
        Assert.Equal("--engines must be embedded, local or containers, not 'foo'.", usage.Message);
        Assert.False(Directory.Exists(root));
        var range = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => CreateAsync("--Gateway:Replicas=99"));
        Assert.Equal("replicas", range.ParamName);
        Assert.False(Directory.Exists(root));

        Task<IDistributedApplicationTestingBuilder> CreateAsync(string argument) => DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [argument], options => root = options.Args!.Single(a => a.StartsWith("--Data:Root=", StringComparison.Ordinal))["--Data:Root=".Length..], _limit.Token);
    }

    [Fact]
    public async Task A_builder_that_is_never_built_goes_with_its_folder()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(_limit.Token);
        var folder = builder.Configuration["Data:Root"]!;
        Assert.True(Directory.Exists(folder));
        await builder.DisposeAsync();
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task An_application_that_is_disposed_while_it_runs_stops_first()
    {
        await using var app = new TestApp();
        app.AddShell("server", "exec sleep 1000");
        await app.StartAsync();
        var pid = (await app.WhenRunningAsync("server")).Snapshot.ProcessId!.Value;
        await app.DisposeApplicationAsync();
        Assert.True(ProcessList.IsGone(pid));
        Assert.False(File.Exists(app.RunFilePath));
    }

    /// <summary>Keeps what is logged.</summary>
    private sealed class Log : ILoggerProvider
    {
        public ConcurrentQueue<(string Category, string Text)> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

        public void Dispose()
        {
            // Nothing is held.
        }

        private sealed class Category(Log log, string name) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                log.Lines.Enqueue((name, formatter(state, exception)));
        }
    }
}
