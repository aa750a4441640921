using System.Globalization;
using RecoAspire.Publishing.Documents;

namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary><c>k8s/base/eventlog</c>: the log, which one process writes.</summary>
internal sealed class EventLogService : IPublishedPart
{
    private const string Name = "eventlog";
    private const long BytesPerGib = 1L << 30;

    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment)
    {
        if (!deployment.Model.Services.Any(s => s.Name == Name)) return [];
        var size = deployment.Topology.Workloads[Name];
        if (size.Replicas is not 1) throw new PublishException($"topology.yaml: workloads.{Name}.replicas: the log has one writer, so it must be 1.");
        if (size.StorageGib <= 0) throw new PublishException($"topology.yaml: workloads.{Name}.storage_gib: the log needs a volume, so it must be above 0.");
        var maxBytes = size.StorageGib * BytesPerGib / 10 * 9;
        var pod = new ServicePod(Name, size)
        {
            Data = ("data", "/data"),
            HeapPercent = 60,
            Environment = [(Map)Pods.Variable("Log__MaxBytes", maxBytes.ToString(CultureInfo.InvariantCulture)).Because(
                "Nine tenths of the claim: appends are refused while there is still room for the write-ahead file.")],
        };
        var workload = ServiceFolder.StatefulSet(
            Name, ((Node)1).Because("One writer. While its machine is drained, appends are refused and everything else goes on from its views."),
            pod.Template(deployment), Objects.Claim("data", "fast-ssd", size.StorageGib));
        return ServiceFolder.Of(Name, Name, "The log that every store is a view of.", deployment, workload, [ServiceFolder.Headless(Name)], 1).Files();
    }
}
