namespace RecoAspire.Publishing.Checking.Rules;

/// <summary>Accounts, roles, priorities: everything that is named is there, and a token is mounted only where it is good for something.</summary>
internal sealed class IdentityRules(CheckOptions options) : IRule
{
    // Kubernetes has these itself, beside everything called system:….
    private static readonly HashSet<string> BuiltInRoles = ["cluster-admin", "admin", "edit", "view"];

    public void Check(ObjectSet set, Report report)
    {
        foreach (var workload in set.Workloads)
        {
            CheckAccount(workload, set, report);
            CheckPriority(workload, set, report);
        }

        foreach (var binding in Bindings(set)) CheckBinding(binding, set, report);
    }

    private static IEnumerable<KubernetesObject> Bindings(ObjectSet set) => set.OfKind("RoleBinding").Concat(set.OfKind("ClusterRoleBinding"));

    private static void CheckAccount(Workload workload, ObjectSet set, Report report)
    {
        var name = workload.Pod["serviceAccountName"];
        if (name.TextOrNull is null or "default")
        {
            report.Add(workload.Object, name, "has no ServiceAccount of its own");
            return;
        }

        if (set.Find("ServiceAccount", workload.Namespace, name.Text) is not { } account)
        {
            report.Add(workload.Object, name, $"there is no ServiceAccount '{name.Text}' in {workload.Namespace}");
            return;
        }

        var bound = Bindings(set).Any(binding => binding["subjects"].Items.Any(subject => Names(subject, binding, account)));
        var pod = workload.Pod["automountServiceAccountToken"];
        var mounts = pod.Exists ? !pod.IsFalse : !account["automountServiceAccountToken"].IsFalse;
        if (mounts && !bound) report.Add(workload.Object, pod, "mounts a token although no role is bound to the account");
        if (!mounts && bound) report.Add(workload.Object, pod, $"mounts no token although a role is bound to {account}");
    }

    private static bool Names(YamlNode subject, KubernetesObject binding, KubernetesObject account) =>
        subject["kind"].Text == "ServiceAccount" && subject["name"].Text == account.Name
        && (subject["namespace"].TextOrNull ?? binding.Namespace) == account.Namespace;

    private static void CheckPriority(Workload workload, ObjectSet set, Report report)
    {
        var name = workload.Pod["priorityClassName"];
        if (name.TextOrNull is null || name.Text.StartsWith("system-", StringComparison.Ordinal)) return;
        if (set.FindCluster("PriorityClass", name.Text) is null) report.Add(workload.Object, name, $"there is no PriorityClass '{name.Text}'");
    }

    private void CheckBinding(KubernetesObject binding, ObjectSet set, Report report)
    {
        var (kind, role) = (binding["roleRef"]["kind"].Text, binding["roleRef"]["name"]);
        var builtIn = kind == "ClusterRole" && (BuiltInRoles.Contains(role.Text) || role.Text.StartsWith("system:", StringComparison.Ordinal));
        // Kubernetes keeps this one in kube-system for those who read how clients authenticate.
        builtIn |= kind == "Role" && role.Text == "extension-apiserver-authentication-reader" && binding.Namespace == "kube-system";
        var found = kind == "ClusterRole" ? set.FindCluster(kind, role.Text) : set.Find(kind, binding.Namespace, role.Text);
        if (found is null && !builtIn) report.Add(binding, role, $"there is no {kind} '{role.Text}'");
        foreach (var subject in binding["subjects"].Items.Where(subject => subject["kind"].Text == "ServiceAccount"))
        {
            var ns = subject["namespace"].TextOrNull ?? binding.Namespace;
            if (set.Find("ServiceAccount", ns, subject["name"].Text) is null && !options.OtherAccounts.Contains($"{ns}/{subject["name"].Text}")) report.Add(binding, subject, $"there is no ServiceAccount '{subject["name"].Text}' in '{ns}'");
        }
    }
}
