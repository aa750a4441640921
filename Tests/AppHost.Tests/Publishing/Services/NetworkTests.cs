using RecoAspire.Publishing;
using YamlDotNet.RepresentationModel;

namespace RecoAspire.AppHost.Tests.Publishing.Services;

/// <summary>Policies against the calls of the app model.</summary>
public sealed class NetworkTests
{
    private const string NameLabel = "app.kubernetes.io/name";

    [Fact]
    public void Every_call_of_the_app_model_between_services_is_open_on_both_sides_and_no_other_is()
    {
        var model = AppModel.Parse(Published.Manifest);
        var services = model.Services.Select(s => s.Name).ToHashSet();
        var calls = model.References.Where(r => services.Contains(r.To)).Select(r => (r.From, r.To)).ToHashSet();
        var (ingress, egress) = (Open("ingress", "from"), Open("egress", "to"));
        foreach (var (from, to) in services.SelectMany(from => services.Where(to => to != from).Select(to => (from, to))))
        {
            Assert.Equal(calls.Contains((from, to)), ingress.Contains((to, from, 8000)));
            Assert.Equal(calls.Contains((from, to)), egress.Contains((from, to, 8000)));
        }
    }

    [Fact]
    public void Only_the_gateways_public_port_is_open_to_everybody()
    {
        var published = new Published();
        var open = published.Paths.Where(p => p.StartsWith("k8s/base/", StringComparison.Ordinal) && p.EndsWith("/network.yaml", StringComparison.Ordinal)).SelectMany(published.Objects)
            .SelectMany(policy => policy.Items("spec/ingress").Where(rule => rule.At("from") is null).SelectMany(rule => rule.Items("ports")).Select(port => (policy.Text("metadata/name"), port.Text("port"))));
        Assert.Equal([("gateway", "8080")], open);
    }

    [Fact]
    public void The_operators_tool_reaches_every_service()
    {
        var egress = Open("egress", "to");
        foreach (var service in AppModel.Parse(Published.Manifest).Services) Assert.Contains(("ops", service.Name, 8000), egress);
        Assert.Contains(("ops", "gateway", 8080), egress);
    }

    [Fact]
    public void What_no_policy_opens_is_closed()
    {
        var closed = new Published().Objects("k8s/base/platform/network.yaml").Single(p => p.Text("metadata/name") == "default-deny");
        Assert.Empty(((YamlMappingNode)closed.At("spec/podSelector")!).Children);
        Assert.Equal(["Ingress", "Egress"], closed.Items("spec/policyTypes").Select(t => t.ToString()));
    }

    // (the policy's workload, its peer, the port)
    private static HashSet<(string Workload, string Peer, int Port)> Open(string direction, string side)
    {
        var published = new Published();
        return
        [
            .. from path in published.Paths
               where path.StartsWith("k8s/base/", StringComparison.Ordinal) && path.EndsWith("/network.yaml", StringComparison.Ordinal)
               from policy in published.Objects(path)
               from rule in policy.Items($"spec/{direction}")
               from peer in rule.Items(side)
               where peer.At("namespaceSelector") is null && peer.At("podSelector") is not null
               from port in rule.Items("ports")
               select (policy.Text("metadata/name"), peer.Text($"podSelector/matchLabels/{NameLabel}"), port.Number("port")),
        ];
    }
}
