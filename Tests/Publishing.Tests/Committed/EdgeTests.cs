using System.Text.Json;
using System.Text.RegularExpressions;

namespace RecoAspire.Publishing.Tests.Committed;

/// <summary>DNS and CDN: records that lead somewhere, batches that only move, Terraform whose references exist.</summary>
public sealed partial class EdgeTests
{
    private static readonly IReadOnlyDictionary<string, string> Files = CommittedSet.Generate(CommittedSet.TopologyText);

    [Fact]
    public void Every_record_leads_to_another_or_to_a_load_balancer_and_has_one_policy()
    {
        using var dns = JsonDocument.Parse(Files["dns/records.json"]);
        var records = dns.RootElement.GetProperty("records").EnumerateArray().ToList();
        var names = records.Select(r => r.GetProperty("name").GetString()).ToHashSet();
        var checks = dns.RootElement.GetProperty("healthChecks").EnumerateArray().Select(c => c.GetProperty("id").GetString()).ToHashSet();
        foreach (var record in records.Where(r => r.GetProperty("policy").GetString() is "geolocation" or "failover")) Assert.Contains(record.GetProperty("value").GetString(), names);
        Assert.All(records.Where(r => r.TryGetProperty("healthCheck", out _)), r => Assert.Contains(r.GetProperty("healthCheck").GetString(), checks));
        Assert.All(records, r => Assert.False(r.TryGetProperty("weight", out _)));
        Assert.Equal(["NA", "SA", "EU", "AF", "AS", "OC", "default"], records.Where(r => r.GetProperty("policy").GetString() == "geolocation").Select(r => r.GetProperty("setIdentifier").GetString()));
        Assert.All(dns.RootElement.GetProperty("healthChecks").EnumerateArray(), c => Assert.Equal((30, 10, 3), (c.GetProperty("intervalSeconds").GetInt32(), c.GetProperty("timeoutSeconds").GetInt32(), c.GetProperty("failureThreshold").GetInt32())));
    }

    [Fact]
    public void No_pair_falls_back_to_itself()
    {
        using var dns = JsonDocument.Parse(Files["dns/records.json"]);
        foreach (var pair in dns.RootElement.GetProperty("records").EnumerateArray().Where(r => r.GetProperty("policy").GetString() == "failover").GroupBy(r => r.GetProperty("name").GetString()))
        {
            Assert.Equal(["primary", "secondary"], pair.Select(r => r.GetProperty("failover").GetString()));
            Assert.Equal(2, pair.Select(r => r.GetProperty("value").GetString()).Distinct().Count());
        }
    }

    [Theory]
    [InlineData("us-east-1", "eu-west-1", "NA,SA,default")]
    [InlineData("eu-west-1", "us-east-1", "EU,AF")]
    [InlineData("ap-southeast-1", "us-east-1", "AS,OC")]
    public void Away_moves_a_regions_continents_and_back_is_what_the_records_say(string region, string next, string identifiers)
    {
        var away = Batch($"dns/failover/{region}-away.json");
        var back = Batch($"dns/failover/{region}-back.json");
        Assert.Equal(identifiers.Split(','), away.Select(r => r.Identifier));
        Assert.All(away, r => Assert.Equal($"{next}-or-next.api.tv5monde.com", r.Value));
        Assert.All(back, r => Assert.Equal($"{region}-or-next.api.tv5monde.com", r.Value));
        Assert.Equal(away.Select(r => r.Identifier), back.Select(r => r.Identifier));
    }

    [Fact]
    public void Terraform_text_is_balanced_and_refers_only_to_what_it_declares()
    {
        foreach (var (path, text) in Files.Where(f => f.Key.EndsWith(".tf", StringComparison.Ordinal)))
        {
            Assert.Equal(text.Count(c => c == '{'), text.Count(c => c == '}'));
            var variables = Declared(text, @"^variable ""([a-z0-9_]+)""");
            var resources = Declared(text, @"^resource ""([a-z0-9_]+)"" ""([a-z0-9_]+)""");
            Assert.All(Used(text, @"\bvar\.([a-z0-9_]+)"), v => Assert.True(variables.Contains(v), $"{path}: var.{v}"));
            Assert.All(Used(text, @"\b(aws_[a-z0-9_]+|google_[a-z0-9_]+)\.([a-z0-9_]+)\b"), r => Assert.True(resources.Contains(r), $"{path}: {r}"));
            Assert.All(variables, v => Assert.True(text.Contains($"var.{v}", StringComparison.Ordinal), $"{path}: nothing uses {v}"));
            Assert.Equal(resources.Count, resources.Distinct().Count());
        }
    }

    [Fact]
    public void Nothing_personal_is_ever_cacheable_at_the_edge()
    {
        var text = Files["cdn/cloudflare.tf"];
        var expressions = Expression().Matches(text).Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(2, expressions.Count);
        // The cache rule holds the whole of the bypass rule's condition, negated: no order of evaluation can mix them.
        var personal = expressions[0][(expressions[0].IndexOf("and ", StringComparison.Ordinal) + 4)..];
        Assert.EndsWith($"and not {personal}", expressions[1], StringComparison.Ordinal);
        Assert.Contains("mode = \"respect_origin\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("override_origin", text, StringComparison.Ordinal);
    }

    private static List<(string Identifier, string Value)> Batch(string path)
    {
        using var batch = JsonDocument.Parse(Files[path]);
        return [.. batch.RootElement.GetProperty("Changes").EnumerateArray().Select(c =>
        {
            Assert.Equal("UPSERT", c.GetProperty("Action").GetString());
            var set = c.GetProperty("ResourceRecordSet");
            return (set.GetProperty("SetIdentifier").GetString()!, set.GetProperty("ResourceRecords")[0].GetProperty("Value").GetString()!);
        })];
    }

    private static List<string> Declared(string text, string pattern) =>
        [.. Regex.Matches(text, pattern, RegexOptions.Multiline).Select(m => string.Join('.', m.Groups.Values.Skip(1).Select(g => g.Value)))];

    private static IEnumerable<string> Used(string text, string pattern) => Declared(text, pattern).Distinct();

    [GeneratedRegex("expression\\s+= \"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex Expression();
}
