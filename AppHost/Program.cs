using Microsoft.Extensions.Configuration;
using RecoAspire.Publishing;

// `publish` writes the manifest of what is described here, and everything for Kubernetes that follows from it and Topology/topology.yaml.
var publish = PublishCommand.From(args);
if (publish?.Begin() is { } exitCode) return exitCode;

// The whole system on one page. Everything below uses Aspire's names and semantics.
var builder = DistributedApplication.CreateBuilder(publish?.AppHostArguments ?? args);
var publishing = builder.ExecutionContext.IsPublishMode;
var data = builder.Configuration["Data:Root"] is { Length: > 0 } root ? root : Path.Combine(builder.AppHostDirectory, "..", ".data");

// Which engines stand behind the ports: none (every service has an embedded store), those that run without containers, or all.
var engines = builder.Configuration["engines"] ?? (publishing ? "containers" : "embedded");

// Destructive calls between services and from operators carry this key; it is new for every run.
var adminKey = builder.AddParameter("admin-key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true)
    .WithDescription("Demanded by destructive calls (rebuild) between services and from operators.");

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
    .WithEndpoint("http", endpoint => endpoint.IsExternal = true)
    .WithUrlForEndpoint("http", url =>
    {
        url.Url = "/scalar";
        url.DisplayText = "API";
    })
    .WithReplicas(builder.Configuration.GetValue("Gateway:Replicas", 1))
    .WithReference(eventlog.GetEndpoint("grpc")).WaitFor(eventlog)
    .WithReference(embedding.GetEndpoint("grpc"))
    .WithReference(vectorsearch.GetEndpoint("grpc"))
    .WithReference(graph.GetEndpoint("grpc"))
    .WithReference(profile.GetEndpoint("grpc"));

// Several gateways share what they have computed once.
if (engines != "embedded")
{
    var cache = builder.AddRedis("cache");
    gateway.WithReference(cache).WaitFor(cache);
}

// Production's stores, behind the same ports as the embedded ones.
if (engines == "containers")
{
    var qdrant = builder.AddQdrant("qdrant").WithDataVolume();
    vectorsearch.WithReference(qdrant).WaitFor(qdrant);

    var graphPassword = builder.AddParameter("neo4j-password", new GenerateParameterDefault { Special = false }, secret: true, persist: true);
    var neo4j = builder.AddContainer("neo4j", "docker.io/library/neo4j", "5.26")
        .WithEndpoint(targetPort: 7687, name: "bolt", scheme: "bolt")
        .WithHttpEndpoint(targetPort: 7474, name: "http")
        .WithHttpHealthCheck("/", endpointName: "http")
        .WithEnvironment("NEO4J_AUTH", $"neo4j/{graphPassword}")
        .WithVolume("neo4j-data", "/data");
    var graphdb = builder.AddConnectionString("neo4jdb", ReferenceExpression.Create($"Endpoint={neo4j.GetEndpoint("bolt")};Username=neo4j;Password={graphPassword}"));
    graph.WithReference(graphdb).WaitFor(neo4j);

    var kafka = builder.AddKafka("kafka").WithDataVolume();
    eventlog.WithReference(kafka).WaitFor(kafka);
}

// An empty platform shows nothing: a fresh clone gets a demonstration catalogue with viewers. It leaves a catalogue that exists alone.
if (!publishing && builder.Configuration.GetValue("Demo:Enabled", true))
{
    builder.AddProject<Projects.Ops>("demo")
        .WithArgs("import", "demo", "--if-empty")
        .WithEnvironment("RECO_GATEWAY", gateway.GetEndpoint("http"))
        .WithEnvironment("RECO_STATE", Path.Combine(data, "imports"))
        .WaitFor(gateway).WaitFor(embedding).WaitFor(vectorsearch).WaitFor(graph).WaitFor(profile);
}

builder.Build().Run();
return publish?.Finish() ?? Environment.ExitCode;

// Every service: HTTP for health and metrics, gRPC for its contract (one plaintext port cannot speak both), a folder of its own.
IResourceBuilder<ProjectResource> Service<TProject>(string name, int? httpPort = null)
    where TProject : IProjectMetadata, new() =>
    builder.AddProject<TProject>(name)
        .WithHttpEndpoint(port: httpPort, name: "http", env: "HTTP_PORT")
        .WithHttpEndpoint(name: "grpc", env: "GRPC_PORT")
        .WithEndpoint("grpc", endpoint => endpoint.Transport = "http2")
        .WithHttpHealthCheck("/health/ready", endpointName: "http")
        // One machine carries all of them: few native heaps, so that what an import used goes back to the system.
        .WithEnvironment("MALLOC_ARENA_MAX", "2")
        .WithEnvironment("Data__Directory", publishing ? "/data" : Path.GetFullPath(Path.Combine(data, name)))
        .WithEnvironment("Admin__Key", adminKey);
