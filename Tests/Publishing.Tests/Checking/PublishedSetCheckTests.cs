using System.Diagnostics;
using RecoAspire.Publishing.Checking;
using RecoAspire.Tests;

namespace RecoAspire.Publishing.Tests.Checking;

/// <summary>The whole check over a set on disk, with the real kustomize and the real schemas.</summary>
public sealed class PublishedSetCheckTests : IDisposable
{
    private readonly string root = Path.Combine(Path.GetTempPath(), $"reco-set-{Guid.NewGuid():N}");

    public PublishedSetCheckTests()
    {
        foreach (var file in Directory.GetFiles(RegionSet.Folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(root, Path.GetRelativePath(RegionSet.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void The_good_set_has_no_findings_in_any_region()
    {
        var result = Check(RealData.Require("deploy-schemas"));
        Assert.Empty(result.Findings);
        Assert.Empty(result.Notes);
        Assert.Equal(["eu", "us"], result.Traffic.Select(region => region.Region));
        Assert.All(result.Traffic, region => Assert.Equal(RegionSet.Options.ExpectedEdges!.ToHashSet(), region.Edges.ToHashSet()));
        Assert.Contains(new ExternalEdge("recommendation/gateway", false, "10.0.0.0/8", "http/TCP"), result.Traffic[0].External);
        Assert.Contains(new ExternalEdge("recommendation/qdrant-backup", true, "0.0.0.0/0", "443/TCP"), result.Traffic[0].External);
    }

    [Fact]
    public void Without_schemas_the_result_says_so()
    {
        var result = Check();
        Assert.Empty(result.Findings);
        Assert.Equal("schemas not checked: no folder with them was given", Assert.Single(result.Notes));
    }

    [Fact]
    public void A_finding_names_the_file_and_line_that_the_object_came_from()
    {
        Edit("k8s/base/gateway/gateway.yaml", "targetPort: 9090", "targetPort: 9091");
        Assert.Equal(["k8s/base/gateway/gateway.yaml:151: Service recommendation/gateway: spec.ports[1].targetPort: Deployment recommendation/gateway has no port 9091"], Lines(Check()));
    }

    [Fact]
    public void What_a_regions_patch_breaks_is_found_in_the_patch()
    {
        Edit("k8s/regions/us/gateway.yaml", "value: us", "value: http://qdrant-servise:6334");
        Assert.Equal(["k8s/regions/us/gateway.yaml:13: Deployment recommendation/gateway: spec.template.spec.containers[0].env[0].value: the host qdrant-servise is no Service in recommendation"], Lines(Check()));
    }

    [Fact]
    public void A_generated_ConfigMap_is_found_by_its_overlay()
    {
        Edit("monitoring/base/prometheus.yml", "gateway.recommendation.svc:9090", "gateway.recommendation.svc:9099");
        var lines = Lines(Check());
        Assert.Equal(2, lines.Count);
        Assert.StartsWith("monitoring/regions/eu/kustomization.yaml: ConfigMap monitoring/prometheus-", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("data[\"prometheus.yml\"]: Service recommendation/gateway has no port 9099", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_no_kustomization_takes_in_is_found()
    {
        File.WriteAllText(Path.Combine(root, "k8s/base/gateway/more.yaml"), "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: more\n  namespace: recommendation\n");
        Assert.Equal(["k8s/base/gateway/more.yaml: no kustomization takes it in: it is never deployed"], Lines(Check()));
    }

    [Fact]
    public void A_part_that_lacks_a_region_is_found()
    {
        Directory.Delete(Path.Combine(root, "backup/regions/us"), recursive: true);
        Assert.Contains("backup/regions: there is no us, which another part has", Lines(Check()));
    }

    [Fact]
    public void An_overlay_that_cannot_be_rendered_is_found_with_the_reason()
    {
        File.Delete(Path.Combine(root, "scaling/regions/us/gateway.yaml"));
        var line = Assert.Single(Lines(Check()));
        Assert.StartsWith("scaling/regions/us/kustomization.yaml: cannot be rendered: ", line, StringComparison.Ordinal);
        Assert.Contains("gateway.yaml", line, StringComparison.Ordinal);
        Assert.DoesNotContain(root, line, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_is_not_YAML_or_JSON_is_found()
    {
        File.WriteAllText(Path.Combine(root, "monitoring/runbooks/broken.yaml"), "a: 1\na: 2\n");
        File.WriteAllText(Path.Combine(root, "dns/records.json"), "{\n  \"records\": [\n}\n");
        var lines = Lines(Check());
        Assert.Equal(2, lines.Count);
        Assert.StartsWith("dns/records.json:3: is not JSON: ", lines[0], StringComparison.Ordinal);
        Assert.Equal("monitoring/runbooks/broken.yaml:2: is not YAML: the key 'a' stands twice", lines[1]);
    }

    [Fact]
    public void A_secretGenerator_is_found()
    {
        Edit("monitoring/base/kustomization.yaml", "configMapGenerator:", "secretGenerator:\n  - name: token\n    namespace: monitoring\n    literals: [token=abc]\nconfigMapGenerator:");
        Assert.Contains("monitoring/base/kustomization.yaml:7: secretGenerator: it writes secret values", Lines(Check()));
    }

    [Fact]
    public void What_stands_beside_the_regions_is_checked_against_them()
    {
        Edit("monitoring/operator/gateway.yaml", "port: metrics", "port: metricz");
        Assert.Equal(["monitoring/operator/gateway.yaml:13: ServiceMonitor monitoring/gateway: spec.endpoints[0].port: Service recommendation/gateway has no port 'metricz'"], Lines(Check()));
        File.Delete(Path.Combine(root, "monitoring/operator/kustomization.yaml"));
        Assert.Equal(["monitoring/operator/gateway.yaml:13: ServiceMonitor monitoring/gateway: spec.endpoints[0].port: Service recommendation/gateway has no port 'metricz'"], Lines(Check()));
    }

    [Fact]
    public void A_field_that_no_version_has_is_found_once_with_its_line()
    {
        Edit("k8s/base/gateway/gateway.yaml", "  terminationGracePeriodSeconds: 45", "  terminationGraceSeconds: 45");
        Edit("k8s/regions/us/kustomization.yaml", "patches:", "patchez:");
        var lines = Lines(Check(RealData.Require("deploy-schemas")));
        Assert.Contains("k8s/regions/us/kustomization.yaml:6: patchez: is no field of this object", lines);
        Assert.Single(lines, "k8s/base/gateway/gateway.yaml:53: Deployment recommendation/gateway: spec.template.spec.terminationGraceSeconds: is no field of this object");
    }

    [Fact]
    public void The_check_of_a_set_takes_seconds()
    {
        var watch = Stopwatch.StartNew();
        var result = Check(RealData.Require("deploy-schemas"));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{result.Objects} objects took {watch.Elapsed}");
    }

    [Fact]
    public void The_result_is_written_line_by_line_and_counted()
    {
        var result = new CheckResult([new Finding("a.yaml", 3, "wrong"), new Finding("b", 0, "missing")], ["not checked"], 7, [new RegionTraffic("eu", [], [])]);
        using var writer = new StringWriter { NewLine = "\n" };
        Assert.Equal(1, result.WriteTo(writer));
        Assert.Equal("a.yaml:3: wrong\nb: missing\nnote: not checked\n2 findings in 7 objects of 1 regions\n", writer.ToString());
        Assert.Equal(0, (result with { Findings = [] }).WriteTo(TextWriter.Null));
    }

    [Fact]
    public void A_root_or_a_schema_file_that_is_missing_is_an_error_that_names_it()
    {
        var missing = Path.Combine(root, "nowhere");
        Assert.Contains(missing, Assert.Throws<DirectoryNotFoundException>(() => PublishedSetCheck.Run(missing, RegionSet.Options)).Message, StringComparison.Ordinal);
        Assert.Contains("crds.json.gz", Assert.Throws<FileNotFoundException>(() => PublishedSetCheck.Run(root, RegionSet.Options with { SchemasFolder = root })).Message, StringComparison.Ordinal);
    }

    private CheckResult Check(string? schemas = null)
    {
        RequireKustomize();
        return PublishedSetCheck.Run(root, RegionSet.Options with { SchemasFolder = schemas });
    }

    private static List<string> Lines(CheckResult result) => [.. result.Findings.Select(finding => finding.ToString())];

    private void Edit(string path, string old, string replacement)
    {
        var text = File.ReadAllText(Path.Combine(root, path));
        Assert.Contains(old, text);
        File.WriteAllText(Path.Combine(root, path), text.Replace(old, replacement));
    }

    private static void RequireKustomize()
    {
        try
        {
            Kustomize.Find([.. RegionSet.Options.ToolFolders, .. Kustomize.SearchPath()], TimeSpan.FromSeconds(60));
        }
        catch (KustomizeException e)
        {
            Assert.Skip($"{e.Message}; .ci/tools unpacks one into .cache/tools");
        }
    }
}
