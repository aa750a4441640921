using System.Diagnostics;
using System.Text.Json.Nodes;
using RecoAspire.Publishing.Kubernetes.Engines.ScyllaDb;

namespace RecoAspire.AppHost.Tests.Publishing.Engines;

/// <summary>What each store in particular must have.</summary>
public sealed class EngineDecisionTests
{
    [Fact]
    public void Qdrant_has_its_peers_apart_and_started_together()
    {
        var set = Set("qdrant", "qdrant");
        Assert.Equal(10, (int)set["spec"]!["replicas"]!);
        Assert.Equal("Parallel", (string)set["spec"]!["podManagementPolicy"]!);
        Assert.NotNull(set["spec"]!["template"]!["spec"]!["affinity"]!["podAntiAffinity"]!["requiredDuringSchedulingIgnoredDuringExecution"]);
        Assert.EndsWith("-unprivileged", (string)Server(set)["image"]!, StringComparison.Ordinal);
        Assert.Equal(["storage", "snapshots"], set["spec"]!["volumeClaimTemplates"]!.AsArray().Select(c => (string)c!["metadata"]!["name"]!));
        Assert.DoesNotContain("QDRANT__CLUSTER__NODE_ID", Variables(set).Keys);
        Assert.Equal("false", Variables(set)["QDRANT__SERVICE__ENABLE_SNAPSHOT_URL_RECOVERY"]);
    }

    [Fact]
    public void Qdrants_peers_find_each_other_before_they_are_ready()
    {
        var headless = EngineSet.Of("Service").Single(s => EngineSet.NameOf(s.Object) == "qdrant").Object["spec"]!;
        Assert.Equal("None", (string)headless["clusterIP"]!);
        Assert.True((bool)headless["publishNotReadyAddresses"]!);
        Assert.Equal([6333, 6334, 6335], headless["ports"]!.AsArray().Select(p => (int)p!["port"]!));
    }

    [Fact]
    public void The_licence_is_accepted_for_the_edition_that_has_one_only()
    {
        foreach (var role in (string[])["primary", "secondary"])
        {
            Assert.Equal("yes", Variables(Set("neo4j", $"neo4j-{role}"))["NEO4J_ACCEPT_LICENSE_AGREEMENT"]);
        }

        Assert.DoesNotContain("NEO4J_ACCEPT_LICENSE_AGREEMENT", Variables(Set("neo4j-community", "neo4j")).Keys);
    }

    [Fact]
    public void Both_editions_have_the_same_names()
    {
        string[] Names(string folder) => [.. EngineSet.Of("Service", "ExternalSecret", "Certificate", "Issuer").Where(o => o.Folder == folder)
            .Select(o => $"{o.Object["kind"]} {EngineSet.NameOf(o.Object)}").Order()];
        Assert.Equal(Names("neo4j"), Names("neo4j-community"));
    }

    [Fact]
    public void Neo4j_leaves_memory_for_what_is_neither_heap_nor_page_cache()
    {
        var variables = Variables(Set("neo4j", "neo4j-primary"));
        var heap = Mebibytes(variables["NEO4J_server_memory_heap_max__size"]);
        var cache = Mebibytes(variables["NEO4J_server_memory_pagecache_size"]);
        Assert.InRange(heap + cache, 0.7 * EngineSet.Topology.Workloads["neo4j"].MemoryLimitMib, 0.85 * EngineSet.Topology.Workloads["neo4j"].MemoryLimitMib);
    }

    [Fact]
    public void Every_primary_is_among_those_that_are_asked_for_the_cluster()
    {
        var set = Set("neo4j", "neo4j-primary");
        Assert.Equal(3, (int)set["spec"]!["replicas"]!);
        Assert.Equal(5, (int)Set("neo4j", "neo4j-secondary")["spec"]!["replicas"]!);
        Assert.Equal(
            Enumerable.Range(0, 3).Select(i => $"neo4j-primary-{i}.neo4j.recommendation.svc:6000"),
            Variables(set)["NEO4J_dbms_cluster_discovery_v2_endpoints"].Split(','));
    }

    [Fact]
    public void A_certificate_names_everything_under_which_its_pods_are_called()
    {
        string[] Names(string certificate) => [.. EngineSet.Of("Certificate").First(c => EngineSet.NameOf(c.Object) == certificate).Object["spec"]!["dnsNames"]!.AsArray().Select(n => (string)n!)];
        Assert.Contains("*.qdrant.recommendation.svc", Names("qdrant-peers"));
        Assert.Contains("*.kafka.recommendation.svc", Names("kafka-brokers"));
        Assert.Contains("kafka-broker-3", Names("kafka-brokers"));
        Assert.Contains("neo4j-service", Names("neo4j-servers"));
        Assert.Contains("*.neo4j.recommendation.svc", Names("neo4j-servers"));
    }

    [Fact]
    public void The_caches_password_is_in_no_command()
    {
        var (_, _, template) = EngineSet.Templates.Single(t => t.Folder == "cache");
        Assert.All(EngineSet.Containers(template), c => Assert.DoesNotContain("requirepass", c["command"]?.ToJsonString() ?? "", StringComparison.Ordinal));
        var redis = EngineSet.Containers(template).First();
        var maximum = int.Parse((string)redis["env"]!.AsArray().Single(e => (string)e!["name"]! == "MAX_MEMORY_MIB")!["value"]!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(maximum < EngineSet.Topology.Workloads["cache"].MemoryLimitMib);
    }

    [Fact]
    public void ScyllaDB_has_a_rack_in_each_zone_of_each_region()
    {
        foreach (var region in EngineSet.Topology.Regions)
        {
            var racks = ScyllaDbPart.Racks(EngineSet.Topology, region).Items.Cast<RecoAspire.Publishing.Documents.Map>().ToList();
            Assert.Equal(region.Zones.Count, racks.Count);
            Assert.Equal(region.Capacity.ProfileNodes, racks.Sum(r => (int)(long)((RecoAspire.Publishing.Documents.Scalar)r["members"]!).Value));
        }

        var uneven = EngineSet.Topology.Primary with { Capacity = EngineSet.Topology.Primary.Capacity with { ProfileNodes = 4 } };
        Assert.Throws<RecoAspire.Publishing.PublishException>(() => ScyllaDbPart.Racks(EngineSet.Topology, uneven));
    }

    [Fact]
    public async Task Kustomize_builds_every_folder_alone()
    {
        Shell.Need("kubectl");
        await using var folder = new TestFolder();
        foreach (var (path, text) in EngineSet.Files)
        {
            var full = Path.Combine(folder.Path, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            await File.WriteAllTextAsync(full, text, TestContext.Current.CancellationToken);
        }

        foreach (var engine in Directory.EnumerateDirectories(Path.Combine(folder.Path, "k8s", "base")))
        {
            using var kustomize = Process.Start(new ProcessStartInfo("kubectl", ["kustomize", engine]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = kustomize.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = kustomize.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await kustomize.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(kustomize.ExitCode == 0, await errors);
            Assert.Contains("kind: NetworkPolicy", await output, StringComparison.Ordinal);
        }
    }

    private static JsonObject Set(string folder, string name) => EngineSet.Of("StatefulSet").Single(s => s.Folder == folder && EngineSet.NameOf(s.Object) == name).Object;

    private static JsonObject Server(JsonObject set) => set["spec"]!["template"]!["spec"]!["containers"]![0]!.AsObject();

    private static Dictionary<string, string> Variables(JsonObject set) =>
        Server(set)["env"]!.AsArray().ToDictionary(e => (string)e!["name"]!, e => (string?)e!["value"] ?? "");

    private static int Mebibytes(string size) => int.Parse(size.TrimEnd('m'), System.Globalization.CultureInfo.InvariantCulture);
}
