using RecoAspire.Sandbox.Tests.Manifests;

namespace RecoAspire.Sandbox.Tests;

/// <summary>A pod template becomes a plan.</summary>
public sealed class PodTemplateReaderTests
{
    private const string Workload = """
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: suite }
        data:
          LISTEN_ADDRESS: 0.0.0.0
          LEVEL: warn
        ---
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        configMapGenerator:
          - { name: region, literals: [name=europe] }
          - { name: service-endpoints, literals: ["graph_db_url=dns:///graph:8000", "filter=a=b"] }
        ---
        # What has another shape is passed over.
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: gateway }
        spec: { template: none, podSelector: {} }
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: gateway }
        spec:
          template:
            spec:
              terminationGracePeriodSeconds: 55
              securityContext: { runAsUser: 1000 }
              containers:
                - name: gateway
                  image: registry.example/gateway:1.4.0
                  lifecycle: { preStop: { sleep: { seconds: 10 } } }
                  args: ["--urls", "$(GREETING)", "$(NOT_THERE)"]
                  ports:
                    - { name: http, containerPort: 8080 }
                    - { name: grpc, containerPort: 8000 }
                  envFrom:
                    - configMapRef: { name: suite }
                    - configMapRef: { name: absent, optional: true }
                    - secretRef: { name: everything }
                  env:
                    - { name: HTTP_PORT, value: "8080" }
                    - { name: HTTP_PORTS, value: "8080;8000;7" }
                    - { name: LOG_LEVEL, valueFrom: { configMapKeyRef: { name: suite, key: LEVEL } } }
                    - { name: Admin__Key, valueFrom: { secretKeyRef: { name: admin-key, key: value } } }
                    - { name: POD, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
                    - { name: services__eventlog__http__0, value: "http://eventlog:8000" }
                    - { name: services__graph__http__0, value: "http://graph.recommendation.svc.cluster.local:8000" }
                    - { name: ConnectionStrings__cache, value: "cache:6379,ssl=true" }
                    - { name: ConnectionStrings__qdrant, valueFrom: { secretKeyRef: { name: qdrant, key: connection } } }
                    - { name: REGION, valueFrom: { configMapKeyRef: { name: region, key: name } } }
                    - { name: GRAPH_DB_ENDPOINT, valueFrom: { configMapKeyRef: { name: service-endpoints, key: graph_db_url } } }
                    - { name: FILTER, valueFrom: { configMapKeyRef: { name: service-endpoints, key: filter } } }
                    - { name: ABSENT, valueFrom: { configMapKeyRef: { name: service-endpoints, key: absent, optional: true } } }
                    - { name: GREETING, value: "level $(LOG_LEVEL)" }
                    - { name: CLOCK, value: "12:30" }
                  startupProbe: { httpGet: { path: /health/live, port: 8080 } }
                  livenessProbe: { httpGet: { path: /health/live, port: http } }
                  readinessProbe: { grpc: { port: 8000, service: reco } }
                  securityContext: { readOnlyRootFilesystem: true, runAsUser: 1654 }
                  volumeMounts:
                    - { name: tmp, mountPath: /tmp }
                    - { name: data, mountPath: /data }
                    - { name: files, mountPath: /config, readOnly: true }
              volumes:
                - { name: tmp, emptyDir: { sizeLimit: 64Mi } }
                - { name: files, configMap: { name: suite } }
          volumeClaimTemplates:
            - metadata: { name: data }
        """;

    private readonly SandboxValues _values = new(ManifestSet.Services);

    [Fact]
    public void User_root_grace_period_arguments_and_mounts_are_the_templates()
    {
        var plan = Read(Workload);

        Assert.Equal(("gateway", 1654, true, TimeSpan.FromSeconds(45)), (plan.Service, plan.Uid, plan.ReadOnlyRoot, plan.GracePeriod));
        Assert.Equal(["--urls", "level warn", "$(NOT_THERE)"], plan.Arguments);
        Assert.Equal(
            [("/tmp", MountKind.Scratch, false, 64L << 20), ("/data", MountKind.Data, false, null), ("/config", MountKind.Files, true, (long?)null)],
            plan.Mounts.Select(m => (m.Path, m.Kind, m.ReadOnly, m.SizeLimitBytes)));
        Assert.Equal(["LEVEL", "LISTEN_ADDRESS"], plan.Mounts[2].Files!.Keys.Order());
    }

    [Fact]
    public void Probes_ask_the_loopback_port_of_their_container_port_by_name_or_number()
    {
        var plan = Read(Workload);

        Assert.Equal(
            [
                new SandboxProbe("startupProbe", "/health/live", plan.Ports["http"]), new("livenessProbe", "/health/live", plan.Ports["http"]),
                new("readinessProbe", null, plan.Ports["grpc"], "reco"),
            ],
            plan.Probes);
    }

    [Fact]
    public void The_environment_is_the_templates_and_every_difference_is_listed()
    {
        var plan = Read(Workload);
        var (http, grpc) = (plan.Ports["http"], plan.Ports["grpc"]);
        var key = _values.Secret("admin-key", "value");

        var expected = new Dictionary<string, string>
        {
            ["LISTEN_ADDRESS"] = "127.0.0.1",
            ["LEVEL"] = "warn",
            ["HTTP_PORT"] = $"{http}",
            ["HTTP_PORTS"] = $"{http};{grpc};7",
            ["LOG_LEVEL"] = "warn",
            ["Admin__Key"] = key,
            ["POD"] = "gateway-0",
            ["services__eventlog__http__0"] = $"http://127.0.0.1:{_values.Port("eventlog", 8000)}",
            ["services__graph__http__0"] = $"http://127.0.0.1:{_values.Port("graph", 8000)}",
            ["REGION"] = "europe",
            ["GRAPH_DB_ENDPOINT"] = $"dns:///127.0.0.1:{_values.Port("graph", 8000)}",
            ["FILTER"] = "a=b",
            ["GREETING"] = "level warn",
            ["CLOCK"] = "12:30",
        };
        Assert.Equal(expected.OrderBy(e => e.Key, StringComparer.Ordinal), plan.Environment.OrderBy(e => e.Key, StringComparer.Ordinal));
        Assert.Equal(
            [
                new("envFrom everything", "every key of the secret", null), new Replacement("LISTEN_ADDRESS", "0.0.0.0", "127.0.0.1"),
                new("HTTP_PORT", "8080", $"{http}"), new("HTTP_PORTS", "8080;8000;7", $"{http};{grpc};7"), new("Admin__Key", "secret admin-key/value", key),
                new("POD", "field metadata.name", "gateway-0"), new("services__eventlog__http__0", "http://eventlog:8000", expected["services__eventlog__http__0"]),
                new("services__graph__http__0", "http://graph.recommendation.svc.cluster.local:8000", expected["services__graph__http__0"]),
                // No sandbox stands for an engine: the service does without, as without that setting.
                new("ConnectionStrings__cache", "cache:6379,ssl=true", null), new("ConnectionStrings__qdrant", "secret qdrant/connection", null),
                new("GRAPH_DB_ENDPOINT", "dns:///graph:8000", expected["GRAPH_DB_ENDPOINT"]),
            ],
            plan.Replacements.OrderBy(r => !r.Variable.StartsWith("envFrom", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("name: suite, key: LEVEL", "name: suite, key: NONE", "'LOG_LEVEL' names 'NONE'")]
    [InlineData("configMapRef: { name: suite }", "configMapRef: { name: nowhere }", "the ConfigMap 'nowhere'")]
    [InlineData("port: http }", "port: web }", "the port 'web'")]
    [InlineData("fieldPath: metadata.name", "fieldPath: metadata.uid", "'metadata.uid'")]
    [InlineData("mountPath: /tmp", "mountPath: /tmp, subPath: a", "subPath")]
    [InlineData("configMap: { name: suite }", "hostPath: { path: / }", "'files' has no counterpart")]
    public void A_template_that_names_what_is_nowhere_is_refused_with_its_name(string from, string to, string message)
    {
        Assert.Contains(from, Workload);
        var changed = Workload.Replace(from, to, StringComparison.Ordinal);

        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Read(changed)).Message);
    }

    [Theory]
    [InlineData("runAsUser: 1654", 1000)]
    [InlineData("runAsUser: 1000", 1654)]
    public void The_user_is_the_containers_else_the_pods(string without, int expected) =>
        Assert.Equal(expected, Read(Workload.Replace(without, "runAsGroup: 1", StringComparison.Ordinal)).Uid);

    [Fact]
    public void A_template_without_a_numeric_user_is_refused()
    {
        var nobody = Workload.Replace("runAsUser: 1654", "runAsGroup: 1", StringComparison.Ordinal).Replace("runAsUser: 1000", "runAsGroup: 1", StringComparison.Ordinal);

        Assert.Contains("runAsUser", Assert.Throws<InvalidDataException>(() => Read(nobody)).Message);
    }

    [Fact]
    public void The_template_of_a_CronJob_lies_deeper()
    {
        const string job = """
            kind: CronJob
            metadata: { name: gateway }
            spec:
              jobTemplate:
                spec:
                  template:
                    spec:
                      securityContext: { runAsUser: 1654 }
                      containers: [{ name: a, command: [dotnet, /app/Ops.dll], args: [status] }]
            """;

        var plan = Read(job);

        Assert.Equal(["dotnet", "/app/Ops.dll"], plan.Command);
        Assert.False(plan.ReadOnlyRoot);
    }

    private SandboxPlan Read(string yaml) => new ManifestSet(ManifestSet.Parse(yaml)).Plan(_values, "gateway").Single();
}
