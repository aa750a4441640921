using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary>
/// <c>k8s/base/embedding-gpu</c> and <c>embedding-cpu</c>: the same service, with the same names, on the machines that a region has. A
/// region takes one of them. A StatefulSet, since one pod, known by its name, publishes what all of them serve.
/// </summary>
internal sealed class EmbeddingService : IPublishedPart, IRegionalPart
{
    private const string Name = "embedding";
    private const string Gpu = "nvidia.com/gpu";

    /// <summary>What the autoscaler asks for: records that wait for the view that is furthest behind; prometheus-adapter serves it.</summary>
    public const string LagMetric = "embedding_lag_records";

    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment)
    {
        if (!deployment.Model.Services.Any(s => s.Name == Name)) return [];
        var regions = deployment.Topology.Regions;
        return
        [
            .. regions.FirstOrDefault(r => r.Offers(RegionService.GpuCluster)) is { } gpu ? OnGpus(deployment, gpu) : [],
            .. regions.Any(r => !r.Offers(RegionService.GpuCluster)) ? OnCpus(deployment) : [],
        ];
    }

    /// <inheritdoc/>
    public IEnumerable<Map> Patches(Deployment deployment, Region region) => region.Offers(RegionService.GpuCluster)
        ? [OverlayPatch.Bounds(Name, LeastGpuWorkers(region), RegionWorkloads.MostGpuWorkers(deployment.Topology, region))]
        : ServiceAutoscaler.Owns(deployment.Topology.EmbeddingCpu)
            ? [OverlayPatch.Bounds(Name, ServiceAutoscaler.Least(deployment.Topology.EmbeddingCpu), ServiceAutoscaler.Most(deployment.Topology.EmbeddingCpu, deployment.Topology, region))]
            : [];

    private static Map Publisher => (Map)Pods.Variable("Training__PublisherHost", $"{Name}-0").Because("One pod trains and publishes; all serve what it published, which the log brings them.");

    private static IEnumerable<PublishedFile> OnCpus(Deployment deployment)
    {
        var pod = new ServicePod(Name, deployment.Topology.EmbeddingCpu) { Environment = [Publisher] };
        var (size, region) = (deployment.Topology.EmbeddingCpu, AnyWithoutGpus(deployment.Topology));
        var scales = ServiceAutoscaler.Owns(size);
        Node? replicas = scales ? null : RegionWorkloads.MostPods(Name, deployment.Topology, region);
        var workload = ServiceFolder.StatefulSet(Name, replicas, pod.Template(deployment));
        var folder = ServiceFolder.Of("embedding-cpu", Name, "Vectors out of text and behaviour, where a region has no GPUs.", deployment, workload, [ServiceFolder.Headless(Name)], 1);
        return (scales ? folder.Add("autoscaler.yaml", "Up to what the peak needs by the rate that one pod was measured to carry; each overlay has its own.", ServiceAutoscaler.Of(Name, size, deployment.Topology, region)) : folder).Files();
    }

    private static IEnumerable<PublishedFile> OnGpus(Deployment deployment, Region region)
    {
        var topology = deployment.Topology;
        var size = topology.Workloads[Name];
        var model = ModelDownload.Of(topology);
        var pod = new ServicePod(Name, size)
        {
            // The machine may be taken away within two minutes; what was not finished is in the log still.
            ShutdownSeconds = 100,
            Data = ("queue", "/queue"),
            Environment = [Publisher, (Map)Pods.Variable("NVIDIA_DRIVER_CAPABILITIES", "compute,utility").Because("Which devices a pod sees is the device plugin's to say.")],
            Resources = Resources(topology, size),
            Mounts =
            [
                Map(("name", "models"), ("mountPath", "/models"), ("readOnly", true)),
                Map(("name", "shared-memory"), ("mountPath", "/dev/shm")),
            ],
            Volumes = [Queue(size), ModelDownload.Volume, SharedMemory],
            InitContainers = model is null ? null : List(model),
            Settings = Map(
                ("nodeSelector", Map(("nvidia.com/gpu.product", topology.Gpu.Product))),
                ("tolerations", List(Map(("key", Gpu), ("operator", "Exists"), ("effect", "NoSchedule"))))),
        };
        var workload = ServiceFolder.StatefulSet(Name, replicas: null, pod.Template(deployment));
        var folder = model is null
            ? ServiceFolder.Of("embedding-gpu", Name, About, deployment, workload, [ServiceFolder.Headless(Name)], 1)
            : ServiceFolder.Of("embedding-gpu", Name, About, deployment, workload, [ServiceFolder.Headless(Name)], 1, NetworkPolicies.ToInternet(443));
        return folder.Add("autoscaler.yaml", "A worker more for each batch of records that waits; the numbers are a region's, each overlay has its own.", Autoscaler(topology, region)).Files();
    }

    private const string About = "Vectors out of text and behaviour, on GPUs. The log is the queue: a worker that is taken away loses nothing.";

    private static Map Resources(DeploymentTopology topology, Workload size)
    {
        var plain = Pods.Resources(size);
        return Map(
            ("requests", ((Map)plain["requests"]!).With(Gpu, topology.Gpu.PerWorker)),
            ("limits", ((Map)plain["limits"]!).With(Gpu, topology.Gpu.PerWorker)));
    }

    private static Map Queue(Workload size) => (Map)Map(
        ("name", "queue"),
        ("ephemeral", Map(("volumeClaimTemplate", Map(
            ("metadata", Map(("labels", Objects.Labels(Name)))),
            ("spec", (Node?)((Map)Objects.Claim("queue", "scratch-ssd", size.StorageGib))["spec"]))))))
        .Because("Room to work in, gone with its pod: a claim that outlives it would tie the next pod to a zone where no spot machine may be left.");

    private static Map SharedMemory => (Map)Map(("name", "shared-memory"), ("emptyDir", Map(("medium", "Memory"), ("sizeLimit", "8Gi"))))
        .Because("For transfers between GPUs: the runtime's 64 MiB are too few. Counts as the pod's memory.");

    private static Map Autoscaler(DeploymentTopology topology, Region region) => Objects.Of("autoscaling/v2", "HorizontalPodAutoscaler", Name, Name, ("spec", Map(
        ("scaleTargetRef", Map(("apiVersion", "apps/v1"), ("kind", "StatefulSet"), ("name", Name))),
        ("minReplicas", LeastGpuWorkers(region)),
        ("maxReplicas", RegionWorkloads.MostGpuWorkers(topology, region)),
        ("metrics", List(GatewayAutoscaler.PodsMetric(LagMetric, topology.Gpu.LagRecordsPerWorker))),
        ("behavior", Map(("scaleDown", Map(
            ("stabilizationWindowSeconds", 600),
            ("policies", List(Map(("type", "Pods"), ("value", 1), ("periodSeconds", 300))))).Because("Machines with GPUs take minutes to come: they are given back slowly.")))))));

    // An autoscaler counts from one.
    private static int LeastGpuWorkers(Region region) => Math.Max(1, region.Capacity.GpuWorkers);

    private static Region AnyWithoutGpus(DeploymentTopology topology) => topology.Regions.First(r => !r.Offers(RegionService.GpuCluster));
}
