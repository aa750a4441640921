using RecoAspire.Publishing.Documents;
using RecoAspire.Publishing.Kubernetes;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Monitoring.Alertmanager;

/// <summary><c>monitoring/base/alertmanager</c>: three that tell each other what has been sent and silenced.</summary>
internal sealed class AlertmanagerServer : IPublishedPart
{
    private const string Name = Watchers.Alertmanager;
    private const string Headless = "alertmanager-peers";

    /// <inheritdoc/>
    public IEnumerable<PublishedFile> Write(Deployment deployment) => new KustomizeFolder("monitoring/base/alertmanager", "Who is told, once and not three times.")
        .Add("serviceaccount.yaml", "It asks no API server.", Objects.ServiceAccount(Name, Deployment.Monitoring))
        .Add("services.yaml", "For operators, and a name for each peer.",
            Objects.Service(Name, Name, headless: false, publishNotReady: false, [("http", Watchers.AlertmanagerPort, "http")], Deployment.Monitoring),
            Objects.Service(Headless, Name, headless: true, publishNotReady: true, [("http", Watchers.AlertmanagerPort, "http"), ("peers", Watchers.AlertmanagerPeers, null)], Deployment.Monitoring))
        .Add("secrets.yaml", "How to reach the pager, the chat and the watchdog.", Secrets.Of(Name, Name,
            ("pagerduty-routing-key", "recoaspire-alertmanager-pagerduty-routing-key"),
            ("slack-url", "recoaspire-alertmanager-slack-url"),
            ("watchdog-token", "recoaspire-alertmanager-watchdog-token")))
        .Add("statefulset.yaml", "Silences live on the volume.", StatefulSet(deployment.Topology))
        .Add("pdb.yaml", "Two stay.", Objects.DisruptionBudget(Name, 1, Deployment.Monitoring))
        .Add("network.yaml", "Peers gossip by UDP as well; messages go out by HTTPS.", NetworkPolicies.Of(
            Watchers.Peer(Name), deployment, Gossip("ingress", "from"), Gossip("egress", "to"), NetworkPolicies.ToInternet(443)))
        .AddFile("alertmanager.yml", AlertmanagerConfig.Of(deployment.Topology.Alerting))
        .Set("configMapGenerator", List(Map(("name", "alertmanager-config"), ("namespace", Deployment.Monitoring), ("files", List("alertmanager.yml")))))
        .Files();

    private static (string, Map) Gossip(string direction, string key) => (direction, Map(
        (key, List(Map(("podSelector", Objects.Selector(Name))))),
        ("ports", List(Map(("protocol", "UDP"), ("port", Watchers.AlertmanagerPeers))))));

    private static Map StatefulSet(DeploymentTopology topology)
    {
        var peers = Enumerable.Range(0, Watchers.AlertmanagerReplicas).Select(i => $"--cluster.peer={Name}-{i}.{Headless}.{Deployment.Monitoring}.svc:{Watchers.AlertmanagerPeers}");
        var container = Map(
            ("name", Name),
            ("image", topology.Images.OfEngine("alertmanager")),
            ("args", ListOf([
                "--config.file=/etc/alertmanager/config/alertmanager.yml",
                "--storage.path=/alertmanager",
                "--data.retention=120h",
                $"--web.listen-address=:{Watchers.AlertmanagerPort}",
                $"--cluster.listen-address=0.0.0.0:{Watchers.AlertmanagerPeers}",
                "--cluster.advertise-address=$(POD_IP):9094",
                .. peers,
            ])),
            ("env", List(Pods.VariableFromPod("POD_IP", "status.podIP"))),
            ("ports", List(Pods.Port("http", Watchers.AlertmanagerPort), Pods.Port("peers", Watchers.AlertmanagerPeers), Map(("name", "peers-udp"), ("containerPort", Watchers.AlertmanagerPeers), ("protocol", "UDP")))),
            ("startupProbe", Pods.HttpProbe("/-/ready", "http", 5, 24)),
            ("readinessProbe", Pods.HttpProbe("/-/ready", "http", 10, 3)),
            ("livenessProbe", Pods.HttpProbe("/-/healthy", "http", 15, 4)),
            ("resources", Pods.Resources(Watchers.AlertmanagerSize)),
            ("securityContext", Pods.Restricted),
            ("volumeMounts", Pods.Mounts(("data", "/alertmanager"), ("config", "/etc/alertmanager/config"), ("secrets", "/etc/alertmanager/secrets"))));
        var template = Pods.Template(Name, Watchers.Nobody, List(container), List(
            WatcherPods.ConfigVolume("config", "alertmanager-config"),
            WatcherPods.SecretVolume("secrets", Name)), WatcherPods.Settings(Name, token: false, graceSeconds: 60));
        var set = WatcherPods.StatefulSet(Name, Watchers.AlertmanagerReplicas, Watchers.AlertmanagerSize.StorageGib, "standard-ssd", template);
        return set.With("spec", ((Map)set["spec"]!).With("serviceName", Headless));
    }
}
