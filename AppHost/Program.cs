using Microsoft.Extensions.Configuration;

// The whole system on one page. Everything below uses Aspire's names and semantics.
var builder = DistributedApplication.CreateBuilder(args);
var data = builder.Configuration["Data:Root"] is { Length: > 0 } root ? root : Path.Combine(builder.AppHostDirectory, "..", ".data");

// Destructive calls between services and from operators carry this key; it is new for every run.
var adminKey = builder.AddParameter("admin-key", new GenerateParameterDefault { MinLength = 32 }, secret: true);

// The log under everything: what changes state is an event there, every store below is a view of it.
var eventlog = Service<Projects.EventLog>("eventlog");

var embedding = Service<Projects.GpuEmbedding>("embedding")
    .WithReference(eventlog.GetEndpoint("grpc")).WaitFor(eventlog);

var vectorsearch = Service<Projects.VectorSearch>("vectorsearch")
    .WithReference(eventlog.GetEndpoint("grpc")).WaitFor(eventlog);

var graph = Service<Projects.Graph>("graph")
    .WithReference(eventlog.GetEndpoint("grpc")).WaitFor(eventlog);

var profile = Service<Projects.Profile>("profile")
    .WithReference(eventlog.GetEndpoint("grpc")).WaitFor(eventlog);

// The gateway needs the log to know its catalogue. It answers without any of the others, so it does not wait for them.
var gateway = Service<Projects.Gateway>("gateway", builder.Configuration.GetValue("Gateway:Port", 8080))
    .WithExternalHttpEndpoints()
    .WithReference(eventlog.GetEndpoint("grpc")).WaitFor(eventlog)
    .WithReference(embedding.GetEndpoint("grpc"))
    .WithReference(vectorsearch.GetEndpoint("grpc"))
    .WithReference(graph.GetEndpoint("grpc"))
    .WithReference(profile.GetEndpoint("grpc"));

// An empty platform shows nothing: a fresh clone gets a demonstration catalogue with viewers. It leaves a catalogue that exists alone.
if (builder.Configuration.GetValue("Demo:Enabled", true))
{
    builder.AddProject<Projects.Ops>("demo")
        .WithArgs("import", "demo", "--if-empty")
        .WithEnvironment("RECO_GATEWAY", gateway.GetEndpoint("http"))
        .WithEnvironment("RECO_STATE", Path.Combine(data, "imports"))
        .WaitFor(gateway).WaitFor(embedding).WaitFor(vectorsearch).WaitFor(graph).WaitFor(profile);
}

builder.Build().Run();

// Every service: HTTP for health and metrics, gRPC for its contract (one plaintext port cannot speak both), a folder of its own.
IResourceBuilder<ProjectResource> Service<TProject>(string name, int? httpPort = null)
    where TProject : IProjectMetadata, new() =>
    builder.AddProject<TProject>(name)
        .WithHttpEndpoint(port: httpPort, name: "http", env: "HTTP_PORT", isProxied: httpPort is null)
        .WithHttpEndpoint(name: "grpc", env: "GRPC_PORT")
        .WithHttpHealthCheck("/health/ready", endpointName: "http")
        // One machine carries all of them: few native heaps, so that what an import used goes back to the system.
        .WithEnvironment("MALLOC_ARENA_MAX", "2")
        .WithEnvironment("Data__Directory", Path.GetFullPath(Path.Combine(data, name)))
        .WithEnvironment("Admin__Key", adminKey);
