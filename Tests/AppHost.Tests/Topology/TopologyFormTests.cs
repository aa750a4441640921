using CsCheck;
using RecoAspire.Topology;

namespace RecoAspire.AppHost.Tests.Topology;

/// <summary>The file's form: every error at once, each with its path and line.</summary>
public sealed class TopologyFormTests
{
    [Fact]
    public void An_unknown_role_hides_nothing_else_that_is_wrong_with_the_regions()
    {
        var text = TopologyText.With("role: tertiary", "role: spare");
        text = TopologyText.Replace(text, "role: secondary", "role: primary");
        text = TopologyText.Replace(text, "api_servers: 20\n", "api_servers: -3\n");
        text = TopologyText.Replace(text, "lag_target_seconds: 10", "lag_target_seconds: 0");
        text = TopologyText.Replace(text, "- name: ap-southeast-1", "- name: eu-west-1");
        var errors = Assert.Throws<TopologyException>(() => TopologyFile.Parse(text)).Errors;
        Assert.Contains(errors, e => e.StartsWith("regions[2].role: must be one of primary, secondary, tertiary, is 'spare'", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("regions: exactly one must have the role primary, 2 have: 'us-east-1', 'eu-west-1'", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("regions[2].capacity.api_servers: must be 0 or more, is -3", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("replication.knowledge_graph.lag_target_seconds: must be more than 0, is 0", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("regions[2].name:", StringComparison.Ordinal));
    }

    [Fact]
    public void The_project_s_own_file_is_valid_and_read_as_it_is_written()
    {
        var topology = TopologyFile.Read(TopologyText.Path);
        Assert.Equal(["us-east-1", "eu-west-1", "ap-southeast-1"], topology.Regions.Select(r => r.Name));
        Assert.Equal(RegionRole.Secondary, topology.Regions[1].Role);
        Assert.Equal(CloudProvider.Gcp, topology.Regions[1].Provider);
        Assert.Equal([RegionService.HotPathApi, RegionService.VectorSearch], topology.Regions[2].Services);
        Assert.Equal(0, topology.Regions[2].Capacity.GraphPrimaries);
        Assert.Equal(0.999, topology.Slo.Availability);
        Assert.Equal("true", topology.StorageClasses[0].Aws.Parameters["encrypted"]);
        Assert.True(topology.Workloads["embedding"].ServerGc);
        Assert.Null(topology.Workloads["gateway"].Replicas);
        Assert.Equal(0.5, topology.Workloads["ops"].Cpu);
        Assert.Null(topology.Replication["vector_db"].Consistency);
        Assert.Equal("1.34", topology.KubernetesVersion);
    }

    [Theory]
    [InlineData("api_servers: 80", "api_server: 80", "regions[0].capacity.api_server: is not known: did you mean 'api_servers'?")]
    [InlineData("domain: tv5monde.com", "", "domain: is missing")]
    [InlineData("error_rate: 0.001", "error_rate: 0.001\n  colour: red", "slo.colour: is not known: known are availability, window_days, latency_p99_seconds, error_rate, peak_requests_per_second, data_loss_hours, cache_hit_rate, recall")]
    [InlineData("  recall: 0.95\n", "", "slo.recall: is missing")]
    [InlineData("api_servers: 40", "api_servers: many", "regions[1].capacity.api_servers: must be a whole number, is many")]
    [InlineData("api_servers: 40", "api_servers: 40.5", "regions[1].capacity.api_servers: must be a whole number, is 40.5")]
    [InlineData("api_servers: 40", "api_servers: \"40\"", "regions[1].capacity.api_servers: must be a whole number, is \"40\"")]
    [InlineData("api_servers: 40", "api_servers: 040", "regions[1].capacity.api_servers: must be a whole number, is 040")]
    [InlineData("api_servers: 40", "api_servers: 99999999999", "regions[1].capacity.api_servers: must be a whole number, is 99999999999")]
    [InlineData("api_servers: 40", "api_servers: [40]", "regions[1].capacity.api_servers: must be a whole number, is a list")]
    [InlineData("api_servers: 40", "api_servers:", "regions[1].capacity.api_servers: has no value")]
    [InlineData("availability: 0.999", "availability: .inf", "slo.availability: must be a number, is .inf")]
    [InlineData("availability: 0.999", "availability: 1e999", "slo.availability: must be a number, is 1e999")]
    [InlineData("server_gc: true }", "server_gc: yes }", "workloads.embedding.server_gc: must be true or false, is yes")]
    [InlineData("kubernetes_version: \"1.34\"", "kubernetes_version: 1.34", "kubernetes_version: must be text: write \"1.34\" in quotes")]
    [InlineData("zones: [us-east-1a, us-east-1b, us-east-1c]", "zones: us-east-1a", "regions[0].zones: must be a list, is us-east-1a")]
    [InlineData("digests: {}", "digests: []", "images.digests: must be a map, is a list")]
    [InlineData("provider: gcp", "provider: azure", "regions[1].provider: must be one of aws, gcp, is 'azure'")]
    [InlineData("role: tertiary", "role: leader", "regions[2].role: must be one of primary, secondary, tertiary, is 'leader'")]
    [InlineData("[hot_path_api, vector_search, knowledge_graph, gpu_cluster]", "[hot_path_api, vector, knowledge_graph, gpu_cluster]", "regions[0].services[1]: must be one of hot_path_api, vector_search, knowledge_graph, gpu_cluster, is 'vector'")]
    [InlineData("version: 1", "version: 2", "version: must be 1, is 2: the only format there is")]
    [InlineData("domain: tv5monde.com", "domain: &d tv5monde.com", "domain: '&d' is an anchor: there are none here")]
    [InlineData("domain: tv5monde.com", "domain: !!str tv5monde.com", "domain: 'tag:yaml.org,2002:str' is a tag: there are none here")]
    [InlineData("digests: {}", "digests: { \"a/b:c\": 7 }", "images.digests[\"a/b:c\"]: must be text: write \"7\" in quotes")]
    [InlineData("domain: tv5monde.com", "domain: tv5monde.com\n[a]: b", "topology: a key must be text")]
    public void What_is_wrong_is_said_with_its_path(string before, string after, params string[] expected) => Assert.Equal(expected, TopologyText.Errors(TopologyText.With(before, after)));

    [Fact]
    public void An_alias_is_refused_where_it_stands()
    {
        var text = TopologyText.Replace(TopologyText.With("domain: tv5monde.com", "domain: &d tv5monde.com"), "zone: tv5monde.com", "zone: *d");
        Assert.Equal(["domain: '&d' is an anchor: there are none here", "cdn.zone: '*d' is an alias: write the value out"], TopologyText.Errors(text));
    }

    [Fact]
    public void Each_error_has_its_line()
    {
        var error = Assert.Single(Assert.Throws<TopologyException>(() => TopologyFile.Parse(TopologyText.With("api_servers: 40", "api_servers: -3"))).Errors);
        Assert.Equal($"regions[1].capacity.api_servers: must be 0 or more, is -3 (line {LineOf("api_servers: 40")})", error);
    }

    [Fact]
    public void A_key_that_comes_twice_is_refused_with_both_lines()
    {
        var text = TopologyText.With("api_servers: 40", "api_servers: 40\n      api_servers: 41");
        var (error, line) = (Assert.Single(Assert.Throws<TopologyException>(() => TopologyFile.Parse(text)).Errors), LineOf("api_servers: 40"));
        Assert.Equal($"regions[1].capacity.api_servers: comes twice, first in line {line} (line {line + 1})", error);
    }

    [Fact]
    public void Ten_different_errors_give_ten_lines_in_the_file_s_order()
    {
        var text = TopologyText.Valid;
        foreach (var (before, after) in (ReadOnlySpan<(string, string)>)[
            ("version: 1", "version: 3"), ("host: api", "host: API!"), ("latency_p99_seconds: 0.1", "latency_p99_seconds: 0.12"), ("rto_minutes: 30", "rto_minutes: 0"),
            ("tag: 0.1.0", "tag: latest"), ("docker.io/apache/kafka", "k8s.gcr.io/kafka"), ("write_consistency: 2", "write_consistency: 3"), ("edition: enterprise", "edition: aura"),
            ("interval_seconds: 30", "interval_seconds: 20"), ("usd: 50000, units: 20", "usd: 50000, units: 0")])
        {
            text = TopologyText.Replace(text, before, after);
        }

        var errors = TopologyText.Errors(text);
        Assert.Equal(
            [
                "version", "host", "slo.latency_p99_seconds", "recovery_objectives.vector_db.rto_minutes", "images.tag", "images.engines.kafka.image", "qdrant.write_consistency",
                "neo4j.edition", "health_check.interval_seconds", "prices.compute.gpu_cluster.units",
            ],
            errors.Select(e => e[..e.IndexOf(": ", StringComparison.Ordinal)]));
    }

    [Theory]
    [InlineData("", "topology: is empty")]
    [InlineData("# nothing\n", "topology: is empty")]
    [InlineData("- a\n", "topology: must be a map, is a list")]
    [InlineData("text", "topology: must be a map, is text")]
    public void A_file_that_is_something_else_is_refused(string yaml, string expected) => Assert.Equal([expected], TopologyText.Errors(yaml));

    [Fact]
    public void Two_documents_are_refused() => Assert.Equal(["topology: must be one YAML document"], TopologyText.Errors($"{TopologyText.Valid}\n---\na: b\n"));

    [Fact]
    public void Broken_YAML_says_where_the_reader_was()
    {
        var error = Assert.Single(Assert.Throws<TopologyException>(() => TopologyFile.Parse(TopologyText.With("zones: [europe-west1-b", "zones: [[europe-west1-b"))).Errors);
        Assert.StartsWith("regions[1].zones", error, StringComparison.Ordinal);
        Assert.Contains("is not YAML", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_ends_in_an_error_and_not_in_a_stack_overflow()
    {
        var error = Assert.Single(TopologyText.Errors($"regions: {new string('[', 100_000)}"));
        Assert.Contains("nested deeper than 16 levels", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_too_large_or_missing_says_so()
    {
        var path = Path.Combine(Path.GetTempPath(), $"topology-{Guid.NewGuid():N}.yaml");
        Assert.Contains(path, Assert.Single(Assert.Throws<TopologyException>(() => TopologyFile.Read(path)).Errors), StringComparison.Ordinal);
        try
        {
            File.WriteAllText(path, new string('#', TopologyFile.MaxBytes + 1));
            Assert.Equal("topology: must not be larger than 1048576 bytes", Assert.Single(Assert.Throws<TopologyException>(() => TopologyFile.Read(path)).Errors));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Random_edits_never_crash_it_and_every_error_has_a_path_and_a_line()
    {
        string[] pieces = ["-1", "0", "~", "[", "]", "{", "}", ":", ": ", "\n", "\n  ", "- ", "&a ", "*a", "!t ", "\"", "'", "#", "|", ">", "\t", "%", "@", "é", "\u0000", "\ud83d\ude00", "\\x", "\"\\U99999999\"", "999999999999", "1e400", "null", "<<: ", "? "];
        var edit = Gen.Select(Gen.Int[0, TopologyText.Valid.Length], Gen.Int[0, 30], Gen.Int[0, pieces.Length - 1]);
        edit.List[1, 4].Sample(
            edits =>
            {
                var text = TopologyText.Valid;
                foreach (var (at, length, n) in edits)
                {
                    var start = Math.Min(at, text.Length);
                    text = string.Concat(text.AsSpan(0, start), pieces[n], text.AsSpan(Math.Min(start + length, text.Length)));
                }

                try
                {
                    TopologyFile.Parse(text);
                    return true;
                }
                catch (TopologyException e)
                {
                    return e.Errors.Count > 0 && e.Errors.All(error => !error.Contains('\n') && Form.IsMatch(error));
                }
            },
            iter: 3000);
    }

    private static int LineOf(string place) => 1 + TopologyText.Valid[..TopologyText.Valid.IndexOf(place, StringComparison.Ordinal)].Count(c => c == '\n');

    private static readonly System.Text.RegularExpressions.Regex Form = new(@"\A[a-zA-Z_].*?: .+ \(line [1-9][0-9]*\)\z");
}
