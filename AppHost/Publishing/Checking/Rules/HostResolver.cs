using System.Net;
using System.Text.RegularExpressions;

namespace RecoAspire.Publishing.Checking.Rules;

/// <summary>Resolves names as a cluster's DNS does, from what the set holds.</summary>
internal sealed partial class HostResolver(ObjectSet set, CheckOptions options)
{
    private static readonly Dictionary<(string Namespace, string Service), long[]> BuiltIn = new()
    {
        [("default", "kubernetes")] = [443],
        [("kube-system", "kube-dns")] = [53],
    };

    /// <summary>Why a name leads nowhere, seen from a namespace ("" for one that is not known); null when it does lead somewhere.</summary>
    public string? Problem(HostName name, string ns)
    {
        var host = name.Host;
        if (host == "localhost" || (IPAddress.TryParse(host, out var address) && (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any)))) return null;
        if (IsAllowed(host)) return null;
        var labels = WithoutClusterDomain(host).Split('.');
        if (labels.Any(label => label.Contains('$')))
        {
            // kafka-${ordinal}.kafka-headless: what is fixed can be checked.
            if (labels.Length == 1 || labels.Skip(1).Any(label => label.Contains('$'))) return null;
            return Resolve(name, labels[1..], ns);
        }

        var isPodName = labels.Length is 2 or 3 && PodName().IsMatch(labels[0]) && !IsNamespace(labels[1]);
        if (isPodName && Governing(labels[1..], ns) is { } service) return ProblemOfPod(name, labels[0], service);
        if (labels.Length == 1 || (labels.Length == 2 && IsNamespace(labels[1])) || host.EndsWith(".svc", StringComparison.Ordinal) || host.EndsWith(".cluster.local", StringComparison.Ordinal))
            return Resolve(name, labels, ns);
        return $"the host {host} is outside of the cluster and not one of those allowed";
    }

    private bool IsNamespace(string label) => options.Namespaces.Contains(label) || options.BuiltInNamespaces.Contains(label) || label == "default";

    private bool IsAllowed(string host) => options.ExternalHosts.Any(allowed =>
        allowed.StartsWith("*.", StringComparison.Ordinal) ? host.EndsWith(allowed[1..], StringComparison.OrdinalIgnoreCase) : allowed.Equals(host, StringComparison.OrdinalIgnoreCase));

    private static string WithoutClusterDomain(string host)
    {
        foreach (var suffix in new[] { ".svc.cluster.local", ".svc" })
            if (host.EndsWith(suffix, StringComparison.Ordinal)) return host[..^suffix.Length];
        return host;
    }

    private string? Resolve(HostName name, string[] labels, string ns)
    {
        var home = labels.Length > 1 ? labels[1] : ns;
        if (labels.Length > 2) return $"the host {name.Host} is no name of a Service or a pod of the set";
        if (home.Length == 0) return $"the host {name.Host} needs its namespace: an operator of another one looks it up";
        if (BuiltIn.TryGetValue((home, labels[0]), out var known))
            return name.Port is null || known.Contains(name.Port.Value) ? null : $"{labels[0]}.{home} has no port {name.Port}";
        if (set.Find("Service", home, labels[0]) is not { } service) return $"the host {name.Host} is no Service in {home}";
        return name.Port is null || Listens(service, name.Port.Value) ? null : $"{service} has no port {name.Port}";
    }

    private KubernetesObject? Governing(string[] labels, string ns) => set.Find("Service", labels.Length > 1 ? labels[1] : ns, labels[0]);

    private string? ProblemOfPod(HostName name, string pod, KubernetesObject service)
    {
        var owner = set.Workloads.FirstOrDefault(w => w.Object.Kind == "StatefulSet" && w.Namespace == service.Namespace
            && w.Object.Spec["serviceName"].Text == service.Name && PodName().Match(pod).Groups[1].Value == w.Name);
        if (owner is null || !owner.Pods.Any(labels => labels["statefulset.kubernetes.io/pod-name"] == pod)) return $"the host {name.Host}: {service} governs no pod '{pod}'";
        return name.Port is null || owner.Ports.Any(port => port.Number == name.Port) ? null : $"{owner.Object} has no port {name.Port}";
    }

    // A headless Service leads to pods: their ports answer, whatever ports it lists.
    private bool Listens(KubernetesObject service, long port)
    {
        if (Ports.Has(service, port)) return true;
        return service.Spec["clusterIP"].Text == "None" && set.SelectedBy(service).Any(w => w.Ports.Any(p => p.Number == port));
    }

    [GeneratedRegex(@"^(.+)-\d+$")]
    private static partial Regex PodName();
}
