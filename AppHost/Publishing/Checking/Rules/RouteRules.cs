namespace RecoAspire.Publishing.Checking.Rules;

/// <summary>Gateway API and Ingress: routes hang on a listener that takes them and lead to ports that are there.</summary>
internal sealed class RouteRules(CheckOptions options) : IRule
{
    private static readonly string[] RouteKinds = ["HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"];

    public void Check(ObjectSet set, Report report)
    {
        foreach (var route in RouteKinds.SelectMany(set.OfKind))
        {
            if (route.Spec["parentRefs"].Items.Count == 0) report.Add(route, route.Spec["parentRefs"], "hangs on no Gateway");
            foreach (var parent in route.Spec["parentRefs"].Items) CheckParent(route, parent, set, report);
            foreach (var backend in Backends(route.Spec)) CheckBackend(route, backend, set, report);
        }

        foreach (var gateway in set.OfKind("Gateway")) CheckGateway(gateway, set, report);
        foreach (var ingress in set.OfKind("Ingress")) CheckIngress(ingress, set, report);
        foreach (var o in set.Objects.Where(o => o.ApiVersion.Contains('.') && o.Kind != "HorizontalPodAutoscaler"))
            foreach (var target in o.Spec["targetRefs"].Items.Append(o.Spec["targetRef"]).Where(target => target["kind"].Exists)) CheckTarget(o, target, set, report);
    }

    private static IEnumerable<YamlNode> Backends(YamlNode spec) => spec["rules"].Items.SelectMany(rule => rule["backendRefs"].Items
        .Concat(rule["filters"].Items.Select(filter => filter["requestMirror"]["backendRef"]).Where(backend => backend.Exists)));

    private static void CheckParent(KubernetesObject route, YamlNode parent, ObjectSet set, Report report)
    {
        var kind = parent["kind"].TextOrNull ?? "Gateway";
        var ns = parent["namespace"].TextOrNull ?? route.Namespace;
        if (set.Find(kind, ns, parent["name"].Text) is not { } gateway)
        {
            report.Add(route, parent["name"], $"there is no {kind} '{parent["name"].Text}' in {ns}");
            return;
        }

        var listeners = gateway.Spec["listeners"].Items.Where(listener =>
            (!parent["sectionName"].Exists || listener["name"].Text == parent["sectionName"].Text)
            && (!parent["port"].Exists || listener["port"].Number == parent["port"].Number)).ToList();
        if (kind != "Gateway") return;
        if (listeners.Count == 0) report.Add(route, parent["sectionName"], $"{gateway} has no such listener");
        else if (ns != route.Namespace && !listeners.Any(listener => listener["allowedRoutes"]["namespaces"]["from"].Text is "All" or "Selector"))
            report.Add(route, parent["namespace"], $"{gateway} takes routes of its own namespace only");
    }

    private static void CheckBackend(KubernetesObject route, YamlNode backend, ObjectSet set, Report report)
    {
        var ns = backend["namespace"].TextOrNull ?? route.Namespace;
        var kind = backend["kind"].TextOrNull ?? "Service";
        var service = set.Find(kind, ns, backend["name"].Text);
        if (service is null) report.Add(route, backend["name"], $"there is no {kind} '{backend["name"].Text}' in {ns}");
        else if (kind == "Service" && !Ports.Has(service, backend["port"].Number ?? 0)) report.Add(route, backend["port"], $"{service} has no port {backend["port"].Text}");
        if (ns != route.Namespace && !set.OfKind("ReferenceGrant").Any(grant => grant.Namespace == ns && grant.Spec["from"].Items.Any(from => from["namespace"].Text == route.Namespace && from["kind"].Text == route.Kind)))
            report.Add(route, backend["namespace"], $"no ReferenceGrant in {ns} lets a {route.Kind} of {route.Namespace} in");
    }

    private void CheckGateway(KubernetesObject gateway, ObjectSet set, Report report)
    {
        var gatewayClass = gateway.Spec["gatewayClassName"];
        if (set.FindCluster("GatewayClass", gatewayClass.Text) is null && !options.GatewayClasses.Contains(gatewayClass.Text))
            report.Add(gateway, gatewayClass, $"there is no GatewayClass '{gatewayClass.Text}'");
    }

    private static void CheckIngress(KubernetesObject ingress, ObjectSet set, Report report)
    {
        var backends = ingress.Spec["rules"].Items.SelectMany(rule => rule["http"]["paths"].Items).Select(path => path["backend"]["service"])
            .Append(ingress.Spec["defaultBackend"]["service"]).Where(backend => backend.Exists);
        foreach (var backend in backends)
        {
            var port = backend["port"];
            if (set.Find("Service", ingress.Namespace, backend["name"].Text) is not { } service)
                report.Add(ingress, backend["name"], $"there is no Service '{backend["name"].Text}' in {ingress.Namespace}");
            else if (port["name"].Exists ? !Ports.HasNamed(service, port["name"].Text) : !Ports.Has(service, port["number"].Number ?? 0))
                report.Add(ingress, port, $"{service} has no port {port["name"].Text}{port["number"].Text}");
        }
    }

    private static void CheckTarget(KubernetesObject o, YamlNode target, ObjectSet set, Report report)
    {
        var ns = target["namespace"].TextOrNull ?? o.Namespace;
        var kind = target["kind"].Text;
        if (set.Find(kind, ns, target["name"].Text) is null && set.FindCluster(kind, target["name"].Text) is null)
            report.Add(o, target, $"there is no {kind} '{target["name"].Text}' in {ns}");
    }
}
