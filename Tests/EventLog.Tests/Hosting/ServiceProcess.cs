using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Grpc.Net.Client;

namespace RecoAspire.Tests;

/// <summary>
/// A real service in a process of its own, on ports and in a folder that nobody else uses. It can be killed as the kernel kills
/// (SIGKILL) and started again on the same ports and folder.
/// </summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private readonly string _assembly;
    private readonly bool _ownsDirectory;
    private readonly StringBuilder _output = new();
    private Process? _process;

    private ServiceProcess(string assembly, string? directory)
    {
        _assembly = Path.Combine(AppContext.BaseDirectory, assembly + ".dll");
        _ownsDirectory = directory is null;
        DataDirectory = directory ?? Directory.CreateTempSubdirectory("reco-test-").FullName;
        HttpPort = FreePort();
        GrpcPort = FreePort();
    }

    public string DataDirectory { get; }

    public int HttpPort { get; }

    public int GrpcPort { get; }

    public Uri HttpAddress => new($"http://127.0.0.1:{HttpPort}");

    public Uri GrpcAddress => new($"http://127.0.0.1:{GrpcPort}");

    /// <summary>More configuration for the process, as environment variables.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>What it wrote to its console, for messages of failing tests.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    public int ExitCode => _process!.ExitCode;

    /// <summary>The named service, not started.</summary>
    public static ServiceProcess Create(string assembly, string? dataDirectory = null) => new(assembly, dataDirectory);

    public GrpcChannel OpenChannel() => GrpcChannel.ForAddress(GrpcAddress, new GrpcChannelOptions
    {
        MaxReceiveMessageSize = 8 * 1024 * 1024,
        InitialReconnectBackoff = TimeSpan.FromMilliseconds(10),
        MaxReconnectBackoff = TimeSpan.FromMilliseconds(50),
        HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true, ConnectTimeout = TimeSpan.FromSeconds(1) },
    });

    /// <summary>Starts it and returns when it answers on its gRPC port.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Launch();
        while (!await ListensAsync(cancellationToken))
        {
            if (_process!.HasExited) throw new InvalidOperationException($"the service ended with {_process.ExitCode}: {Output}");
            await Task.Delay(10, cancellationToken);
        }
    }

    /// <summary>Starts it and waits for its end, for services that refuse to start.</summary>
    public async Task<int> RunToEndAsync(CancellationToken cancellationToken)
    {
        Launch();
        await _process!.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL; returns when the process is gone.</summary>
    public async Task KillAsync()
    {
        if (_process is null) return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>SIGTERM, as an orderly stop does.</summary>
    public async Task StopAsync()
    {
        if (_process is null) return;
        Assert.Equal(0, SendSignal(_process.Id, 15));
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (_ownsDirectory) Directory.Delete(DataDirectory, recursive: true);
    }

    private void Launch()
    {
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var start = new ProcessStartInfo(dotnet, [_assembly])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = DataDirectory,
        };
        start.Environment["HTTP_PORT"] = $"{HttpPort}";
        start.Environment["GRPC_PORT"] = $"{GrpcPort}";
        start.Environment["Data__Directory"] = DataDirectory;
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Keep(string? line)
    {
        lock (_output) _output.AppendLine(line);
    }

    private async Task<bool> ListensAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, GrpcPort, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int pid, int signal);
}
