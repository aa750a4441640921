using System.Globalization;
using System.Net;
using System.Net.Sockets;
using RecoAspire.Topology;

namespace RecoAspire.Benchmarks.Capacity;

/// <summary>
/// The suite's services with their embedded engines, one process each, started with the settings that their pods get: no collector, no
/// AppHost, metrics on a port of their own, the garbage collector of the topology's workloads and a heap limit as theirs. Only the gateway's
/// deadlines are wider: on a machine that does other work too, an answer without a service would cost less than a whole one.
/// </summary>
internal sealed class Suite : IAsyncDisposable
{
    public const string Gateway = "gateway";
    public const int DependencyDeadlineMs = 5_000;
    private const int BareServers = 2;
    private const int HeapPercent = 75;
    private const string EventLog = "eventlog";
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private static readonly (string Name, string Project)[] Programs =
    [
        (EventLog, "EventLog"), ("profile", "Profile"), ("embedding", "GpuEmbedding"), ("vectorsearch", "VectorSearch"), ("graph", "Graph"), (Gateway, "Gateway"),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("capacity-").FullName;
    private readonly DeploymentTopology _topology;
    private readonly Queue<int> _ports = FreePorts((3 * Programs.Length) + BareServers);
    private readonly Dictionary<string, string> _addresses = [];
    private readonly List<ServiceProcess> _services = [];
    private readonly List<ServiceProcess> _bare = [];

    private Suite(DeploymentTopology topology) => _topology = topology;

    /// <summary>The services, the gateway last.</summary>
    public IReadOnlyList<ServiceProcess> Services => _services;

    /// <summary>The gateway's.</summary>
    public HttpClient Api { get; private set; } = null!;

    public static async Task<Suite> StartAsync(DeploymentTopology topology, CancellationToken cancellationToken)
    {
        var suite = new Suite(topology);
        try
        {
            foreach (var (name, project) in Programs) await suite.StartServiceAsync(name, project, cancellationToken);
            return suite;
        }
        catch
        {
            await suite.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command of the operator's tool against this suite.</summary>
    /// <returns>The last lines that it wrote.</returns>
    public async Task<string> OpsAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var environment = Addresses("");
        environment["NO_COLOR"] = "1";
        environment["RECO_GATEWAY"] = Api.BaseAddress!.ToString();
        environment["RECO_STATE"] = Path.Combine(_folder, "imports");
        await using var ops = new ServiceProcess($"ops {string.Join(' ', arguments)}", Dll("Ops"), arguments, _folder, environment);
        await ops.EndedAsync(cancellationToken);
        return ops.Tail;
    }

    /// <summary>Starts a server that answers with these bytes, with the gateway's garbage collector.</summary>
    public async Task<(ServiceProcess Process, HttpClient Client)> StartBareAsync(byte[] answer, CancellationToken cancellationToken)
    {
        var port = _ports.Dequeue();
        var file = Path.Combine(_folder, $"answer-{_bare.Count}.json");
        await File.WriteAllBytesAsync(file, answer, cancellationToken);
        var process = new ServiceProcess("bare endpoint", Path.Combine(AppContext.BaseDirectory, "Benchmarks.dll"), [BareEndpoint.Command, Number(port), file], _folder, Runtime(Gateway));
        _bare.Add(process);
        var client = Client(port);
        await AnswersAsync(process, client, cancellationToken);
        return (process, client);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        foreach (var process in Enumerable.Reverse([.. _services, .. _bare])) await process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartServiceAsync(string name, string project, CancellationToken cancellationToken)
    {
        var (http, grpc, metrics) = (_ports.Dequeue(), _ports.Dequeue(), _ports.Dequeue());
        var environment = Runtime(name);
        foreach (var (variable, address) in Addresses("dns:///")) environment[variable] = address;
        environment["HTTP_PORT"] = Number(http);
        environment["GRPC_PORT"] = Number(grpc);
        environment["METRICS_PORT"] = Number(metrics);
        environment["LOG_LEVEL"] = "info";
        environment["Data__Directory"] = Path.Combine(_folder, name);
        if (name == Gateway)
        {
            environment["Gateway__DependencyDeadlineMs"] = Number(DependencyDeadlineMs);
            environment["Gateway__BudgetMs"] = Number(DependencyDeadlineMs);
            environment["Gateway__LongDeadlineMs"] = Number(DependencyDeadlineMs);
        }

        var service = new ServiceProcess(name, Dll(project), [], _folder, environment);
        _services.Add(service);
        _addresses[name] = $"127.0.0.1:{grpc}";
        var client = Client(http);
        await AnswersAsync(service, client, cancellationToken);
        if (name == Gateway) Api = client;
        else client.Dispose();
    }

    private Dictionary<string, string> Addresses(string scheme) =>
        _addresses.ToDictionary(a => $"services__{a.Key}__http__0", a => scheme.Length == 0 ? $"http://{a.Value}" : $"{scheme}{a.Value}");

    private Dictionary<string, string> Runtime(string name)
    {
        // The machine that this runs on embeds on its processors.
        var workload = name == "embedding" ? _topology.EmbeddingCpu : _topology.Workloads[name];
        var heapBytes = ((long)workload.MemoryLimitMib << 20) * HeapPercent / 100;
        return new Dictionary<string, string>
        {
            ["DOTNET_gcServer"] = workload.ServerGc ? "1" : "0",
            ["DOTNET_GCHeapHardLimit"] = heapBytes.ToString("X", CultureInfo.InvariantCulture),
            ["DOTNET_EnableDiagnostics"] = "0",
        };
    }

    private static async Task AnswersAsync(ServiceProcess service, HttpClient client, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        while (!limit.IsCancellationRequested)
        {
            if (service.HasExited) throw new InvalidOperationException($"{service.Name} ended:\n{service.Tail}");
            try
            {
                using var response = await client.GetAsync("/health/ready", limit.Token);
                if (response.IsSuccessStatusCode) return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet.
            }

            await Task.Delay(100, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw new InvalidOperationException($"{service.Name} was not ready within {StartLimit.TotalSeconds:0} s:\n{service.Tail}");
    }

    private static HttpClient Client(int port) => new() { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(30) };

    private static string Dll(string project) => Path.Combine(ProjectRoot, "Services", project, "bin", "Release", "net10.0", $"{project}.dll");

    /// <summary>The folder that holds RecoAspire.sln.</summary>
    public static string ProjectRoot { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "RecoAspire.sln"))) return folder;
        throw new InvalidOperationException("RecoAspire.sln is in no folder above");
    }

    // All are taken before one is given back, so that no two are the same.
    private static Queue<int> FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var listener in listeners) listener.Start();
        var ports = new Queue<int>(listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port));
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
