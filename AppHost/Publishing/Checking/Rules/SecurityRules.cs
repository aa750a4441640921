using System.Text.RegularExpressions;

namespace RecoAspire.Publishing.Checking.Rules;

/// <summary>Pods run restricted (the strictest of Kubernetes' pod security standards, with a read-only root), from pinned images, without secret values.</summary>
internal sealed partial class SecurityRules(CheckOptions options) : IRule
{
    public void Check(ObjectSet set, Report report)
    {
        foreach (var workload in set.Workloads)
        {
            CheckPod(workload, report);
            foreach (var container in workload.AllContainers)
            {
                CheckContainer(workload, container, report);
                CheckImage(workload.Object, container["image"], report);
                CheckEnvironment(workload.Object, container, report);
            }
        }

        foreach (var secret in set.OfKind("Secret").Where(secret => secret["data"].Fields.Count + secret["stringData"].Fields.Count > 0))
            report.Add(secret, secret["data"].Exists ? secret["data"] : secret["stringData"], "holds secret values");
    }

    private void CheckPod(Workload workload, Report report)
    {
        var pod = workload.Pod;
        if (!pod["enableServiceLinks"].IsFalse) report.Add(workload.Object, pod["enableServiceLinks"], "has to be false");
        if (options.NodeAgents.Contains(workload.Name) && workload.Object.Kind == "DaemonSet") return;
        foreach (var shared in new[] { pod["hostNetwork"], pod["hostPID"], pod["hostIPC"] }.Where(node => node.IsTrue)) report.Add(workload.Object, shared, "shares the node's");
        foreach (var volume in pod["volumes"].Items.Where(volume => volume["hostPath"].Exists)) report.Add(workload.Object, volume["hostPath"], "is a folder of the node");
        foreach (var port in workload.AllContainers.SelectMany(c => c["ports"].Items).Where(port => port["hostPort"].Exists)) report.Add(workload.Object, port["hostPort"], "is a port of the node");
    }

    private void CheckContainer(Workload workload, YamlNode container, Report report)
    {
        var (own, pod, o) = (container["securityContext"], workload.Pod["securityContext"], workload.Object);
        var agent = options.NodeAgents.Contains(workload.Name) && o.Kind == "DaemonSet";
        if (!agent && !Effective("runAsNonRoot").IsTrue) report.Add(o, own["runAsNonRoot"], "has to be true");
        if (!agent && Effective("runAsUser").Number is not > 0) report.Add(o, own["runAsUser"], "has to be a number other than 0");
        if (Effective("seccompProfile")["type"].Text != "RuntimeDefault") report.Add(o, own["seccompProfile"], "has to be RuntimeDefault");
        if (!own["allowPrivilegeEscalation"].IsFalse) report.Add(o, own["allowPrivilegeEscalation"], "has to be false");
        if (own["privileged"].IsTrue) report.Add(o, own["privileged"], "may not be true");
        if (!own["readOnlyRootFilesystem"].IsTrue) report.Add(o, own["readOnlyRootFilesystem"], "has to be true");
        if (!own["capabilities"]["drop"].Items.Any(item => item.Text == "ALL")) report.Add(o, own["capabilities"]["drop"], "has to name ALL");
        foreach (var added in own["capabilities"]["add"].Items) report.Add(o, added, $"adds the capability {added.Text}");

        YamlNode Effective(string name) => own[name].Exists ? own[name] : pod[name];
    }

    private static void CheckImage(KubernetesObject o, YamlNode image, Report report)
    {
        var text = image.Text;
        if (text.Contains("k8s.gcr.io", StringComparison.Ordinal)) report.Add(o, image, "k8s.gcr.io is closed: registry.k8s.io");
        if (text.Contains("@sha256:", StringComparison.Ordinal)) return;
        var colon = text.LastIndexOf(':');
        var tag = colon > text.LastIndexOf('/') ? text[(colon + 1)..] : "";
        if (tag.Length == 0) report.Add(o, image, $"'{text}' has no tag");
        if (tag == "latest") report.Add(o, image, $"'{text}' is whatever is newest");
    }

    private static void CheckEnvironment(KubernetesObject o, YamlNode container, Report report)
    {
        foreach (var variable in container["env"].Items.Where(variable => SecretName().IsMatch(variable["name"].Text)))
        {
            var value = variable["value"].Text;
            // The path of a file, or what another variable holds.
            if (value.Length > 0 && !value.StartsWith('/') && !value.Contains("$(", StringComparison.Ordinal))
                report.Add(o, variable["value"], $"{variable["name"].Text} looks like a secret and is written out");
        }
    }

    [GeneratedRegex("(^|_|[a-z])(PASSWORD|PASSWD|PWD|SECRET|TOKEN|KEY|CREDENTIALS?|AUTH|Password|Secret|Token|Key|Credentials?)$|^(password|secret|token|key)$")]
    private static partial Regex SecretName();
}
