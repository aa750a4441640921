using System.Diagnostics;
using System.Text.RegularExpressions;
using Grpc.Net.Client;

namespace RecoAspire.Tests;

/// <summary>A service as its own process on free ports, so that it can be killed like one.</summary>
internal sealed partial class ServiceProcess : IDisposable
{
    public const string AdminKey = "test-key";

    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly TaskCompletionSource<string[]> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _addresses = [];

    private ServiceProcess(string assembly, string logAddress, string dataFolder, IEnumerable<KeyValuePair<string, string>> settings)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, assembly));
        start.Environment["HTTP_PORT"] = "0";
        start.Environment["GRPC_PORT"] = "0";
        start.Environment["services__eventlog__http__0"] = logAddress;
        start.Environment["Data__Directory"] = dataFolder;
        start.Environment["Admin__Key"] = AdminKey;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        foreach (var (name, value) in settings) start.Environment[name] = value;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, e) => OnLine(e.Data);
        _process.ErrorDataReceived += (_, e) => OnLine(e.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException("the service ended: " + Output));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public GrpcChannel Channel { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public string Output
    {
        get
        {
            lock (_output) return string.Join('\n', _output);
        }
    }

    public static async Task<ServiceProcess> StartAsync(string assembly, string logAddress, string dataFolder, params IEnumerable<KeyValuePair<string, string>> settings)
    {
        var service = new ServiceProcess(assembly, logAddress, dataFolder, settings);
        try
        {
            // Endpoints are bound and announced in the order of their registration: HTTP, then gRPC.
            var addresses = await service._listening.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            service.Http = new HttpClient { BaseAddress = new Uri(addresses[0]) };
            service.Channel = GrpcChannel.ForAddress(addresses[1]);
            return service;
        }
        catch
        {
            service.Dispose();
            throw;
        }
    }

    /// <summary>SIGKILL: the process gets no chance to finish anything.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        Channel?.Dispose();
        Http?.Dispose();
        _process.Dispose();
    }

    private void OnLine(string? line)
    {
        if (line is null) return;
        lock (_output) _output.Add(line);
        if (ListeningLine().Match(line) is not { Success: true } match) return;
        _addresses.Add(match.Groups[1].Value);
        if (_addresses.Count == 2) _listening.TrySetResult([.. _addresses]);
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex ListeningLine();
}
