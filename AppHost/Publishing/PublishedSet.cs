using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;

namespace RecoAspire.Publishing;

/// <summary>A file of the published set.</summary>
/// <param name="Path">Relative to the set's folder, with forward slashes.</param>
/// <param name="Text">Its whole content; lines end in \n.</param>
public sealed record PublishedFile(string Path, string Text);

/// <summary>A part of the published set: one folder or one subject. It depends on nothing but its input.</summary>
public interface IPublishedPart
{
    /// <summary>The part's files for all regions.</summary>
    IEnumerable<PublishedFile> Write(Deployment deployment);
}

/// <summary>Connections that a part needs and the app model does not know: peers of a cluster, jobs, scraping.</summary>
public interface INetworkPart
{
    /// <summary>Who must reach whom.</summary>
    IEnumerable<NetworkEdge> Edges(Deployment deployment);
}

/// <summary>A part whose objects are not the same in every region.</summary>
public interface IRegionalPart
{
    /// <summary>What a region's overlay changes of the part's objects: entries made by <see cref="Kubernetes.OverlayPatch"/>.</summary>
    IEnumerable<Map> Patches(Deployment deployment, Region region);
}

/// <summary>What is to be published.</summary>
/// <param name="Topology">Regions, capacities, numbers.</param>
/// <param name="Model">Who runs and who calls whom.</param>
/// <param name="Edges">Every connection that is allowed: those of the app model, and those that the parts need.</param>
public sealed record Deployment(DeploymentTopology Topology, AppModel Model, IReadOnlyList<NetworkEdge> Edges)
{
    /// <summary>The namespace of services and stores.</summary>
    public const string Namespace = "recommendation";

    /// <summary>The namespace of what watches them.</summary>
    public const string Monitoring = "monitoring";
}

/// <summary>A workload as the network sees it.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Value of <c>app.kubernetes.io/name</c> on its pods.</param>
public sealed record Peer(string Namespace, string Name)
{
    /// <summary>A workload among services and stores.</summary>
    public static Peer Of(string name) => new(Deployment.Namespace, name);

    /// <summary>A workload among what watches.</summary>
    public static Peer InMonitoring(string name) => new(Deployment.Monitoring, name);
}

/// <summary>A connection that is allowed; all others are not.</summary>
/// <param name="From">Who opens it.</param>
/// <param name="To">Who accepts it.</param>
/// <param name="Port">The accepting container's port.</param>
public sealed record NetworkEdge(Peer From, Peer To, int Port);
