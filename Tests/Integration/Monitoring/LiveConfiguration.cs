using System.Globalization;
using RecoAspire.Publishing;
using RecoAspire.Tests;
using RecoAspire.Topology;
using YamlDotNet.Serialization;
using Tree = System.Collections.Generic.Dictionary<object, object>;

namespace RecoAspire.Integration.Monitoring;

/// <summary>
/// The published configuration of the primary region, with targets on this machine instead of pods. Whatever needs no Kubernetes stays:
/// labels, dropped metrics, all rules. Time runs faster: a second instead of half a minute.
/// </summary>
internal sealed class LiveConfiguration
{
    private readonly IReadOnlyList<PublishedFile> _files;
    private readonly string _region;

    public LiveConfiguration()
    {
        var topology = TopologyFile.Read(Path.Combine(RealData.ProjectRoot, "AppHost", "Topology", "topology.yaml"));
        var model = AppModel.Parse(File.ReadAllText(Path.Combine(RealData.ProjectRoot, "aspire-manifest", "aspire-manifest.json")));
        _files = Publisher.Write(topology, model);
        _region = topology.Primary.Name;
    }

    /// <summary>Writes <c>prometheus.yml</c> and the rules.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="targets">Addresses (<c>host:port</c>) by job, for the jobs that run here.</param>
    /// <param name="alertmanager">Address of the Alertmanager.</param>
    public string WritePrometheus(string folder, IReadOnlyDictionary<string, string> targets, string alertmanager)
    {
        var rules = Directory.CreateDirectory(Path.Combine(folder, "rules")).FullName;
        foreach (var file in _files.Where(f => f.Path.StartsWith("monitoring/base/prometheus/rules/", StringComparison.Ordinal) || f.Path.StartsWith($"monitoring/regions/{_region}/rules/", StringComparison.Ordinal)))
            File.WriteAllText(Path.Combine(rules, Path.GetFileName(file.Path)), Write(Faster(Read(file.Text))));

        var config = Read(_files.Single(f => f.Path == $"monitoring/regions/{_region}/prometheus.yml").Text);
        var global = (Tree)config["global"];
        foreach (var key in (string[])["scrape_interval", "scrape_timeout", "evaluation_interval"]) global[key] = "1s";
        config["rule_files"] = new List<object> { $"{rules}/*.rules.yml" };
        foreach (Tree one in (List<object>)((Tree)config["alerting"])["alertmanagers"]) Here(one, [(alertmanager, null)]);
        var jobs = ((List<object>)config["scrape_configs"]).Cast<Tree>().ToList();
        // Services are found by one job. Of the others only Prometheus itself and the Alertmanager are here.
        Here(jobs.Single(j => (string)j["job_name"] == "services"), [.. targets.Where(t => t.Key is not ("prometheus" or "alertmanager")).Select(t => (t.Value, t.Key))]);
        Here(jobs.Single(j => (string)j["job_name"] == "watchers"), [.. targets.Where(t => t.Key is "prometheus" or "alertmanager").Select(t => (t.Value, t.Key))]);
        config["scrape_configs"] = jobs.Where(j => j.ContainsKey("static_configs")).Cast<object>().ToList();
        var path = Path.Combine(folder, "prometheus.yml");
        File.WriteAllText(path, Write(config));
        return path;
    }

    /// <summary>Writes <c>alertmanager.yml</c>; every receiver is a path of one loopback server.</summary>
    public string WriteAlertmanager(string folder, string webhook)
    {
        var config = Read(_files.Single(f => f.Path == "monitoring/base/alertmanager/alertmanager.yml").Text);
        ((Tree)config["global"]).Remove("slack_api_url_file");
        config["receivers"] = ((List<object>)config["receivers"]).Cast<Tree>().Select(receiver => (object)new Tree
        {
            ["name"] = receiver["name"],
            ["webhook_configs"] = new List<object> { new Tree { ["url"] = $"{webhook}/{receiver["name"]}", ["send_resolved"] = true } },
        }).ToList();
        Hurry((Tree)config["route"]);
        var path = Path.Combine(folder, "alertmanager.yml");
        File.WriteAllText(path, Write(config));
        return path;
    }

    private static void Hurry(Tree route)
    {
        route["group_wait"] = "0s";
        route["group_interval"] = "1s";
        if (!route.TryGetValue("routes", out var routes)) return;
        foreach (Tree child in (List<object>)routes) Hurry(child);
    }

    private static Tree Faster(Tree rules)
    {
        foreach (Tree group in (List<object>)rules["groups"])
        {
            group["interval"] = "1s";
            foreach (Tree rule in (List<object>)group["rules"])
            {
                if (rule.TryGetValue("alert", out var name) && (string)name == "ServiceDown") rule["for"] = "2s";
            }
        }

        return rules;
    }

    private static void Here(Tree job, IEnumerable<(string Address, string? Job)> targets)
    {
        job.Remove("kubernetes_sd_configs");
        job["static_configs"] = targets.Select(t => (object)new Tree
        {
            ["targets"] = new List<object> { t.Address },
            ["labels"] = t.Job is null ? new Tree() : new Tree { ["job"] = t.Job, ["namespace"] = t.Job is "prometheus" or "alertmanager" ? Deployment.Monitoring : Deployment.Namespace, ["pod"] = $"{t.Job}-0" },
        }).ToList();
        if (!job.TryGetValue("relabel_configs", out var relabelings)) return;
        job["relabel_configs"] = ((List<object>)relabelings).Cast<Tree>()
            .Where(r => !(r.TryGetValue("source_labels", out var sources) && ((List<object>)sources).Any(s => ((string)s).StartsWith("__meta_kubernetes", StringComparison.Ordinal))))
            .Cast<object>().ToList();
    }

    private static Tree Read(string yaml) => new DeserializerBuilder().Build().Deserialize<Tree>(yaml);

    private static string Write(Tree tree) => new SerializerBuilder().WithQuotingNecessaryStrings().Build().Serialize(Typed(tree));

    // Read without types, truth values are strings; quoted they would be refused.
    private static object Typed(object value) => value switch
    {
        Tree tree => tree.ToDictionary(e => e.Key, e => Typed(e.Value)),
        List<object> list => list.ConvertAll(Typed),
        "true" => true,
        "false" => false,
        string text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ => value,
    };
}
