using RecoAspire.Publishing.Edge;
using RecoAspire.Publishing.Kubernetes;
using RecoAspire.Publishing.Kubernetes.Engines;
using RecoAspire.Publishing.Kubernetes.Services;
using RecoAspire.Publishing.Monitoring;
using RecoAspire.Publishing.Operations;
using RecoAspire.Publishing.Operations.Deploy;
using RecoAspire.Topology;

namespace RecoAspire.Publishing;

/// <summary>Makes the whole set out of the app model and the topology. The same input gives the same bytes on every machine.</summary>
public static class Publisher
{
    /// <summary>Folders of the set that belong to it alone: a file there that is not written any more is removed.</summary>
    public static IReadOnlyList<string> OwnFolders { get; } = ["k8s", "monitoring", "dns", "cdn", "scaling", "backup"];

    internal static IReadOnlyList<IPublishedPart> Parts { get; } =
        [.. ServiceParts.All, .. EngineParts.All, .. MonitoringParts.All, .. EdgeParts.All, .. OperationsParts.All];

    /// <summary>All files, in ordinal order of their paths; the manifest is not among them.</summary>
    /// <exception cref="PublishException">The app model and the topology do not fit together.</exception>
    public static IReadOnlyList<PublishedFile> Write(DeploymentTopology topology, AppModel model)
    {
        foreach (var resource in model.Resources)
        {
            if (!topology.Workloads.ContainsKey(resource.Name)) throw new PublishException($"topology.yaml: workloads: '{resource.Name}' of the app model is missing.");
        }

        var deployment = Describe(topology, model);
        PublishedFile[] files = [.. Parts.SelectMany(p => p.Write(deployment)).OrderBy(f => f.Path, StringComparer.Ordinal)];
        for (var i = 1; i < files.Length; i++)
        {
            if (files[i].Path == files[i - 1].Path) throw new PublishException($"two parts write '{files[i].Path}'.");
        }

        return [DeployGuide.Write(deployment, files), .. files];
    }

    /// <summary>The input of every part, with all allowed connections.</summary>
    public static Deployment Describe(DeploymentTopology topology, AppModel model)
    {
        var deployment = new Deployment(topology, model, []);
        var edges = model.References.Select(r => new NetworkEdge(Peer.Of(r.From), Peer.Of(r.To), Ports.Of(r.To, r.Endpoint, model)))
            .Concat(Parts.OfType<INetworkPart>().SelectMany(p => p.Edges(deployment)));
        return deployment with { Edges = [.. edges.Distinct()] };
    }
}
