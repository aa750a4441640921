using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace RecoAspire.Benchmarks;

/// <summary>What a process used.</summary>
internal sealed record ProcessFigures(double MaxMegabytes, double MeanMegabytes, double CoreShare);

/// <summary>The suite as a user starts it, with ports of its own and without the demonstration.</summary>
internal sealed class SuiteProcess : IAsyncDisposable
{
    public const string OtlpKey = "0123456789abcdef0123456789abcdef";
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private readonly string _data = Path.Combine(Path.GetTempPath(), $"otlp-benchmark-{Guid.NewGuid():N}");
    private readonly Process _process;

    private SuiteProcess()
    {
        var (page, grpc, http, gateway) = (FreePort(), FreePort(), FreePort(), FreePort());
        OtlpAddress = $"http://127.0.0.1:{grpc}";
        var start = new ProcessStartInfo("dotnet",
        [
            Dll(), "--Demo:Enabled=false", $"--Data:Root={_data}", $"--Gateway:Port={gateway}", $"--AppHost:OtlpApiKey={OtlpKey}", $"--ASPNETCORE_URLS=http://localhost:{page}",
            $"--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://localhost:{grpc}", $"--ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL=http://localhost:{http}",
        ])
        {
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
        // Read and thrown away: a full pipe would stop the AppHost.
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
    }

    public string OtlpAddress { get; }

    /// <summary>Logged in.</summary>
    public HttpClient Page { get; private set; } = null!;

    public static async Task<SuiteProcess> StartAsync()
    {
        var suite = new SuiteProcess();
        using var limit = new CancellationTokenSource(StartLimit);
        try
        {
            await suite.WaitAsync(limit.Token);
            return suite;
        }
        catch
        {
            await suite.DisposeAsync();
            throw;
        }
    }

    /// <summary>Memory every 100 ms and processor time.</summary>
    public async Task<ProcessFigures> WatchAsync(TimeSpan length)
    {
        var samples = new List<double>();
        _process.Refresh();
        var (started, cpu) = (Stopwatch.GetTimestamp(), _process.TotalProcessorTime);
        while (Stopwatch.GetElapsedTime(started) < length)
        {
            _process.Refresh();
            samples.Add(_process.WorkingSet64 / (double)(1 << 20));
            await Task.Delay(100);
        }

        return new ProcessFigures(samples.Max(), samples.Average(), (_process.TotalProcessorTime - cpu) / Stopwatch.GetElapsedTime(started));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Page?.Dispose();
        if (!_process.HasExited)
        {
            using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"])) await kill.WaitForExitAsync();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        if (Directory.Exists(_data)) Directory.Delete(_data, recursive: true);
    }

    private async Task WaitAsync(CancellationToken limit)
    {
        var runFile = Path.Combine(_data, "run.json");
        while (!File.Exists(runFile)) await StillStartingAsync(limit);
        var login = new Uri(JsonDocument.Parse(await File.ReadAllTextAsync(runFile, limit)).RootElement.GetProperty("dashboardUrl").GetString()!);
        Page = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), UseCookies = true }) { BaseAddress = new Uri(login.GetLeftPart(UriPartial.Authority)) };
        (await Page.GetAsync(login, limit)).EnsureSuccessStatusCode();
        while (true)
        {
            var resources = JsonDocument.Parse(await Page.GetStringAsync("/api/resources", limit)).RootElement.GetProperty("resources").EnumerateArray()
                .Where(r => r.GetProperty("type").GetString() == "Project").ToList();
            var instruments = JsonDocument.Parse(await Page.GetStringAsync("/api/metrics", limit)).RootElement.GetProperty("instruments").EnumerateArray();
            if (resources.All(r => r.GetProperty("health").GetString() == "Healthy") && instruments.Any(i => i.GetProperty("kind").GetString() == "histogram")) return;
            await StillStartingAsync(limit);
        }
    }

    private async Task StillStartingAsync(CancellationToken limit)
    {
        if (_process.HasExited) throw new InvalidOperationException("the AppHost ended; its errors are above");
        await Task.Delay(200, limit);
    }

    private static string Dll()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "RecoAspire.sln"))) return Path.Combine(folder, "AppHost", "bin", "Release", "net10.0", "AppHost.dll");
        }

        throw new InvalidOperationException("RecoAspire.sln is in no folder above");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
