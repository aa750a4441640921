namespace RecoAspire.Publishing.Monitoring;

/// <summary>Who watches whom. Engines say themselves where their metrics are.</summary>
internal sealed class MonitoringNetwork : IPublishedPart, INetworkPart
{
    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment) => [];

    /// <inheritdoc/>
    public IEnumerable<NetworkEdge> Edges(Deployment deployment)
    {
        var prometheus = Watchers.Peer(Watchers.Prometheus);
        string[] services = [.. deployment.Model.Services.Select(s => s.Name), .. deployment.Topology.Workloads.ContainsKey("agentdb") ? ["agentdb"] : Array.Empty<string>()];
        foreach (var service in services.Distinct()) yield return new(prometheus, Peer.Of(service), Kubernetes.Ports.Metrics);
        yield return new(prometheus, prometheus, Watchers.PrometheusPort);
        yield return new(prometheus, Watchers.Peer(Watchers.Alertmanager), Watchers.AlertmanagerPort);
        yield return new(prometheus, Watchers.Peer(Watchers.Adapter), Watchers.AdapterPort);
        yield return new(prometheus, Watchers.Peer(Watchers.Grafana), Watchers.GrafanaPort);
        yield return new(prometheus, Watchers.Peer(Watchers.KubeStateMetrics), Watchers.KubeStateMetricsPort);
        yield return new(prometheus, Watchers.Peer(Watchers.NodeExporter), Watchers.NodeExporterPort);
        yield return new(prometheus, Watchers.Peer(Watchers.Dcgm), Watchers.DcgmPort);
        yield return new(prometheus, new Peer(Watchers.ScyllaManager, "scylla-manager"), Watchers.ScyllaManagerPort);
        yield return new(prometheus, new Peer(Watchers.CertManager, "cert-manager"), Watchers.CertManagerPort);
        yield return new(Watchers.Peer(Watchers.Adapter), prometheus, Watchers.PrometheusPort);
        yield return new(Watchers.Peer(Watchers.Grafana), prometheus, Watchers.PrometheusPort);
        yield return new(Watchers.Peer(Watchers.Grafana), Watchers.Peer(Watchers.Alertmanager), Watchers.AlertmanagerPort);
        yield return new(Watchers.Peer(Watchers.Alertmanager), Watchers.Peer(Watchers.Alertmanager), Watchers.AlertmanagerPeers);
    }
}
