namespace RecoAspire.AppHost.Tests.Publishing.Services;

public sealed class PodTests
{
    public static TheoryData<string> Folders => [.. new Published().Workloads().Select(w => w.Folder)];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_pod_passes_the_restricted_level_and_writes_to_volumes_only(string folder)
    {
        var workload = Workload(folder);
        var pod = workload.Pod();
        Assert.Equal(("true", "1654", "RuntimeDefault"), (pod.Text("securityContext/runAsNonRoot"), pod.Text("securityContext/runAsUser"), pod.Text("securityContext/seccompProfile/type")));
        Assert.Equal(("false", "false"), (pod.Text("automountServiceAccountToken"), pod.Text("enableServiceLinks")));
        var container = workload.Container().At("securityContext")!;
        Assert.Equal(("false", "true"), (container.Text("allowPrivilegeEscalation"), container.Text("readOnlyRootFilesystem")));
        Assert.Equal("ALL", container.Items("capabilities/drop").Single().ToString());
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_pod_ends_later_than_its_pause_and_its_last_requests(string folder)
    {
        var workload = Workload(folder);
        var pause = workload.Container().Number("lifecycle/preStop/sleep/seconds");
        var shutdown = workload.Environment()["Shutdown__TimeoutSeconds"].Number("value");
        Assert.True(pause >= 10);
        Assert.True(workload.Pod().Number("terminationGracePeriodSeconds") > pause + shutdown);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void No_dependency_restarts_a_pod_and_every_probe_ends(string folder)
    {
        var container = Workload(folder).Container();
        Assert.Equal("/health/live", container.Text("startupProbe/httpGet/path"));
        Assert.Equal("/health/live", container.Text("livenessProbe/httpGet/path"));
        var isOurs = folder is not ("gateway" or "agentdb");
        Assert.Equal(isOurs ? "8000" : "/health/ready", container.Text(isOurs ? "readinessProbe/grpc/port" : "readinessProbe/httpGet/path"));
        foreach (var probe in (string[])["startupProbe", "livenessProbe", "readinessProbe"]) Assert.InRange(container.Number($"{probe}/timeoutSeconds"), 1, 5);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Memory_has_a_ceiling_and_processor_time_none(string folder)
    {
        var container = Workload(folder).Container();
        Assert.NotNull(container.At("resources/limits/memory"));
        Assert.NotNull(container.At("resources/requests/cpu"));
        Assert.Null(container.At("resources/limits/cpu"));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Every_mount_has_its_volume_or_claim(string folder)
    {
        var workload = Workload(folder);
        var volumes = workload.Pod().Items("volumes").Select(v => v.Text("name"))
            .Concat(workload.Items("spec/volumeClaimTemplates").Select(c => c.Text("metadata/name"))).ToList();
        Assert.Equal(volumes.Order(), workload.Container().Items("volumeMounts").Select(m => m.Text("name")).Order());
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_drain_goes_on_and_pods_spread_over_zones(string folder)
    {
        var budget = new Published().Object($"k8s/base/{folder}/workload.yaml", "PodDisruptionBudget");
        Assert.Contains(budget.Text("spec/maxUnavailable"), (string[])["1", "10%"]);
        Assert.Contains(Workload(folder).Pod().Items("topologySpreadConstraints"), s => s.Text("topologyKey") == "topology.kubernetes.io/zone");
    }

    [Fact]
    public void Claims_are_made_of_classes_that_every_region_has_and_stateful_sets_have_their_headless_service()
    {
        var published = new Published();
        foreach (var (folder, workload) in published.Workloads().Where(w => w.Object.Text("kind") == "StatefulSet"))
        {
            var service = published.Objects($"k8s/base/{folder}/services.yaml").Single(s => s.Text("metadata/name") == workload.Text("spec/serviceName"));
            Assert.Equal("None", service.Text("spec/clusterIP"));
            var wanted = workload.Items("spec/volumeClaimTemplates").Select(c => c.Text("spec/storageClassName"))
                .Concat(workload.Pod().Items("volumes").Select(v => v.At("ephemeral/volumeClaimTemplate/spec/storageClassName")?.ToString()).OfType<string>()).ToHashSet();
            foreach (var region in Published.Topology.Regions)
            {
                Assert.Subset(published.Objects($"k8s/regions/{region.Name}/storage.yaml").Select(c => c.Text("metadata/name")).ToHashSet(), wanted);
            }
        }
    }

    private static YamlDotNet.RepresentationModel.YamlMappingNode Workload(string folder) => new Published().Workloads().Single(w => w.Folder == folder).Object;
}
