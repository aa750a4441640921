using System.Text.Json;
using System.Text.RegularExpressions;
using RecoAspire.Publishing.Checking;
using RecoAspire.Publishing.Operations.Deploy;
using RecoAspire.Tests;

namespace RecoAspire.Publishing.Tests.Committed;

/// <summary>What is committed under aspire-manifest: up to date, whole, and allowing exactly the calls that the app model has.</summary>
public sealed partial class CommittedSetTests
{
    [Fact]
    public void It_is_what_a_fresh_generation_writes()
    {
        var fresh = CommittedSet.Generate(CommittedSet.TopologyText);
        var committed = CommittedSet.Files().Where(f => f.Path is not ("README.md" or "aspire-manifest.json")).ToDictionary(f => f.Path, f => f.Text);
        Assert.Equal(fresh.Keys.Order(StringComparer.Ordinal), committed.Keys.Order(StringComparer.Ordinal));
        foreach (var (path, text) in fresh) Assert.True(text == committed[path], $"aspire-manifest/{path} is stale: run 'dotnet run --project AppHost -- publish'");
    }

    [Fact]
    public void Every_object_fits_the_schemas_of_both_versions_and_everything_that_is_named_is_there()
    {
        var schemas = RealData.Require("deploy-schemas");
        Assert.SkipUnless(Tools.Kustomize, Tools.WhyNoKustomize);
        var options = SetCheck.Options(Publisher.Describe(CommittedSet.Topology, CommittedSet.Model), schemas);
        Assert.Equal(["1.32", "1.34"], options.KubernetesVersions);
        var result = PublishedSetCheck.Run(CommittedSet.Root, options);
        Assert.Empty(result.Findings);
        Assert.Empty(result.Notes);
        Assert.Equal(CommittedSet.Topology.Regions.Select(r => r.Name).Order(), result.Traffic.Select(t => t.Region).Order());
        Assert.True(result.Objects > 500, $"only {result.Objects} objects");
    }

    // The expectation is read from the manifest here, not taken from the generator.
    [Fact]
    public void Policies_allow_each_reference_of_the_app_model_between_services_and_no_other_call()
    {
        Assert.SkipUnless(Tools.Kustomize, Tools.WhyNoKustomize);
        var references = References();
        Assert.Contains(("gateway", "profile"), references);
        Assert.DoesNotContain(("profile", "gateway"), references);
        var result = PublishedSetCheck.Run(CommittedSet.Root, SetCheck.Options(Publisher.Describe(CommittedSet.Topology, CommittedSet.Model), null));
        foreach (var region in result.Traffic)
        {
            var graph = CommittedSet.Topology.Region(region.Region).Offers(RecoAspire.Topology.RegionService.KnowledgeGraph);
            string[] services = ["eventlog", "profile", "vectorsearch", "embedding", "gateway", .. graph ? ["graph"] : (string[])[]];
            var allowed = region.Edges.Where(e => e.Port == 8000).Select(e => (From: e.From.Split('/')[1], To: e.To.Split('/')[1])).Where(e => services.Contains(e.From) && services.Contains(e.To)).ToHashSet();
            Assert.Equal(references.Where(r => services.Contains(r.From) && services.Contains(r.To)).Order(), allowed.Order());
            // Nobody from outside but the gateway's callers, and nobody but the watchers reaches the metrics of a service.
            Assert.Equal(["recommendation/gateway"], region.External.Where(e => !e.Egress && services.Contains(e.Workload.Split('/')[1])).Select(e => e.Workload).Distinct());
            Assert.All(region.Edges.Where(e => e.Port == 9090 && services.Contains(e.To.Split('/')[1])), e => Assert.Equal("monitoring/prometheus", e.From));
        }
    }

    [Fact]
    public void No_secret_no_moving_tag_and_no_retired_registry_is_in_it()
    {
        foreach (var (path, text) in CommittedSet.Files().Where(f => f.Path != "DEPLOY.md"))
        {
            Assert.False(path.EndsWith(".yaml", StringComparison.Ordinal) && SecretObject().IsMatch(text), $"{path} has an object of kind Secret");
            Assert.DoesNotContain(":latest", text, StringComparison.Ordinal);
            Assert.DoesNotContain("k8s.gcr.io", text, StringComparison.Ordinal);
            Assert.False(PrivateKey().IsMatch(text), $"{path} has a private key");
        }

        foreach (var (path, text) in CommittedSet.Files().Where(f => f.Path.EndsWith(".yaml", StringComparison.Ordinal)))
            foreach (Match image in Image().Matches(text)) Assert.True(Pinned().IsMatch(image.Groups[1].Value), $"{path}: {image.Groups[1].Value} has no tag");
    }

    [Fact]
    public void The_guide_settles_each_of_the_ninety_errata_and_names_only_files_that_are_there()
    {
        Assert.Equal(Enumerable.Range(1, 90), ErrataRows.All.Select(r => r.Number));
        foreach (var row in ErrataRows.All)
        {
            Assert.NotEmpty(row.Where);
            foreach (var file in row.Where)
                Assert.True(File.Exists(Path.Combine(CommittedSet.Root, file)) || File.Exists(Path.Combine(RealData.ProjectRoot, file)), $"row {row.Number} names {file}");
        }

        var guide = File.ReadAllText(Path.Combine(CommittedSet.Root, "DEPLOY.md"));
        foreach (Match path in PathInGuide().Matches(guide))
        {
            var file = path.Groups[1].Value;
            Assert.True(Path.Exists(Path.Combine(CommittedSet.Root, file)) || Path.Exists(Path.Combine(RealData.ProjectRoot, file)), $"DEPLOY.md names {file}");
        }
    }

    private static HashSet<(string From, string To)> References()
    {
        using var manifest = JsonDocument.Parse(CommittedSet.Manifest);
        var references = new HashSet<(string, string)>();
        foreach (var resource in manifest.RootElement.GetProperty("resources").EnumerateObject())
        {
            if (!resource.Value.TryGetProperty("env", out var env)) continue;
            foreach (var value in env.EnumerateObject().Select(e => e.Value.GetString()!))
                foreach (Match match in Regex.Matches(value, @"\{([a-z]+)\.bindings\.grpc\.url\}"))
                    if (match.Groups[1].Value != resource.Name) references.Add((resource.Name, match.Groups[1].Value));
        }

        return references;
    }

    [GeneratedRegex(@"^kind: Secret\s*$", RegexOptions.Multiline)]
    private static partial Regex SecretObject();

    [GeneratedRegex("BEGIN [A-Z ]*PRIVATE KEY")]
    private static partial Regex PrivateKey();

    [GeneratedRegex("^\\s*(?:- )?image: \"?([^\"\\s]+)\"?\\s*$", RegexOptions.Multiline)]
    private static partial Regex Image();

    [GeneratedRegex(@"^[a-z0-9.-]+/[A-Za-z0-9./_-]+:[A-Za-z0-9._-]+(?:@sha256:[0-9a-f]{64})?$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"`((?:k8s|monitoring|backup|scaling|dns|cdn|AppHost|Services|Tests)/[A-Za-z0-9_./-]+)`")]
    private static partial Regex PathInGuide();
}
