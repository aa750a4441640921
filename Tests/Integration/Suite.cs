using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RecoAspire.Integration;

/// <summary>The whole suite by the testing builder: the AppHost's own entry point in this process, its services as real processes on free ports.</summary>
internal sealed class Suite : RunningSuite, IAsyncDisposable
{
    private readonly bool _ownsData;
    private readonly string[] _arguments;
    private readonly bool _dashboard;
    private readonly SuiteLog _log;
    private IDistributedApplicationTestingBuilder? _builder;
    private HttpClient? _api;

    private Suite(string dataRoot, bool ownsData, bool dashboard, string[] arguments, ITestOutputHelper? output)
        : base(dataRoot) => (_ownsData, _dashboard, _arguments, _log) = (ownsData, dashboard, arguments, new SuiteLog(output));

    public DistributedApplication Application { get; private set; } = null!;

    public override HttpClient Api => _api ?? throw new InvalidOperationException("the suite is not running");

    public override string Tail(int lines) => _log.Tail(lines);

    /// <summary>Starts a suite. With <paramref name="demo"/>, the AppHost imports the demo catalogue by itself.</summary>
    public static async Task<Suite> StartAsync(bool demo, bool dashboard = false, string? dataRoot = null, ITestOutputHelper? output = null, params string[] arguments)
    {
        var root = dataRoot ?? Directory.CreateTempSubdirectory("reco-suite-").FullName;
        var suite = new Suite(root, dataRoot is null, dashboard, [$"--Demo:Enabled={(demo ? "true" : "false")}", .. arguments], output);
        try
        {
            await suite.StartAsync();
        }
        catch
        {
            await suite.DisposeAsync();
            throw;
        }

        return suite;
    }

    /// <summary>Stops the suite in an orderly way and starts it again on the same data.</summary>
    public async Task RestartAsync(Action whileStopped)
    {
        await StopAsync();
        whileStopped();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_ownsData && Directory.Exists(DataRoot)) Directory.Delete(DataRoot, recursive: true);
    }

    private async Task StartAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        _builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [$"--Data:Root={DataRoot}", .. _arguments], options => options.DisableDashboard = !_dashboard, limit.Token);
        _builder.Services.AddLogging(logging => logging.AddProvider(_log));
        Application = await _builder.BuildAsync(limit.Token);
        await Application.StartAsync(limit.Token);
        try
        {
            await Application.ResourceNotifications.WaitForResourceHealthyAsync("gateway", limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"the gateway was not healthy within 120 s:\n{Tail(80)}");
        }

        _api = Application.CreateHttpClient("gateway");
        _api.Timeout = TimeSpan.FromSeconds(30);
    }

    private async Task StopAsync()
    {
        _api?.Dispose();
        _api = null;
        if (_builder is not null) await _builder.DisposeAsync();
        _builder = null;
    }
}
