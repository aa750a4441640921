using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;

namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary><c>k8s/base/ops</c>: what the operator's tool may reach when a job runs it; the jobs themselves are under <c>backup/</c>.</summary>
internal sealed class OpsAccess : IPublishedPart, INetworkPart, IRegionalPart
{
    private const string Name = "ops";

    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment) => new KustomizeFolder("k8s/base/ops", "Account and connections of the operator's tool; the jobs that run it are under backup/.")
        .Add("account.yaml", "Whom the tool's pods are; the overlay names its role in the cloud.", Objects.ServiceAccount(Name))
        .Add("network.yaml", "The tool calls services; nobody calls it. Copies go to the cloud's object storage over HTTPS.",
            NetworkPolicies.Of(Peer.Of(Name), deployment, NetworkPolicies.ToInternet(443)))
        .Files();

    /// <inheritdoc/>
    public IEnumerable<Map> Patches(Deployment deployment, Region region) =>
        CloudIdentity.Patches(deployment.Topology, region, Name);

    /// <inheritdoc/>
    public IEnumerable<NetworkEdge> Edges(Deployment deployment) => deployment.Model.Services.SelectMany<AppResource, NetworkEdge>(service => service.Name == "gateway"
        ? [new(Peer.Of(Name), Peer.Of(service.Name), Ports.Http), new(Peer.Of(Name), Peer.Of(service.Name), Ports.Grpc)]
        : [new(Peer.Of(Name), Peer.Of(service.Name), Ports.Grpc)]);
}
