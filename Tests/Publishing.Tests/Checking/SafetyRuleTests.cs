namespace RecoAspire.Publishing.Tests.Checking;

/// <summary>Names, hosts, traffic, what containers may do: one thing is broken, exactly that is found.</summary>
public sealed class SafetyRuleTests
{
    private const string Container = "Deployment recommendation/gateway: spec.template.spec.containers[0].";
    private const string FirstRun = "          securityContext:\n            allowPrivilegeEscalation: false\n            readOnlyRootFilesystem: true\n            capabilities:\n              drop: [ALL]\n          volumeMounts:\n            - name: settings";

    [Theory]
    [InlineData("  name: gateway-settings\n  namespace: recommendation", "  name: gateway-settings\n  namespace: reco", "ConfigMap reco/gateway-settings: metadata.namespace: 'reco' is not one of the namespaces: monitoring, recommendation")]
    [InlineData("  name: gateway-settings\n  namespace: recommendation", "  name: gateway-settings", "ConfigMap gateway-settings: metadata.namespace: has no namespace")]
    [InlineData("  name: serving\n", "  name: serving\n  namespace: recommendation\n", "PriorityClass recommendation/serving: metadata.namespace: a PriorityClass is in no namespace")]
    [InlineData("  name: monitoring\n", "  name: monitor\n", "ConfigMap monitoring/prometheus: metadata.namespace: the set has no Namespace monitoring")]
    [InlineData("    app.kubernetes.io/name: gateway\nspec:\n  selector:\n    matchLabels", "    app.kubernetes.io/name: gateway\n    note: two words\nspec:\n  selector:\n    matchLabels", "Deployment recommendation/gateway: metadata.labels.note: 'two words' is no label's value")]
    [InlineData("            - name: grpc\n              containerPort: 8000", "            - name: a-very-long-port-name\n              containerPort: 8000", Container + "ports[1].name: 'a-very-long-port-name' is no port's name")]
    [InlineData("              containerPort: 8000", "              containerPort: 8080", "Deployment recommendation/gateway: spec.template.spec.containers: the port 8080 is declared twice")]
    [InlineData("  name: qdrant-start\n  namespace: recommendation\ndata:", "  name: qdrant-start\n  namespace: recommendation\ndata:\n  \"a b\": x", "ConfigMap recommendation/qdrant-start: data[\"a b\"]: 'a b' is no key of a ConfigMap")]
    public void Names_and_namespaces_are_valid(string old, string replacement, string finding) => RuleTests.Finds(old, replacement, finding, only: false);

    [Fact]
    public void An_object_is_there_once() => Assert.Equal(["ServiceAccount recommendation/gateway: metadata.name: the object is there twice"],
        RegionSet.FindingsOf(RegionSet.With("apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: gateway\n  namespace: recommendation\nautomountServiceAccountToken: false")));

    [Theory]
    [InlineData("http://qdrant-service:6334", "http://qdrant:6334", null)]
    [InlineData("value: http://qdrant-service:6334", "value: http://qdrant-svc:6334", Container + "env[0].value: the host qdrant-svc is no Service in recommendation")]
    [InlineData("value: http://qdrant-service:6334", "value: http://qdrant-service:6399", Container + "env[0].value: Service recommendation/qdrant-service has no port 6399")]
    [InlineData("value: http://qdrant-service:6334", "value: http://qdrant-service", Container + "env[0].value: Service recommendation/qdrant-service has no port 80")]
    [InlineData("value: http://qdrant-service:6334", "value: qdrant-service.monitoring:6334", Container + "env[0].value: the host qdrant-service.monitoring is no Service in monitoring")]
    [InlineData("value: http://qdrant-service:6334", "value: gateway.recommendation.svc.cluster.local:8080,gatevay.recommendation.svc", Container + "env[0].value: the host gatevay.recommendation.svc is no Service in recommendation")]
    [InlineData("value: http://qdrant-service:6334", "value: PLAINTEXT://0.0.0.0:9092,localhost:8080", null)]
    [InlineData("value: http://qdrant-service:6334", "value: https://kubernetes.default.svc", null)]
    [InlineData("value: http://qdrant-service:6334", "value: https://api.example.com/v1", Container + "env[0].value: the host api.example.com is outside of the cluster and not one of those allowed")]
    [InlineData("value: http://qdrant-service:6334", "value: 10:30 job:rate:5m a/b:1.2 1000:1000", null)]
    [InlineData("dns:///qdrant-0.qdrant:6334", "dns:///qdrant-3.qdrant:6334", Container + "env[1].value: the host qdrant-3.qdrant: Service recommendation/qdrant governs no pod 'qdrant-3'")]
    [InlineData("dns:///qdrant-0.qdrant:6334", "dns:///qdrant-2.qdrant.recommendation.svc.cluster.local:6399", Container + "env[1].value: StatefulSet recommendation/qdrant has no port 6399")]
    [InlineData("${HOSTNAME}.qdrant:6335", "${HOSTNAME}.qdrants:6335", "ConfigMap recommendation/qdrant-start: data[\"start.sh\"]: the host ${HOSTNAME}.qdrants is no Service in recommendation")]
    [InlineData("http://qdrant-service.recommendation.svc.cluster.local:6334", "http://qdrant.recommendation.svc.cluster.local:6339", "ConfigMap recommendation/gateway-settings: data[\"upstream.json\"]: Service recommendation/qdrant has no port 6339")]
    [InlineData("gateway.recommendation.svc:9090", "gateway:9090", "ConfigMap monitoring/prometheus: data[\"prometheus.yml\"]: the host gateway is no Service in monitoring")]
    [InlineData("\"http://qdrant-service:6333\"", "\"http://qdrant-service:6353\"", "CronJob recommendation/qdrant-backup: spec.jobTemplate.spec.template.spec.containers[0].args[2]: Service recommendation/qdrant-service has no port 6353")]
    [InlineData("server: https://vault.example.org", "server: http://vault:8200", "ClusterSecretStore vault: spec.provider.vault.server: the host vault needs its namespace: an operator of another one looks it up")]
    public void A_host_in_configuration_is_a_Service_or_allowed(string old, string replacement, string? finding)
    {
        if (finding is null) Assert.Empty(RegionSet.FindingsOf(old, replacement));
        else RuleTests.Finds(old, replacement, finding);
    }

    [Theory]
    [InlineData("      ports:\n        - port: 6334\n---\napiVersion: gateway", "      ports:\n        - port: 6333\n---\napiVersion: gateway", "Deployment recommendation/gateway: metadata.name: the traffic recommendation/gateway -> recommendation/qdrant:6334 is wanted and not allowed")]
    [InlineData("        - port: 6335\n  egress", "        - port: 6333\n  egress", "StatefulSet recommendation/qdrant: metadata.name: the traffic recommendation/qdrant -> recommendation/qdrant:6335 is wanted and not allowed")]
    [InlineData("      ports:\n        - port: 6333\n    - from", "    - from", null)]
    [InlineData("        - podSelector:\n            matchLabels:\n              app.kubernetes.io/name: gateway\n      ports", "        - podSelector:\n            matchLabels:\n              app.kubernetes.io/name: gates\n      ports",
        "Deployment recommendation/gateway: metadata.name: the traffic recommendation/gateway -> recommendation/qdrant:6334 is wanted and not allowed|NetworkPolicy recommendation/qdrant: spec.ingress[0].from[0]: matches no pods")]
    [InlineData("        - port: metrics\n", "        - port: metricz\n",
        "Deployment monitoring/prometheus: metadata.name: the traffic monitoring/prometheus -> recommendation/gateway:9090 is wanted and not allowed|NetworkPolicy recommendation/gateway: spec.ingress[1].ports[0].port: none of its pods has the port metricz")]
    [InlineData("  name: deny-all\n  namespace: monitoring\nspec:\n  podSelector: {}\n  policyTypes: [Ingress, Egress]", "  name: deny-all\n  namespace: monitoring\nspec:\n  podSelector: {}\n  policyTypes: [Egress]", "Namespace monitoring: metadata.name: has no NetworkPolicy that denies all Ingress")]
    [InlineData("  name: allow-names\n  namespace: recommendation\nspec:\n  podSelector: {}", "  name: allow-names\n  namespace: recommendation\nspec:\n  podSelector:\n    matchExpressions:\n      - {key: app.kubernetes.io/name, operator: NotIn, values: [qdrant]}",
        "StatefulSet recommendation/qdrant: metadata.name: no NetworkPolicy lets it ask for names (port 53 of kube-system, UDP and TCP)")]
    public void Policies_allow_what_is_wanted_and_no_more(string old, string replacement, string? finding)
    {
        if (finding is null) Assert.Empty(RegionSet.FindingsOf(old, replacement));
        else RuleTests.Finds(old, replacement, finding);
    }

    [Fact]
    public void Traffic_beyond_what_is_wanted_is_found()
    {
        var text = RegionSet.Replace("      ports:\n        - port: 6334\n---\napiVersion: gateway", "---\napiVersion: gateway")
            .Replace("      ports:\n        - port: 6334\n    - from", "    - from", StringComparison.Ordinal);
        Assert.Equal(
        [
            "Deployment recommendation/gateway: metadata.name: the traffic recommendation/gateway -> recommendation/qdrant:6333 is allowed and not wanted",
            "Deployment recommendation/gateway: metadata.name: the traffic recommendation/gateway -> recommendation/qdrant:6335 is allowed and not wanted",
        ], RegionSet.FindingsOf(text));
    }

    [Theory]
    [InlineData("            readOnlyRootFilesystem: true\n", "", "securityContext.readOnlyRootFilesystem: has to be true")]
    [InlineData("            allowPrivilegeEscalation: false\n", "", "securityContext.allowPrivilegeEscalation: has to be false")]
    [InlineData("              drop: [ALL]\n", "              drop: [NET_RAW]\n", "securityContext.capabilities.drop: has to name ALL")]
    [InlineData("              drop: [ALL]\n", "              drop: [ALL]\n              add: [NET_ADMIN]\n", "securityContext.capabilities.add[0]: adds the capability NET_ADMIN")]
    [InlineData("            allowPrivilegeEscalation: false\n", "            allowPrivilegeEscalation: false\n            privileged: true\n", "securityContext.privileged: may not be true")]
    [InlineData("            allowPrivilegeEscalation: false\n", "            allowPrivilegeEscalation: false\n            runAsUser: 0\n", "securityContext.runAsUser: has to be a number other than 0")]
    [InlineData("            allowPrivilegeEscalation: false\n", "            allowPrivilegeEscalation: false\n            runAsNonRoot: false\n", "securityContext.runAsNonRoot: has to be true")]
    [InlineData("            allowPrivilegeEscalation: false\n", "            allowPrivilegeEscalation: false\n            seccompProfile: {type: Unconfined}\n", "securityContext.seccompProfile: has to be RuntimeDefault")]
    public void A_container_is_restricted(string old, string replacement, string finding)
    {
        var broken = FirstRun.Replace(old, replacement, StringComparison.Ordinal);
        Assert.NotEqual(FirstRun, broken);
        RuleTests.Finds(FirstRun, broken, Container + finding);
    }

    [Theory]
    [InlineData("gateway:0.1.0", "gateway:latest", Container + "image: 'registry.example.org/recoaspire/gateway:latest' is whatever is newest")]
    [InlineData("registry.example.org/recoaspire/gateway:0.1.0", "registry.example.org:5000/recoaspire/gateway", Container + "image: 'registry.example.org:5000/recoaspire/gateway' has no tag")]
    [InlineData("registry.example.org/recoaspire/gateway:0.1.0", "k8s.gcr.io/gateway:1.0", Container + "image: k8s.gcr.io is closed: registry.k8s.io")]
    [InlineData("          env:\n            - name: VECTOR_DB", "          env:\n            - name: Admin__Key\n              value: abc\n            - name: VECTOR_DB", Container + "env[0].value: Admin__Key looks like a secret and is written out")]
    [InlineData("          env:\n            - name: VECTOR_DB", "          env:\n            - name: NEO4J_AUTH\n              value: neo4j/$(GRAPH)\n            - name: TOKEN\n              value: /run/token\n            - name: VECTOR_DB", null)]
    [InlineData("      terminationGracePeriodSeconds: 45\n      enableServiceLinks: false\n", "      terminationGracePeriodSeconds: 45\n", "Deployment recommendation/gateway: spec.template.spec.enableServiceLinks: has to be false")]
    [InlineData("          emptyDir: {}", "          hostPath: {path: /tmp}", "Deployment recommendation/gateway: spec.template.spec.volumes[1].hostPath: is a folder of the node")]
    [InlineData("      terminationGracePeriodSeconds: 45\n", "      terminationGracePeriodSeconds: 45\n      hostNetwork: true\n", "Deployment recommendation/gateway: spec.template.spec.hostNetwork: shares the node's")]
    [InlineData("              containerPort: 8000", "              containerPort: 8000\n              hostPort: 8000", Container + "ports[1].hostPort: is a port of the node")]
    public void Images_are_pinned_and_nothing_of_the_node_or_secret_is_in_a_pod(string old, string replacement, string? finding)
    {
        if (finding is null) Assert.Empty(RegionSet.FindingsOf(old, replacement));
        else RuleTests.Finds(old, replacement, finding);
    }

    [Fact]
    public void A_Secret_holds_no_values() => Assert.Equal(["Secret recommendation/key: stringData: holds secret values"],
        RegionSet.FindingsOf(RegionSet.With("apiVersion: v1\nkind: Secret\nmetadata:\n  name: key\n  namespace: recommendation\nstringData:\n  a: b")));

    [Theory]
    [InlineData("              cpu: 250m\n", "", "resources.requests.cpu: is missing")]
    [InlineData("            limits:\n              memory: 512Mi\n", "", "resources.limits.memory: is missing")]
    [InlineData("              memory: 512Mi\n", "              memory: 512Mi\n              cpu: 1\n", "resources.limits.cpu: throttles the container: a processor limit is not wanted")]
    [InlineData("              memory: 512Mi\n", "              memory: 200M\n", "resources.requests.memory: is more than the limit of 200M")]
    public void A_container_asks_for_what_it_needs_and_is_bound_in_memory(string old, string replacement, string finding)
    {
        const string Resources = "              path: /-/ready\n              port: http\n          resources:\n            requests:\n              cpu: 250m\n              memory: 256Mi\n            limits:\n              memory: 512Mi\n";
        RuleTests.Finds(Resources, Resources.Replace(old, replacement, StringComparison.Ordinal), $"Deployment monitoring/prometheus: spec.template.spec.containers[0].{finding}");
    }
}
