using System.Text.RegularExpressions;
using RecoAspire.Tests;

namespace RecoAspire.AppHost.Tests.Publishing.Services;

/// <summary>A setting that no code reads would be a promise that nobody keeps.</summary>
public sealed partial class SettingTests
{
    private static readonly Dictionary<string, string> Projects = new()
    {
        ["gateway"] = "Gateway",
        ["eventlog"] = "EventLog",
        ["profile"] = "Profile",
        ["vectorsearch"] = "VectorSearch",
        ["graph"] = "Graph",
        ["embedding-gpu"] = "GpuEmbedding",
        ["embedding-cpu"] = "GpuEmbedding",
    };

    // Read by the runtime and by the GPU's driver, not by our code.
    private static readonly string[] Host = ["DOTNET_gcServer", "DOTNET_GCHeapHardLimitPercent", "DOTNET_EnableDiagnostics", "NVIDIA_DRIVER_CAPABILITIES"];

    [Fact]
    public void Every_variable_is_one_that_the_service_documents_as_read()
    {
        var published = new Published();
        var unknown = published.Workloads().SelectMany(w => w.Object.Environment().Keys.Where(name => !IsRead(w.Folder, name)).Select(name => $"{w.Folder}: {name}")).ToList();
        Assert.Empty(unknown);
        Assert.Equal(Projects.Keys.Append("agentdb").Order(), published.Workloads().Select(w => w.Folder).Order());
    }

    [Theory]
    [InlineData("gateway", "GATEWAY_PORT")]
    [InlineData("profile", "Training__PublisherHost")]
    [InlineData("eventlog", "Log__MaxByte")]
    public void A_name_that_the_service_does_not_read_is_found(string folder, string name) => Assert.False(IsRead(folder, name));

    [Fact]
    public void No_address_is_set_under_two_names()
    {
        foreach (var (_, workload) in new Published().Workloads())
        {
            var keys = workload.Environment().Values.Select(v => v.At("valueFrom/configMapKeyRef")).OfType<YamlDotNet.RepresentationModel.YamlNode>().Select(r => $"{r.Text("name")}/{r.Text("key")}").ToList();
            Assert.Equal(keys.Distinct(), keys);
            Assert.False(workload.Environment().ContainsKey("VECTOR_DB_ENDPOINT") && workload.Environment().ContainsKey("services__vectorsearch__http__0"));
            Assert.False(workload.Environment().ContainsKey("GRAPH_DB_ENDPOINT") && workload.Environment().ContainsKey("services__graph__http__0"));
        }
    }

    [Fact]
    public void Every_address_that_a_pod_reads_is_in_the_regions_map_or_may_be_missing_and_every_address_there_is_read()
    {
        var published = new Published();
        foreach (var region in Published.Topology.Regions)
        {
            var map = published.Overlay(region.Name).Items("configMapGenerator").Single(m => m.Text("name") == "service-endpoints");
            var there = map.Items("literals").Select(l => l.ToString().Split('=')[0]).ToList();
            var read = published.Workloads()
                .SelectMany(w => w.Object.Environment().Values)
                .Select(v => v.At("valueFrom/configMapKeyRef"))
                .Where(r => r?.Text("name") == "service-endpoints")
                .Select(r => (Key: r!.Text("key"), IsOptional: r!.At("optional") is not null)).ToList();
            Assert.DoesNotContain(read, r => !r.IsOptional && !there.Contains(r.Key));
            Assert.Subset(read.Select(r => r.Key).ToHashSet(), there.ToHashSet());
        }
    }

    private static bool IsRead(string folder, string name) =>
        Host.Contains(name)
        || Documented(Path.Combine("ServiceDefaults", "README.md")).Concat(Projects.TryGetValue(folder, out var project) ? Documented(Path.Combine("Services", project, "README.md")) : [])
            .Any(pattern => Regex.IsMatch(name, pattern));

    // The names in a README's tables: `A__B`, `__C` is a further one of A, `{x,y}` and `{name}` stand for several.
    private static IEnumerable<string> Documented(string readme)
    {
        foreach (var row in File.ReadLines(Path.Combine(RealData.ProjectRoot, readme)).Where(l => l.StartsWith("| `", StringComparison.Ordinal)))
        {
            var section = "";
            foreach (Match match in Code().Matches(row.Split('|')[1]))
            {
                var name = match.Groups[1].Value;
                if (name.StartsWith("__", StringComparison.Ordinal)) name = section + name;
                else if (name.Contains("__", StringComparison.Ordinal)) section = name[..name.LastIndexOf("__", StringComparison.Ordinal)];
                yield return $@"\A{Placeholder().Replace(Regex.Escape(name), "[A-Za-z]+").Replace(@"\*", "[A-Za-z_]+", StringComparison.Ordinal)}\z";
            }
        }
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\\\{[^}]*\}")]
    private static partial Regex Placeholder();
}
