using RecoAspire.Topology;
using static RecoAspire.Publishing.Monitoring.Rules.SloRules;

namespace RecoAspire.Publishing.Monitoring.Rules;

/// <summary>How far stores and views are behind the log.</summary>
internal static class ReplicationRules
{
    public static RuleGroup Of(DeploymentTopology topology)
    {
        var lagRecords = topology.Gpu.LagRecordsPerWorker;
        return new RuleGroup(
            "replication",
            [
                .. topology.Replication.Select((store, i) => Lag(store.Key, store.Value.LagTargetSeconds, i == 0)),
                new Alert
                {
                    Name = "ViewLagGrowing",
                    Severity = Severity.Warning,
                    For = "10m",
                    Expr = $"max by (job, view, topic) (view_lag_records) > {lagRecords} and max by (job, view, topic) (delta(view_lag_records[10m])) > 0",
                    Summary = "'{{ $labels.job }}' does not keep up with the topic '{{ $labels.topic }}'",
                    Description = "The view '{{ $labels.view }}' is {{ $value | humanize }} records behind, and it becomes more.",
                    Runbook = new Runbook(
                        "A view reads the log more slowly than it grows.",
                        "What viewers do shows late, or not at all until it has caught up.",
                        ["query: max by (pod, view, topic) (view_lag_records{job=\"<job>\"})", "query: rate(eventlog_appended_records_total[5m])", "kubectl -n recommendation top pods -l app.kubernetes.io/name=<job>"],
                        ["One pod of several: delete it; it reads on from its stored position.", "All pods at their CPU: give more (workloads in topology.yaml) or, for embedding, more workers (HPA embedding).", "After an import: it ends by itself; the rate of view_lag_records shows when."],
                        "view_lag_records falls for 10 minutes."),
                },
                new Alert
                {
                    Name = "ViewRejectsRecords",
                    Severity = Severity.Warning,
                    For = "0m",
                    Expr = "sum by (job, view, topic) (increase(view_rejected_records_total[15m])) > 0",
                    Summary = "'{{ $labels.job }}' skips records that it cannot read",
                    Description = "The view '{{ $labels.view }}' skipped {{ $value | humanize }} records of '{{ $labels.topic }}' in 15 minutes.",
                    Runbook = new Runbook(
                        "Records in the log do not have the form that the view expects; it goes on without them.",
                        "What those records said is missing in the view.",
                        ["query: sum by (view, topic) (increase(view_rejected_records_total[1h]))", "kubectl -n recommendation logs -l app.kubernetes.io/name=<job> --since=30m --prefix | grep -i reject"],
                        ["A producer of a newer version: roll the reader forward, then rebuild the view (ops rebuild <view>).", "A faulty producer: stop it; the records stay in the log and can be read once the reader knows them."],
                        "The increase over 15 minutes is 0; after a rebuild the view has the records."),
                },
                new Alert
                {
                    Name = "KafkaConsumerLag",
                    Severity = Severity.Warning,
                    For = "10m",
                    Expr = $"sum by (consumergroup, topic) (kafka_consumergroup_lag) > {lagRecords}",
                    Summary = "The group '{{ $labels.consumergroup }}' is behind on the topic '{{ $labels.topic }}'",
                    Description = "{{ $value | humanize }} records wait.",
                    Runbook = new Runbook(
                        "A consumer of Kafka reads more slowly than the topic grows, or not at all.",
                        "Copies of the log (other regions, archives) are behind.",
                        ["query: sum by (consumergroup, topic) (kafka_consumergroup_lag)", "kubectl -n recommendation exec kafka-0 -- /opt/kafka/bin/kafka-consumer-groups.sh --bootstrap-server localhost:9092 --describe --group <consumergroup>"],
                        ["The group has no members: start its consumer.", "It has members and the lag grows: more partitions or consumers, or a slow store behind it."],
                        "The lag falls for 10 minutes."),
                },
                new Alert
                {
                    Name = "KafkaUnderReplicated",
                    Severity = Severity.Warning,
                    For = "10m",
                    Expr = "sum(kafka_topic_partition_under_replicated_partition) > 0",
                    Summary = "Partitions of the log have fewer copies than they should",
                    Description = "{{ $value | humanize }} partitions are under-replicated.",
                    Runbook = new Runbook(
                        "A broker is away or slow: some partitions have a copy less.",
                        "None yet; one more broker away and writes are refused.",
                        ["kubectl -n recommendation get pods -l app.kubernetes.io/name=kafka -o wide", "query: kafka_brokers", "query: kafka_topic_partition_under_replicated_partition > 0"],
                        ["A pod is not ready: read its log, see VolumeFillingUp.", "All ready: wait for the copies; do not restart another broker before they are complete."],
                        "The sum is 0."),
                },
            ],
            [.. topology.Replication.Select(store => LagTest(store.Key, store.Value.LagTargetSeconds)), .. Tests(lagRecords)]);
    }

    private static Alert Lag(string store, int target, bool withRunbook) => new()
    {
        Name = "ReplicationLag",
        Severity = Severity.Warning,
        For = "1m",
        Labels = [("store", store)],
        Expr = $"max by (from, to) (replication_lag_seconds{{store=\"{store}\"}}) > {target}",
        Summary = $"{store} is behind, from {{{{ $labels.from }}}} to {{{{ $labels.to }}}}",
        Description = $"The oldest record that is not applied has waited {{{{ $value | humanizeDuration }}}}; promised are {target} s.",
        Runbook = withRunbook ? new Runbook(
            "A store applies what the log holds later than promised. While the log is out of reach its silence counts as lag: nobody knows what it has taken since.",
            "Regions show different things; what a viewer has just watched may be recommended again.",
            ["query: max by (store, from, to) (replication_lag_seconds)", "query: max by (job, view, topic) (view_lag_records)", "kubectl -n recommendation get pods -l app.kubernetes.io/name=eventlog"],
            ["All stores at once: the log is away; see ServiceDown of eventlog, StoreDown of kafka.", "One store: see ViewLagGrowing for its service.", "Between two regions only: look at the link between them and at KafkaConsumerLag."],
            "replication_lag_seconds is below the store's target for 5 minutes.") : null,
    };

    private static RuleTest LagTest(string store, int target) => new RuleTest($"{store} is twice as late as it may be, then as late as it may just be")
        .Given($"replication_lag_seconds{{job=\"x\",pod=\"a\",store=\"{store}\",from=\"us\",to=\"us\"}}", $"{target * 2}x10 {target}x10")
        .Given($"replication_lag_seconds{{job=\"x\",pod=\"b\",store=\"{store}\",from=\"us\",to=\"us\"}}", "0x20")
        .Quiet("0m", "ReplicationLag")
        .Fires("5m", "ReplicationLag", $"{target * 2}s", ("store", store), ("from", "us"), ("to", "us"))
        .Quiet("15m", "ReplicationLag");

    private static IEnumerable<RuleTest> Tests(int lagRecords) =>
    [
        new RuleTest("One view is far behind and falls back, one is far behind and catches up, one is a little behind")
            .Given(View("embedding", "training-data"), $"{lagRecords}+{Number(lagRecords / 10.0)}x40")
            .Given(View("graph", "graph"), $"{lagRecords * 10}-{Number(lagRecords / 10.0)}x40")
            .Given(View("profile", "profiles"), "0+1x40")
            .Quiet("8m", "ViewLagGrowing")
            .Fires("30m", "ViewLagGrowing", Human(lagRecords * 4.0), ("job", "embedding"), ("view", "training-data"), ("topic", "t")),
        new RuleTest("Three records are skipped at the tenth minute")
            .Given("view_rejected_records_total{job=\"graph\",pod=\"a\",view=\"graph\",topic=\"catalog\"}", "0x10 3x40")
            .Quiet("9m", "ViewRejectsRecords")
            .Fires("15m", "ViewRejectsRecords", "3", ("job", "graph"), ("view", "graph"), ("topic", "catalog"))
            .Quiet("40m", "ViewRejectsRecords"),
        new RuleTest("Two partitions together are behind")
            .Given("kafka_consumergroup_lag{consumergroup=\"mirror\",topic=\"interactions\",partition=\"0\"}", $"{Number(lagRecords * 0.6)}x30")
            .Given("kafka_consumergroup_lag{consumergroup=\"mirror\",topic=\"interactions\",partition=\"1\"}", $"{Number(lagRecords * 0.6)}x30")
            .Given("kafka_consumergroup_lag{consumergroup=\"archive\",topic=\"interactions\",partition=\"0\"}", $"{Number(lagRecords * 0.6)}x30")
            .Given("kafka_topic_partition_under_replicated_partition{topic=\"interactions\",partition=\"0\"}", "1x30")
            .Given("kafka_topic_partition_under_replicated_partition{topic=\"interactions\",partition=\"1\"}", "0x30")
            .Quiet("5m", "KafkaConsumerLag").Quiet("5m", "KafkaUnderReplicated")
            .Fires("20m", "KafkaConsumerLag", Human(lagRecords * 1.2), ("consumergroup", "mirror"), ("topic", "interactions"))
            .Fires("20m", "KafkaUnderReplicated", "1"),
        new RuleTest("All copies are there")
            .Given("kafka_topic_partition_under_replicated_partition{topic=\"interactions\",partition=\"0\"}", "0x30")
            .Quiet("20m", "KafkaUnderReplicated").Quiet("20m", "KafkaConsumerLag"),
    ];

    private static string View(string job, string view) => $"view_lag_records{{job=\"{job}\",pod=\"a\",view=\"{view}\",topic=\"t\"}}";

    // As Prometheus' humanize writes it.
    private static string Human(double value)
    {
        var prefix = "";
        foreach (var next in (string[])["k", "M", "G"])
        {
            if (value < 1000) break;
            value /= 1000;
            prefix = next;
        }

        return value.ToString("G4", System.Globalization.CultureInfo.InvariantCulture) + prefix;
    }
}
