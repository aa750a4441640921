using System.CommandLine;
using Grpc.Net.Client;

namespace RecoAspire.Ops.Suite;

/// <summary>The options by which every command finds the suite.</summary>
internal sealed class SuiteOptions
{
    private const string DefaultGateway = "http://127.0.0.1:8080";

    public Option<string?> Gateway { get; } = new("--gateway") { Description = "Address of the gateway; else RECO_GATEWAY, else the run file's, else http://127.0.0.1:8080", Recursive = true };

    public Option<string?> RunFilePath { get; } = new("--run-file") { Description = "Run file of the suite; else the nearest .data/run.json upwards from here", Recursive = true };

    public Option<bool> Verbose { get; } = new("--verbose") { Description = "Show where an error came from", Recursive = true };

    /// <exception cref="OpsException">The address is no HTTP address.</exception>
    public Uri GatewayOf(ParseResult parsed)
    {
        var text = parsed.GetValue(Gateway) ?? Environment.GetEnvironmentVariable("RECO_GATEWAY");
        if (string.IsNullOrEmpty(text))
        {
            var run = RunFile.Find(parsed.GetValue(RunFilePath));
            text = run?.Resources.FirstOrDefault(r => r.Name == "gateway")?.Endpoints?.GetValueOrDefault("http") ?? DefaultGateway;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https") return uri;
        throw new OpsException($"'{text}' is no HTTP address", OpsException.BadInput);
    }

    /// <summary>The suite: the run file's, or where there is none the one that the environment names.</summary>
    /// <exception cref="OpsException">Neither names one.</exception>
    public RunFile RunOf(ParseResult parsed) =>
        RunFile.Find(parsed.GetValue(RunFilePath))
        ?? ServiceAddresses.FindSuite(Environment.GetEnvironmentVariables())
        ?? throw new OpsException("no running suite was found: start it with 'dotnet run --project AppHost', or name its run file with --run-file, or set services__{name}__http__0");

    /// <summary>gRPC address of the log: the one given, else the environment's, else the run file's. A run file that is named comes before the environment.</summary>
    /// <exception cref="OpsException">There is none, or it is no address.</exception>
    public Uri EventLogOf(ParseResult parsed, string? given)
    {
        if (!string.IsNullOrEmpty(given)) return ServiceAddresses.Parse(given);
        if (parsed.GetValue(RunFilePath) is null && ServiceAddresses.Find("eventlog") is { } found) return found;
        var run = RunFile.Find(parsed.GetValue(RunFilePath))
            ?? throw new OpsException("no event log was found: name it with --eventlog or services__eventlog__http__0, or a running suite's run file with --run-file");
        return new Uri(AddressOf(run, "eventlog"));
    }

    /// <summary>A channel to a service's gRPC port.</summary>
    public static GrpcChannel ChannelTo(RunFile run, string service) => GrpcChannel.ForAddress(AddressOf(run, service));

    private static string AddressOf(RunFile run, string service) =>
        run.Resources.FirstOrDefault(r => r.Name == service)?.Endpoints?.GetValueOrDefault("grpc")
            ?? throw new OpsException($"no gRPC address of '{service}' is known");
}
