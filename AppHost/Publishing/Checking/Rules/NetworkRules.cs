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

    private static void CheckSelectors(KubernetesObject policy, ObjectSet set, NetworkPolicies policies, Report report)
    {
        var selector = policy.Spec["podSelector"];
        var chosen = set.Workloads.Where(w => w.Namespace == policy.Namespace && LabelSelector.Matches(selector, w.Labels)).ToList();
        if (chosen.Count == 0 && selector.Fields.Count > 0) report.Add(policy, selector, "matches no pods");
        foreach (var peer in policy.Spec["ingress"].Items.SelectMany(rule => rule["from"].Items).Concat(policy.Spec["egress"].Items.SelectMany(rule => rule["to"].Items)))
            if (!peer["ipBlock"].Exists && !policies.MatchesAnyone(policy, peer)) report.Add(policy, peer, "matches no pods");
        foreach (var port in policy.Spec["ingress"].Items.SelectMany(rule => rule["ports"].Items).Where(port => port["port"].Exists))
            if (chosen.Count > 0 && !chosen.Any(w => NetworkPolicies.Covers(port, w.Ports).Any())) report.Add(policy, port["port"], $"none of its pods has the port {port["port"].Text}");
    }

    private static void Compare(IReadOnlyCollection<NetworkEdge> expected, IReadOnlySet<NetworkEdge> allowed, ObjectSet set, Report report)
    {
        foreach (var edge in expected.Where(edge => !allowed.Contains(edge)).Distinct())
            Add(edge.From, $"the traffic {edge} is wanted and not allowed");
        foreach (var edge in allowed.Where(edge => !expected.Contains(edge)).OrderBy(edge => edge.ToString(), StringComparer.Ordinal))
            Add(edge.From, $"the traffic {edge} is allowed and not wanted");

        void Add(string id, string message)
        {
            var o = set.Workloads.FirstOrDefault(w => w.Id == id)?.Object ?? set.OfKind("NetworkPolicy").FirstOrDefault() ?? set.Objects[0];
            report.Add(o, o["metadata"]["name"], message);
        }
    }
}
