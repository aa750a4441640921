using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RecoAspire.Publishing;

namespace RecoAspire.AppHost.Tests.Publishing.Engines;

/// <summary>What must hold for every store, whatever it is.</summary>
public sealed partial class EngineObjectTests
{
    [Fact]
    public void Every_store_has_a_folder_of_its_own() =>
        Assert.Equal(
            ["cache", "kafka", "neo4j", "neo4j-community", "qdrant", "scylladb"],
            EngineSet.Files.Where(f => f.Path.EndsWith("/kustomization.yaml", StringComparison.Ordinal)).Select(f => f.Path.Split('/')[2]).Order());

    [Fact]
    public void Every_pod_passes_the_restricted_standard()
    {
        foreach (var (_, owner, template) in EngineSet.Templates)
        {
            var spec = template["spec"]!;
            Assert.False((bool)spec["automountServiceAccountToken"]!, EngineSet.NameOf(owner));
            Assert.False((bool)spec["enableServiceLinks"]!, EngineSet.NameOf(owner));
            Assert.True((bool)spec["securityContext"]!["runAsNonRoot"]!);
            Assert.NotEqual(0, (int)spec["securityContext"]!["runAsUser"]!);
            Assert.NotNull(spec["priorityClassName"]);
            foreach (var container in EngineSet.Containers(template))
            {
                var security = container["securityContext"]!;
                Assert.False((bool)security["allowPrivilegeEscalation"]!);
                Assert.True((bool)security["readOnlyRootFilesystem"]!);
                Assert.Equal("ALL", (string)security["capabilities"]!["drop"]![0]!);
                Assert.NotNull(container["resources"]!["requests"]!["cpu"]);
                Assert.NotNull(container["resources"]!["requests"]!["memory"]);
                Assert.NotNull(container["resources"]!["limits"]!["memory"]);
                Assert.Null(container["resources"]!["limits"]!["cpu"]);
                Assert.DoesNotContain(":latest", (string)container["image"]!, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Every_pod_has_an_account_and_a_policy_in_its_folder()
    {
        foreach (var (folder, owner, template) in EngineSet.Templates)
        {
            var workload = (string)template["metadata"]!["labels"]!["app.kubernetes.io/name"]!;
            Assert.Equal(workload, (string)template["spec"]!["serviceAccountName"]!);
            Assert.Contains(EngineSet.Of("ServiceAccount"), o => o.Folder == folder && EngineSet.NameOf(o.Object) == workload);
            Assert.Contains(EngineSet.Of("NetworkPolicy"), o => o.Folder == folder && EngineSet.NameOf(o.Object) == workload);
            Assert.StartsWith(workload, EngineSet.NameOf(owner), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_volume_that_is_mounted_exists_and_every_volume_is_mounted()
    {
        foreach (var (_, owner, template) in EngineSet.Templates)
        {
            var volumes = template["spec"]!["volumes"]!.AsArray().Concat((JsonArray?)owner["spec"]!["volumeClaimTemplates"] ?? [])
                .Select(v => (string)(v!["name"] ?? v["metadata"]!["name"])!).Order().ToList();
            var mounts = EngineSet.Containers(template).SelectMany(c => c["volumeMounts"]!.AsArray()).Select(m => (string)m!["name"]!).Distinct().Order();
            Assert.Equal(volumes, mounts);
        }
    }

    [Fact]
    public void Every_secret_that_is_used_is_fetched_or_made_in_the_same_folder_with_that_key()
    {
        foreach (var (folder, _, template) in EngineSet.Templates)
        {
            var variables = EngineSet.Containers(template).SelectMany(c => ((JsonArray?)c["env"] ?? []).Select(e => e!["valueFrom"]?["secretKeyRef"]).OfType<JsonObject>())
                .Select(r => ((string)r["name"]!, (string)r["key"]!));
            var files = template["spec"]!["volumes"]!.AsArray().Select(v => v!["secret"]).OfType<JsonObject>()
                .SelectMany(s => s["items"]!.AsArray().Select(i => ((string)s["secretName"]!, (string)i!["key"]!)));
            foreach (var used in variables.Concat(files)) Assert.Contains(used, Secrets(folder));
        }
    }

    [Fact]
    public void No_object_holds_a_secret() => Assert.Empty(EngineSet.Of("Secret"));

    [Fact]
    public void A_name_in_a_clouds_store_is_one_that_every_cloud_takes() =>
        Assert.All(
            EngineSet.Of("ExternalSecret").SelectMany(o => o.Object["spec"]!["data"]!.AsArray()).Select(d => (string)d!["remoteRef"]!["key"]!),
            key => Assert.Matches("^[A-Za-z0-9-]+$", key));

    [Fact]
    public void No_two_sets_select_each_others_pods()
    {
        foreach (var folder in EngineSet.Templates.Where(t => (string)t.Owner["kind"]! != "Job").GroupBy(t => t.Folder))
        {
            foreach (var owner in folder)
            {
                var selector = owner.Owner["spec"]!["selector"]!["matchLabels"]!.AsObject();
                var selected = EngineSet.Templates.Where(t => t.Folder == folder.Key && selector.All(l => (string?)t.Template["metadata"]!["labels"]![l.Key] == (string?)l.Value)).ToList();
                Assert.Equal([EngineSet.NameOf(owner.Owner)], selected.Select(s => EngineSet.NameOf(s.Owner)));
            }
        }
    }

    [Fact]
    public void Every_set_can_be_drained_one_pod_after_another()
    {
        foreach (var (folder, owner, template) in EngineSet.Templates.Where(t => (string)t.Owner["kind"]! == "StatefulSet"))
        {
            var labels = template["metadata"]!["labels"]!;
            var budgets = EngineSet.Of("PodDisruptionBudget").Where(o => o.Folder == folder)
                .Where(o => o.Object["spec"]!["selector"]!["matchLabels"]!.AsObject().All(l => (string?)labels[l.Key] == (string?)l.Value)).ToList();
            // With two budgets over one pod an eviction is refused for ever.
            Assert.True(budgets.Count == 1, EngineSet.NameOf(owner));
            Assert.Equal(1, (int)budgets[0].Object["spec"]!["maxUnavailable"]!);
        }
    }

    [Fact]
    public void Every_service_leads_to_a_port_that_the_pods_behind_it_have()
    {
        foreach (var (folder, service) in EngineSet.Of("Service"))
        {
            var selector = service["spec"]!["selector"]!.AsObject().Where(l => l.Key != "statefulset.kubernetes.io/pod-name").ToList();
            var pods = EngineSet.Templates.Where(t => t.Folder == folder && selector.All(l => (string?)t.Template["metadata"]!["labels"]![l.Key] == (string?)l.Value)).ToList();
            Assert.NotEmpty(pods);
            foreach (var port in service["spec"]!["ports"]!.AsArray())
            {
                foreach (var (_, _, template) in pods)
                {
                    Assert.Contains(PortsOf(template), p => p.Name == (string)port!["targetPort"]! && p.Port == (int)port["port"]!);
                }
            }
        }
    }

    [Fact]
    public void Every_name_that_is_called_is_a_service_or_a_pod_behind_one()
    {
        foreach (var (folder, owner, template) in EngineSet.Templates)
        {
            var text = string.Join('\n', EngineSet.Containers(template).SelectMany(c => ((JsonArray?)c["env"] ?? []).Select(e => (string?)e!["value"]).Concat(((JsonArray?)c["args"] ?? []).Select(a => (string?)a))));
            foreach (Match match in Address().Matches(text))
            {
                var host = match.Groups["host"].Value.Replace(".recommendation.svc", "", StringComparison.Ordinal);
                if (host is "127.0.0.1" or "0.0.0.0" or "$(POD_NAME).neo4j") continue;
                var parts = host.Split('.');
                var service = parts[^1];
                Assert.Contains(EngineSet.Of("Service"), s => s.Folder == folder && EngineSet.NameOf(s.Object) == service);
                if (parts.Length == 2) Assert.Contains(EngineSet.Of("StatefulSet"), s => s.Folder == folder && IsPodOf(parts[0], s.Object));
            }
        }
    }

    [Fact]
    public void The_names_of_the_guide_exist()
    {
        var services = EngineSet.Of("Service").Select(s => (EngineSet.NameOf(s.Object), Ports: s.Object["spec"]!["ports"]!.AsArray().Select(p => (int)p!["port"]!).ToArray())).ToLookup(s => s.Item1, s => s.Ports);
        Assert.Equal([6333, 6334], services["qdrant-service"].Single());
        Assert.All(services["neo4j-service"], p => Assert.Equal([7687, 7474], p));
        Assert.Equal(2, services["neo4j-service"].Count());
        for (var broker = 1; broker <= 3; broker++) Assert.Equal([9092], services[$"kafka-broker-{broker}"].Single());
        Assert.Equal([6379], services["cache"].Single());
    }

    [Fact]
    public void Every_port_that_is_scraped_or_called_is_one_that_the_pods_have()
    {
        var engines = EngineSet.Templates.ToLookup(t => (string)t.Template["metadata"]!["labels"]!["app.kubernetes.io/name"]!, t => t.Template);
        foreach (var edge in EngineSet.Deployment.Edges.Where(e => e.To.Namespace == Deployment.Namespace && engines.Contains(e.To.Name)))
        {
            Assert.Contains(engines[edge.To.Name].SelectMany(PortsOf), p => p.Port == edge.Port);
        }
    }

    [Fact]
    public void Every_allowed_connection_is_let_in_by_the_one_and_out_by_the_other()
    {
        var policies = EngineSet.Of("NetworkPolicy").Where(p => p.Folder != "neo4j-community").Select(p => p.Object).ToDictionary(p => ((string)p["metadata"]!["namespace"]!, EngineSet.NameOf(p)));
        foreach (var edge in EngineSet.Deployment.Edges)
        {
            if (policies.TryGetValue((edge.To.Namespace, edge.To.Name), out var to)) Assert.True(Allows(to, "ingress", "from", edge.From, edge), edge.ToString());
            if (policies.TryGetValue((edge.From.Namespace, edge.From.Name), out var from)) Assert.True(Allows(from, "egress", "to", edge.To, edge), edge.ToString());
        }
    }

    [Fact]
    public void A_task_has_another_name_when_it_does_something_else_and_the_same_one_otherwise()
    {
        string[] Jobs(int shards) => [.. EngineSet.Write(EngineSet.Topology with { Qdrant = EngineSet.Topology.Qdrant with { Shards = shards } })
            .Where(f => f.Path == "k8s/base/qdrant/collections.yaml").SelectMany(f => f.Text.Split('\n')).Where(l => l.StartsWith("  name: qdrant-collections-", StringComparison.Ordinal))];
        Assert.Single(Jobs(20));
        Assert.Equal(Jobs(20), Jobs(20));
        Assert.NotEqual(Jobs(20), Jobs(40));
    }

    [Fact]
    public void Every_task_ends_and_is_cleared_away() =>
        Assert.All(EngineSet.Of("Job"), job =>
        {
            Assert.True((int)job.Object["spec"]!["activeDeadlineSeconds"]! > 0);
            Assert.True((int)job.Object["spec"]!["ttlSecondsAfterFinished"]! > 0);
            Assert.Equal("reco-batch", (string)job.Object["spec"]!["template"]!["spec"]!["priorityClassName"]!);
        });

    private static bool Allows(JsonObject policy, string direction, string side, Peer peer, NetworkEdge edge) =>
        ((JsonArray?)policy["spec"]![direction] ?? []).Any(rule =>
            rule![side]!.AsArray().Any(p =>
                (string?)p!["podSelector"]?["matchLabels"]?["app.kubernetes.io/name"] == peer.Name
                && ((string?)p["namespaceSelector"]?["matchLabels"]?["kubernetes.io/metadata.name"] ?? (string)policy["metadata"]!["namespace"]!) == peer.Namespace)
            && rule["ports"]!.AsArray().Any(p => (int)p!["port"]! == edge.Port));

    private static IEnumerable<(string Name, int Port)> PortsOf(JsonObject template) =>
        EngineSet.Containers(template).SelectMany(c => (JsonArray?)c["ports"] ?? []).Select(p => ((string)p!["name"]!, (int)p["containerPort"]!));

    private static bool IsPodOf(string pod, JsonObject set) =>
        pod.LastIndexOf('-') is > 0 and var dash && pod[..dash] == EngineSet.NameOf(set) && int.Parse(pod[(dash + 1)..], System.Globalization.CultureInfo.InvariantCulture) < (int)set["spec"]!["replicas"]!;

    private static HashSet<(string, string)> Secrets(string folder)
    {
        var fetched = EngineSet.Of("ExternalSecret").Where(o => o.Folder == folder).SelectMany(o =>
            o.Object["spec"]!["data"]!.AsArray().Select(d => (string)d!["secretKey"]!)
                .Concat(((JsonObject?)o.Object["spec"]!["target"]!["template"]?["data"] ?? []).Select(d => d.Key))
                .Select(key => ((string)o.Object["spec"]!["target"]!["name"]!, key)));
        var made = EngineSet.Of("Certificate").Where(o => o.Folder == folder).SelectMany(o =>
            ((string[])["tls.crt", "tls.key", "ca.crt", "tls-combined.pem"]).Select(key => ((string)o.Object["spec"]!["secretName"]!, key)));
        return [.. fetched, .. made];
    }

    [GeneratedRegex(@"(?:^|[/,=@])(?<host>(?:\$\(POD_NAME\)|[a-z0-9-]+)(?:\.[a-z0-9-]+)*):(?<port>[0-9]{4,5})\b", RegexOptions.Multiline)]
    private static partial Regex Address();
}
