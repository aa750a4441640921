using RecoAspire.Publishing.Documents;

namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary><c>k8s/base/agentdb</c>: the place of the policy store, with as many pods as the topology says: none until there is a program.</summary>
internal sealed class AgentDbService : IPublishedPart
{
    private const string Name = "agentdb";

    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment)
    {
        var size = deployment.Topology.Workloads[Name];
        var replicas = RegionWorkloads.MostPods(Name, deployment.Topology, deployment.Topology.Primary);
        var pod = new ServicePod(Name, size)
        {
            HttpPort = Ports.AgentDb,
            SpeaksGrpc = false,
            ReadyByGrpc = false,
            Data = ("data", "/data"),
        };
        Node pods = replicas;
        if (replicas == 0) pods = pods.Because("workloads.agentdb.replicas of topology.yaml: nothing calls it yet.");
        var workload = ServiceFolder.StatefulSet(Name, pods, pod.Template(deployment), Objects.Claim("data", "standard-ssd", Math.Max(1, size.StorageGib)));
        return ServiceFolder.Of(Name, Name, "What the platform has learned: policies and episodes.", deployment, workload, Services(), 1).Files();
    }

    private static IEnumerable<Map> Services()
    {
        (string, int, string?)[] ports = [("http", Ports.AgentDb, "http"), ("metrics", Ports.Metrics, "http")];
        yield return Objects.Service(Name, Name, headless: true, publishNotReady: false, ports);
        yield return Objects.Service("agentdb-service", Name, headless: false, publishNotReady: false, ports[..1]);
    }
}
