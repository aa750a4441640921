using RecoAspire.Topology;

namespace RecoAspire.Publishing.Monitoring;

/// <summary>Everything that watches: names, ports, sizes.</summary>
internal static class Watchers
{
    public const string Prometheus = "prometheus";
    public const string PrometheusGlobal = "prometheus-global";
    public const string Alertmanager = "alertmanager";
    public const string Adapter = "prometheus-adapter";
    public const string Grafana = "grafana";
    public const string KubeStateMetrics = "kube-state-metrics";
    public const string NodeExporter = "node-exporter";
    public const string Dcgm = "dcgm-exporter";

    /// <summary>
    /// Namespace of what must see the machine itself. It alone is `privileged`: Pod Security `baseline` already forbids host paths, and
    /// one such pod in `monitoring` would open the namespace to all.
    /// </summary>
    public const string NodeAgents = "node-agents";

    /// <summary>Namespace of cert-manager, which others install; its own metrics say when certificates end.</summary>
    public const string CertManager = "cert-manager";

    /// <summary>Where Scylla's operator puts its nodes, and where its manager runs.</summary>
    public const string Scylla = "scylladb";

    /// <inheritdoc cref="Scylla"/>
    public const string ScyllaManager = "scylla-manager";

    public const int ScyllaPort = 9180;
    public const int ScyllaManagerPort = 5090;
    public const int PrometheusPort = 9090;
    public const int AlertmanagerPort = 9093;
    public const int AlertmanagerPeers = 9094;
    public const int AdapterPort = 6443;
    public const int GrafanaPort = 3000;
    public const int KubeStateMetricsPort = 8080;
    public const int KubeStateMetricsSelf = 8081;
    public const int NodeExporterPort = 9100;
    public const int DcgmPort = 9400;
    public const int CertManagerPort = 9402;
    public const int Kubelet = 10250;

    /// <summary>Two that know the same: one may fail or be drained.</summary>
    public const int PrometheusReplicas = 2;

    /// <summary>Three, so that two still agree on what has been sent.</summary>
    public const int AlertmanagerReplicas = 3;

    /// <summary>User "nobody" of the Prometheus images.</summary>
    public const int Nobody = 65534;

    public const int GrafanaUser = 472;

    public static Workload PrometheusSize { get; } = new() { Cpu = 2, MemoryMib = 8192, MemoryLimitMib = 16384, StorageGib = 200 };

    public static Workload GlobalSize { get; } = new() { Cpu = 0.5, MemoryMib = 1024, MemoryLimitMib = 4096, StorageGib = 50 };

    public static Workload AlertmanagerSize { get; } = new() { Cpu = 0.1, MemoryMib = 128, MemoryLimitMib = 256, StorageGib = 2 };

    public static Workload AdapterSize { get; } = new() { Cpu = 0.2, MemoryMib = 256, MemoryLimitMib = 512 };

    public static Workload GrafanaSize { get; } = new() { Cpu = 0.2, MemoryMib = 256, MemoryLimitMib = 1024 };

    public static Workload KubeStateMetricsSize { get; } = new() { Cpu = 0.2, MemoryMib = 256, MemoryLimitMib = 512 };

    public static Workload NodeExporterSize { get; } = new() { Cpu = 0.1, MemoryMib = 64, MemoryLimitMib = 128 };

    public static Workload DcgmSize { get; } = new() { Cpu = 0.1, MemoryMib = 256, MemoryLimitMib = 1024 };

    /// <summary>Namespace of a store.</summary>
    public static string NamespaceOf(string store) => store == "scylladb" ? Scylla : Deployment.Namespace;

    /// <summary>A workload among these as the network sees it.</summary>
    public static Peer Peer(string name) => new(name is NodeExporter or Dcgm ? NodeAgents : Deployment.Monitoring, name);
}
