using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary>
/// The addresses of our services, kept in each region's ConfigMap <c>service-endpoints</c> and read from there. They are of the form
/// <c>dns:///name:port</c> on headless Services: the callers balance, since one HTTP/2 connection through a cluster address would
/// stay with one pod.
/// </summary>
internal static class ServiceEndpoints
{
    public const string ConfigMap = "service-endpoints";

    /// <summary>One variable for each service that a service calls, as the app model says.</summary>
    public static IEnumerable<Map> Variables(string caller, Deployment deployment) => Called(caller, deployment).Select(called =>
    {
        var everywhere = deployment.Topology.Regions.All(r => RegionWorkloads.Runs(called, r));
        var reference = Map(("name", ConfigMap), ("key", Key(called)), ("optional", everywhere ? null : true));
        var variable = Map(("name", Variable(called)), ("valueFrom", Map(("configMapKeyRef", reference))));
        return everywhere ? variable : (Map)variable.Because($"Not every region has '{called}': without an address the caller answers without it and says so.");
    });

    /// <summary>What a region's ConfigMap holds: an address for each service there that another one calls.</summary>
    public static IEnumerable<string> Literals(Deployment deployment, Region region) => deployment.Model.Services
        .SelectMany(caller => Called(caller.Name, deployment)).Distinct().Where(called => RegionWorkloads.Runs(called, region))
        .Select(called => $"{Key(called)}=dns:///{called}:{Ports.Grpc}").Order(StringComparer.Ordinal);

    // The deployment guide's names where it has one for a service of ours; each address is set under one name only.
    private static string Variable(string called) => called switch
    {
        "vectorsearch" => "VECTOR_DB_ENDPOINT",
        "graph" => "GRAPH_DB_ENDPOINT",
        _ => $"services__{called}__http__0",
    };

    private static string Key(string called) => called switch
    {
        "vectorsearch" => "vector_db_url",
        "graph" => "graph_db_url",
        _ => $"{called}_url",
    };

    private static IEnumerable<string> Called(string caller, Deployment deployment)
    {
        foreach (var reference in deployment.Model.References.Where(r => r.From == caller))
        {
            if (!deployment.Model.Services.Any(s => s.Name == reference.To)) continue;
            if (reference.Endpoint != "grpc") throw new PublishException($"'{caller}' refers to the endpoint '{reference.Endpoint}' of '{reference.To}'; between services there is only grpc.");
            yield return reference.To;
        }
    }
}
