namespace RecoAspire.Publishing.Tests.Checking;

/// <summary>One thing is broken in a set that is right: exactly that is found.</summary>
public sealed class RuleTests
{
    private const string Gateway = "Deployment recommendation/gateway: spec.template.spec.";
    private const string Container = Gateway + "containers[0].";
    private const string Qdrant = "StatefulSet recommendation/qdrant: spec.";

    [Fact]
    public void The_good_set_has_no_findings() => Assert.Empty(RegionSet.FindingsOf(RegionSet.Text));

    [Theory]
    [InlineData("        app.kubernetes.io/name: gateway\n        app.kubernetes.io/part-of", "        app.kubernetes.io/name: gateway2\n        app.kubernetes.io/part-of",
        "Deployment recommendation/gateway: spec.selector: does not match the labels of its own pod template")]
    [InlineData("  selector:\n    matchLabels:\n      app.kubernetes.io/name: node-exporter", "  selector: {}", "DaemonSet monitoring/node-exporter: spec.selector: is empty")]
    [InlineData("          labelSelector:\n            matchLabels:\n              app.kubernetes.io/name: gateway", "          labelSelector:\n            matchLabels:\n              app.kubernetes.io/name: other",
        Gateway + "topologySpreadConstraints[0].labelSelector: does not match the workload's own pods")]
    [InlineData("              labelSelector:\n                matchLabels:\n                  app.kubernetes.io/name: qdrant", "              labelSelector:\n                matchLabels:\n                  app: qdrant",
        Qdrant + "template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector: does not match the workload's own pods")]
    public void A_selector_matches_its_own_pods(string old, string replacement, string finding) => Finds(old, replacement, finding, only: false);

    [Fact]
    public void Two_workloads_do_not_share_a_selector() => Assert.Contains(
        "DaemonSet monitoring/node-exporter: spec.selector: matches the pods of Deployment monitoring/prometheus too",
        RegionSet.FindingsOf("app.kubernetes.io/name: node-exporter", "app.kubernetes.io/name: prometheus"));

    [Theory]
    [InlineData("targetPort: http", "targetPort: web", "Service recommendation/gateway: spec.ports[0].targetPort: Deployment recommendation/gateway has no port web")]
    [InlineData("targetPort: 9090", "targetPort: 9999", "Service recommendation/gateway: spec.ports[1].targetPort: Deployment recommendation/gateway has no port 9999")]
    [InlineData("statefulset.kubernetes.io/pod-name: qdrant-0", "statefulset.kubernetes.io/pod-name: qdrant-3", "Service recommendation/qdrant-first: spec.selector: matches no pods")]
    [InlineData("  selector:\n    statefulset.kubernetes.io/pod-name: qdrant-0", "  type: ClusterIP", "Service recommendation/qdrant-first: spec.selector: selects nothing, and no EndpointSlice says where it leads")]
    [InlineData("    - name: metrics\n      port: 9090\n      targetPort", "    - port: 9090\n      targetPort",
        "Service recommendation/gateway: spec.ports[1].name: is required where there are several ports|ServiceMonitor monitoring/gateway: spec.endpoints[0].port: Service recommendation/gateway has no port 'metrics'")]
    [InlineData("  serviceName: qdrant\n", "  serviceName: qdrant-headless\n",
        "Deployment recommendation/gateway: spec.template.spec.containers[0].env[1].value: the host qdrant-0.qdrant: Service recommendation/qdrant governs no pod 'qdrant-0'|ConfigMap recommendation/qdrant-start: data[\"start.sh\"]: the host qdrant-0.qdrant: Service recommendation/qdrant governs no pod 'qdrant-0'|" + Qdrant + "serviceName: there is no Service 'qdrant-headless' in recommendation")]
    [InlineData("  clusterIP: None\n", "", Qdrant + "serviceName: Service recommendation/qdrant is not headless (clusterIP: None)")]
    public void A_Service_leads_to_pods_that_listen(string old, string replacement, string finding) => Finds(old, replacement, finding);

    [Theory]
    [InlineData("    - name: public\n      sectionName: http", "    - name: publik\n      sectionName: http", "HTTPRoute recommendation/gateway: spec.parentRefs[0].name: there is no Gateway 'publik' in recommendation")]
    [InlineData("sectionName: http", "sectionName: https", "HTTPRoute recommendation/gateway: spec.parentRefs[0].sectionName: Gateway recommendation/public has no such listener")]
    [InlineData("  parentRefs:\n    - name: public\n      sectionName: http\n", "", "HTTPRoute recommendation/gateway: spec.parentRefs: hangs on no Gateway")]
    [InlineData("        - name: gateway\n          port: 8080", "        - name: gateways\n          port: 8080", "HTTPRoute recommendation/gateway: spec.rules[0].backendRefs[0].name: there is no Service 'gateways' in recommendation")]
    [InlineData("        - name: gateway\n          port: 8080", "        - name: gateway\n          port: 8081", "HTTPRoute recommendation/gateway: spec.rules[0].backendRefs[0].port: Service recommendation/gateway has no port 8081")]
    [InlineData("gatewayClassName: public", "gatewayClassName: private", "Gateway recommendation/public: spec.gatewayClassName: there is no GatewayClass 'private'")]
    public void A_route_hangs_on_a_listener_and_leads_to_a_port(string old, string replacement, string finding) => Finds(old, replacement, finding);

    [Theory]
    [InlineData("    kind: Deployment\n    name: gateway", "    kind: Deployment\n    name: gatewai", "HorizontalPodAutoscaler recommendation/gateway: spec.scaleTargetRef: there is no Deployment 'gatewai' in recommendation")]
    [InlineData("    apiVersion: apps/v1\n    kind: Deployment", "    apiVersion: apps/v2\n    kind: Deployment", "HorizontalPodAutoscaler recommendation/gateway: spec.scaleTargetRef.apiVersion: Deployment recommendation/gateway is of apps/v1")]
    [InlineData("minReplicas: 3", "minReplicas: 13", "HorizontalPodAutoscaler recommendation/gateway: spec.minReplicas: is more than maxReplicas")]
    [InlineData("spec:\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: gateway\n  template", "spec:\n  replicas: 3\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: gateway\n  template",
        "Deployment recommendation/gateway: spec.replicas: is decided by HorizontalPodAutoscaler recommendation/gateway: each rollout would reset it")]
    public void An_autoscaler_has_a_workload_for_itself(string old, string replacement, string finding) => Finds(old, replacement, finding);

    [Theory]
    [InlineData("            - name: tmp\n", "            - name: temp\n", Container + "volumeMounts[1].name: there is no volume 'temp'|" + Gateway + "volumes[1].name: the volume 'tmp' is mounted nowhere")]
    [InlineData("              mountPath: /tmp", "              mountPath: /settings/", Container + "volumeMounts[1].mountPath: two volumes are mounted at /settings")]
    [InlineData("        - name: tmp\n          emptyDir", "        - name: settings\n          emptyDir", Container + "volumeMounts[1].name: there is no volume 'tmp'|" + Gateway + "volumes[1].name: two volumes are called 'settings'")]
    [InlineData("        storageClassName: fast", "        storageClassName: slow", Qdrant + "volumeClaimTemplates[0].spec.storageClassName: there is no StorageClass 'slow'")]
    [InlineData("  storageClassName: fast\n  resources:\n    requests:\n      storage: 50Gi", "  resources:\n    requests:\n      storage: 50Gi",
        "PersistentVolumeClaim monitoring/prometheus: spec.storageClassName: names no StorageClass: the disk would be of whatever class a cluster has as its default")]
    [InlineData("claimName: prometheus", "claimName: prom", "Deployment monitoring/prometheus: spec.template.spec.volumes[1].persistentVolumeClaim.claimName: there is no PersistentVolumeClaim 'prom' in monitoring")]
    public void What_is_mounted_is_declared_and_on_a_disk_of_the_set(string old, string replacement, string finding) => Finds(old, replacement, finding);

    [Theory]
    [InlineData("                  key: log-level", "                  key: log_level", Container + "env[2].valueFrom.configMapKeyRef.key: the ConfigMap 'gateway-settings' has no key 'log_level'")]
    [InlineData("                  name: gateway-settings", "                  name: settings", Container + "env[2].valueFrom.configMapKeyRef.name: there is no ConfigMap 'settings' in recommendation")]
    [InlineData("                  key: admin-key", "                  key: admin", Container + "env[3].valueFrom.secretKeyRef.key: the Secret 'gateway-admin' has no key 'admin'")]
    [InlineData("                  name: gateway-admin", "                  name: admin", Container + "env[3].valueFrom.secretKeyRef.name: there is no Secret 'admin' in recommendation (no ExternalSecret or Certificate writes it)")]
    [InlineData("              - key: upstream.json", "              - key: up.json", Gateway + "volumes[0].configMap.items[0].key: the ConfigMap 'gateway-settings' has no key 'up.json'")]
    [InlineData("          configMap:\n            name: qdrant-start", "          projected:\n            sources:\n              - configMap:\n                  name: qdrant-stop",
        Qdrant + "template.spec.volumes[0].projected.sources[0].configMap.name: there is no ConfigMap 'qdrant-stop' in recommendation")]
    [InlineData("          env:\n            - name: VECTOR", "          envFrom:\n            - secretRef:\n                name: all\n          env:\n            - name: VECTOR",
        Container + "envFrom[0].secretRef.name: there is no Secret 'all' in recommendation (no ExternalSecret or Certificate writes it)")]
    [InlineData("    kind: ClusterSecretStore\n    name: vault", "    kind: ClusterSecretStore\n    name: safe", "ExternalSecret recommendation/gateway-admin: spec.secretStoreRef.name: there is no ClusterSecretStore 'safe'")]
    public void A_key_that_is_read_is_there(string old, string replacement, string finding) => Finds(old, replacement, finding);

    [Theory]
    [InlineData("      serviceAccountName: gateway\n", "      serviceAccountName: gate\n", Gateway + "serviceAccountName: there is no ServiceAccount 'gate' in recommendation")]
    [InlineData("      serviceAccountName: gateway\n", "", Gateway + "serviceAccountName: has no ServiceAccount of its own")]
    [InlineData("      serviceAccountName: gateway\n      priorityClassName: serving", "      serviceAccountName: gateway\n      priorityClassName: fastest", Gateway + "priorityClassName: there is no PriorityClass 'fastest'")]
    [InlineData("  kind: ClusterRole\n  name: prometheus", "  kind: ClusterRole\n  name: prom", "ClusterRoleBinding prometheus: roleRef.name: there is no ClusterRole 'prom'")]
    [InlineData("  - kind: ServiceAccount\n    name: prometheus", "  - kind: ServiceAccount\n    name: prom",
        "ClusterRoleBinding prometheus: subjects[0]: there is no ServiceAccount 'prom' in 'monitoring'|Deployment monitoring/prometheus: spec.template.spec.automountServiceAccountToken: mounts a token although no role is bound to the account")]
    [InlineData("automountServiceAccountToken: true", "automountServiceAccountToken: false", "Deployment monitoring/prometheus: spec.template.spec.automountServiceAccountToken: mounts no token although a role is bound to ServiceAccount monitoring/prometheus")]
    public void Accounts_roles_and_priorities_are_there(string old, string replacement, string finding) => Finds(old, replacement, finding);

    [Theory]
    [InlineData("matchNames: [recommendation]", "matchNames: [monitoring]", "ServiceMonitor monitoring/gateway: spec.selector: matches no Service")]
    [InlineData("    - port: metrics\n", "    - port: metricz\n", "ServiceMonitor monitoring/gateway: spec.endpoints[0].port: Service recommendation/gateway has no port 'metricz'")]
    public void What_is_scraped_is_there(string old, string replacement, string finding) => Finds(old, replacement, finding, old.StartsWith("match", StringComparison.Ordinal));

    [Theory]
    [InlineData("          startupProbe:\n            httpGet:\n              path: /readyz\n              port: http\n", "", Qdrant + "template.spec.containers[0].startupProbe: is missing")]
    [InlineData("              path: /readyz\n              port: http\n          livenessProbe", "              path: /readyz\n              port: 1\n          livenessProbe", Qdrant + "template.spec.containers[0].startupProbe.httpGet.port: the container has no port 1")]
    [InlineData("                seconds: 10", "                seconds: 45", Container + "lifecycle.preStop: waits 45 s of the 45 s that the pod has to end (terminationGracePeriodSeconds)")]
    [InlineData("              sleep:\n                seconds: 10", "              exec:\n                command: [sh, -c, sleep 60 && true]", Container + "lifecycle.preStop: waits 60 s of the 45 s that the pod has to end (terminationGracePeriodSeconds)")]
    public void A_container_says_how_it_is_and_has_time_to_end(string old, string replacement, string finding) => Finds(old, replacement, finding);

    [Theory]
    [InlineData("  name: qdrant\n  namespace: recommendation\nspec:\n  maxUnavailable: 1", "  name: qdrant\n  namespace: recommendation\nspec:\n  maxUnavailable: 0", "PodDisruptionBudget recommendation/qdrant: spec.maxUnavailable: lets no pod go: a node with one cannot be drained")]
    [InlineData("  name: qdrant\n  namespace: recommendation\nspec:\n  maxUnavailable: 1", "  name: qdrant\n  namespace: recommendation\nspec:\n  minAvailable: 3", "PodDisruptionBudget recommendation/qdrant: spec.minAvailable: lets no pod go of 3: a node with one cannot be drained")]
    [InlineData("  name: gateway\n  namespace: recommendation\nspec:\n  maxUnavailable: 1", "  name: gateway\n  namespace: recommendation\nspec:\n  minAvailable: 80%", "PodDisruptionBudget recommendation/gateway: spec.minAvailable: lets no pod go of 3: a node with one cannot be drained")]
    [InlineData("  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: prometheus", "  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: prom",
        "Deployment monitoring/prometheus: metadata.name: has no PodDisruptionBudget|PodDisruptionBudget monitoring/prometheus: spec.selector: matches no pods")]
    public void A_budget_covers_each_workload_and_lets_nodes_drain(string old, string replacement, string finding) => Finds(old, replacement, finding);

    internal static void Finds(string old, string replacement, string findings, bool only = true)
    {
        var actual = RegionSet.FindingsOf(old, replacement);
        if (only) Assert.Equal(findings.Split('|').Order(StringComparer.Ordinal), actual);
        else Assert.Contains(findings, actual);
    }
}
