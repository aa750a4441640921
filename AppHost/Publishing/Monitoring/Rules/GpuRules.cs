namespace RecoAspire.Publishing.Monitoring.Rules;

/// <summary>GPUs, where a region has them.</summary>
internal static class GpuRules
{
    private const int UnusedPercent = 50;

    public static RuleGroup Of() => new(
        "gpu",
        [
            new Recording
            {
                // dcgm-exporter's metric under the name that dashboards and autoscaling know; the UUID is a GPU's own, its index is not.
                Record = "gpu_utilization_percent",
                Expr = "max by (gpu_id, node) (label_replace(DCGM_FI_DEV_GPU_UTIL, \"gpu_id\", \"$1\", \"UUID\", \"(.+)\"))",
            },
            new Alert
            {
                Name = "GPUUtilizationLow",
                Severity = Severity.Info,
                For = "15m",
                Expr = $"gpu_utilization_percent < {UnusedPercent}",
                Summary = "The GPU {{ $labels.gpu_id }} of {{ $labels.node }} has little to do",
                Description = $"{{{{ $value | humanize }}}} % used for 15 minutes; below {UnusedPercent} % it costs more than it gives.",
                Runbook = new Runbook(
                    "A GPU runs and is hardly used. Each is judged alone: an average hides one that does nothing.",
                    "Money only.",
                    ["query: gpu_utilization_percent", "query: sum by (topic) (view_lag_records{job=\"embedding\"})", "kubectl -n recommendation get hpa embedding"],
                    ["No work waits: the autoscaler takes workers away by itself; lower gpu_workers in topology.yaml if it is at its minimum.", "Work waits: the worker is stuck; read its log, delete the pod.", "All workers are slow to feed: the profile service or the log is the bottleneck."],
                    "Utilisation is above 50 %, or the machine is gone."),
            },
            new Alert
            {
                Name = "GPUMissing",
                Severity = Severity.Warning,
                For = "10m",
                Expr = "(sum(kube_node_status_capacity{resource=\"nvidia_com_gpu\"}) - (count(gpu_utilization_percent) or vector(0))) > 0",
                Summary = "GPUs do not report",
                Description = "{{ $value | humanize }} GPUs that machines should have are not seen.",
                Runbook = new Runbook(
                    "Machines announce more GPUs than dcgm-exporter sees: a GPU has fallen off the bus, or the exporter does not run.",
                    "Embedding and training are slower.",
                    ["kubectl -n node-agents get pods -l app.kubernetes.io/name=dcgm-exporter -o wide", "query: count by (node) (DCGM_FI_DEV_GPU_UTIL)", "query: kube_node_status_capacity{resource=\"nvidia_com_gpu\"}"],
                    ["No exporter on a machine: describe its pod.", "Exporter runs, GPU away: kubectl cordon <node>, let workers end, replace the machine."],
                    "Announced and seen numbers are equal."),
            },
            new Alert
            {
                Name = "GPUErrors",
                Severity = Severity.Warning,
                For = "0m",
                Expr = "max by (UUID, node) (DCGM_FI_DEV_XID_ERRORS) > 0",
                Summary = "The GPU {{ $labels.UUID }} of {{ $labels.node }} reports an error",
                Description = "XID {{ $value | humanize }} (NVIDIA's list of XID errors says what it is).",
                Runbook = new Runbook(
                    "The driver has reported an error of this GPU.",
                    "Work on it may fail or be wrong.",
                    ["query: DCGM_FI_DEV_XID_ERRORS > 0", "kubectl -n recommendation get pods -o wide --field-selector spec.nodeName=<node>"],
                    ["XID 13, 31, 43, 45: the program; read the worker's log.", "XID 48, 63, 64, 74, 79, 94, 95: the hardware; kubectl cordon <node>, let workers end, replace the machine."],
                    "DCGM_FI_DEV_XID_ERRORS is 0; it keeps its last value until the driver is loaded anew."),
            },
        ],
        [
            new RuleTest("Two GPUs: one works, one has little to do and an error; two more do not report")
                .Given("DCGM_FI_DEV_GPU_UTIL{UUID=\"GPU-a\",gpu=\"0\",node=\"n1\",exported_pod=\"embedding-0\"}", "90x30")
                .Given("DCGM_FI_DEV_GPU_UTIL{UUID=\"GPU-b\",gpu=\"0\",node=\"n2\",exported_pod=\"embedding-1\"}", "10x30")
                .Given("DCGM_FI_DEV_XID_ERRORS{UUID=\"GPU-a\",gpu=\"0\",node=\"n1\"}", "0x30")
                .Given("DCGM_FI_DEV_XID_ERRORS{UUID=\"GPU-b\",gpu=\"0\",node=\"n2\"}", "0x10 79x20")
                .Given("kube_node_status_capacity{node=\"n1\",resource=\"nvidia_com_gpu\"}", "2x30").Given("kube_node_status_capacity{node=\"n2\",resource=\"nvidia_com_gpu\"}", "2x30")
                .Gives("5m", "gpu_utilization_percent", ("gpu_utilization_percent{gpu_id=\"GPU-a\",node=\"n1\"}", 90), ("gpu_utilization_percent{gpu_id=\"GPU-b\",node=\"n2\"}", 10))
                .Quiet("10m", "GPUUtilizationLow").Quiet("5m", "GPUMissing").Quiet("9m", "GPUErrors")
                .Fires("20m", "GPUUtilizationLow", "10", ("gpu_id", "GPU-b"), ("node", "n2"))
                .Fires("20m", "GPUMissing", "2")
                .Fires("20m", "GPUErrors", "79", ("UUID", "GPU-b"), ("node", "n2")),
            new RuleTest("No GPU reports at all, though four are announced")
                .Given("kube_node_status_capacity{node=\"n1\",resource=\"nvidia_com_gpu\"}", "4x30")
                .Quiet("20m", "GPUUtilizationLow").Quiet("20m", "GPUErrors").Fires("20m", "GPUMissing", "4"),
            new RuleTest("No machine with GPUs runs: the node pool is empty").Given("up{job=\"kube-state-metrics\"}", "1x30").Quiet("20m", "GPUMissing"),
        ]);
}
