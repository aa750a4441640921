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

    public RunFile RunOf(ParseResult parsed) => RunFile.Demand(parsed.GetValue(RunFilePath));

    /// <summary>A channel to a service's gRPC port.</summary>
    public static GrpcChannel ChannelTo(RunFile run, string service)
    {
        var address = run.Resources.FirstOrDefault(r => r.Name == service)?.Endpoints?.GetValueOrDefault("grpc")
            ?? throw new OpsException($"the run file names no gRPC address of '{service}'");
        return GrpcChannel.ForAddress(address);
    }
}
