namespace RecoAspire.Publishing.Checking.Rules;

/// <summary>Policies deny everything but what is wanted: each namespace denies by default, names are found, and no pair talks beyond what is expected.</summary>
internal sealed class NetworkRules(CheckOptions options) : IRule
{
    private static readonly string[] Directions = ["Ingress", "Egress"];

    public void Check(ObjectSet set, Report report)
    {
        var policies = new NetworkPolicies(set);
        foreach (var ns in set.OfKind("Namespace").Where(ns => set.Workloads.Any(w => w.Namespace == ns.Name)))
            foreach (var direction in Directions.Where(direction => !set.OfKind("NetworkPolicy").Any(policy => DeniesAll(policy, ns.Name, direction))))
                report.Add(ns, ns["metadata"]["name"], $"has no NetworkPolicy that denies all {direction}");
        foreach (var policy in set.OfKind("NetworkPolicy")) CheckSelectors(policy, set, policies, report);
        foreach (var workload in set.Workloads.Where(w => !policies.AllowsNames(w)))
            report.Add(workload.Object, workload.Object["metadata"]["name"], "no NetworkPolicy lets it ask for names (port 53 of kube-system, UDP and TCP)");
        if (options.ExpectedEdges is { } expected) Compare(expected, policies.AllowedEdges(), set, report);
    }

    private static bool DeniesAll(KubernetesObject policy, string ns, string direction)
    {
        var selector = policy.Spec["podSelector"];
        return policy.Namespace == ns && selector.Exists && selector.Fields.Count == 0
            && policy.Spec["policyTypes"].Items.Any(type => type.Text == direction)
            && policy.Spec[direction == "Ingress" ? "ingress" : "egress"].Items.Count == 0;
    }

    private void CheckSelectors(KubernetesObject policy, ObjectSet set, NetworkPolicies policies, Report report)
    {
        var selector = policy.Spec["podSelector"];
        var chosen = set.Workloads.Where(w => w.Namespace == policy.Namespace && LabelSelector.Matches(selector, w.Labels)).ToList();
        if (chosen.Count == 0 && selector.Fields.Count > 0 && !options.Operated.Contains($"{policy.Namespace}/{NameOf(selector)}")) report.Add(policy, selector, "matches no pods");
        foreach (var peer in policy.Spec["ingress"].Items.SelectMany(rule => rule["from"].Items).Concat(policy.Spec["egress"].Items.SelectMany(rule => rule["to"].Items)))
            if (!peer["ipBlock"].Exists && !IsKnown(peer) && !policies.MatchesAnyone(policy, peer)) report.Add(policy, peer, "matches no pods");
        foreach (var port in policy.Spec["ingress"].Items.SelectMany(rule => rule["ports"].Items).Where(port => port["port"].Exists))
            if (chosen.Count > 0 && !chosen.Any(w => NetworkPolicies.Covers(port, w.Ports).Any())) report.Add(policy, port["port"], $"none of its pods has the port {port["port"].Text}");
    }

    // A region may lack a workload that others have; what an operator makes, or another set, is not in this one.
    private bool IsKnown(YamlNode peer)
    {
        if (!peer["podSelector"].Exists) return peer["namespaceSelector"]["matchExpressions"].Items.SelectMany(e => e["values"].Items).Any(ns => options.OtherNamespaces.Contains(ns.Text));
        var name = NameOf(peer["podSelector"]);
        return name.Length > 0 && (options.ExpectedEdges ?? []).Any(e => e.From.EndsWith($"/{name}", StringComparison.Ordinal) || e.To.EndsWith($"/{name}", StringComparison.Ordinal));
    }

    private static string NameOf(YamlNode selector) => selector["matchLabels"]["app.kubernetes.io/name"].TextOrNull ?? "";

    private static void Compare(IReadOnlyCollection<TrafficEdge> expected, IReadOnlySet<TrafficEdge> allowed, ObjectSet set, Report report)
    {
        // Policies choose pods by their name label, which several workloads may share; a region may lack one end of what another has.
        var labelled = set.Workloads.DistinctBy(w => w.Id).ToDictionary(w => w.Id, w => $"{w.Namespace}/{w.Labels.GetValueOrDefault("app.kubernetes.io/name", w.Name)}");
        var present = labelled.Values.ToHashSet();
        var open = allowed.GroupBy(edge => new TrafficEdge(labelled[edge.From], labelled[edge.To], edge.Port)).ToDictionary(group => group.Key, group => group.First());
        foreach (var edge in expected.Where(edge => present.Contains(edge.From) && present.Contains(edge.To) && !open.ContainsKey(edge)).Distinct())
            Add(labelled.First(l => l.Value == edge.From).Key, $"the traffic {edge} is wanted and not allowed");
        foreach (var (edge, example) in open.Where(edge => !expected.Contains(edge.Key)).OrderBy(edge => edge.Key.ToString(), StringComparer.Ordinal))
            Add(example.From, $"the traffic {edge} is allowed and not wanted");

        void Add(string id, string message)
        {
            var o = set.Workloads.FirstOrDefault(w => w.Id == id)?.Object ?? set.OfKind("NetworkPolicy").FirstOrDefault() ?? set.Objects[0];
            report.Add(o, o["metadata"]["name"], message);
        }
    }
}
