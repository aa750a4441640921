namespace RecoAspire.Publishing.Monitoring.Rules;

/// <summary>Who watches the watchers: each part of the monitoring, and one alert that must always be there.</summary>
internal static class WatchingRules
{
    private static readonly string[] Parts = [Watchers.KubeStateMetrics, Watchers.Adapter, Watchers.Grafana];

    public static RuleGroup Of() => new(
        "watching",
        [
            new Alert
            {
                Name = "Watchdog",
                Severity = Severity.None,
                For = "0m",
                Expr = "vector(1)",
                Summary = "Alerting works",
                Description = "This alert is always on. Whoever receives it calls for help when it does not come any more.",
                Runbook = new Runbook(
                    "Not a fault: it fires all the time. The service that receives it raises an alarm when it stops.",
                    "When it stops, nobody would hear of anything else either.",
                    ["kubectl -n monitoring get pods", "kubectl -n monitoring port-forward alertmanager-0 9093, then http://localhost:9093/#/alerts"],
                    ["Prometheus is down: see PrometheusMissing.", "Alertmanager is down or cannot send: see AlertmanagerMissing, AlertmanagerCannotNotify.", "The receiving service has changed its address: alerting.watchdog_url in topology.yaml, publish, apply."],
                    "The receiving service reports a sign of life."),
            },
            Missing("PrometheusMissing", Watchers.Prometheus, Watchers.PrometheusReplicas, Severity.Warning, "Rules are evaluated by fewer Prometheus servers than wanted."),
            Missing("AlertmanagerMissing", Watchers.Alertmanager, Watchers.AlertmanagerReplicas, Severity.Warning, "Fewer Alertmanagers than wanted keep silences and what has been sent."),
            .. Parts.Select((part, i) => PartDown(part, i == 0)),
            new Alert
            {
                Name = "PrometheusConfigBroken",
                Severity = Severity.Warning,
                For = "10m",
                Expr = "min by (pod) (prometheus_config_last_reload_successful) == 0",
                Summary = "{{ $labels.pod }} does not take its configuration",
                Description = "It goes on with the last one that was valid.",
                Runbook = new Runbook("Prometheus could not read its configuration or rules.", "New targets and alerts are not there.",
                    ["kubectl -n monitoring logs <pod> | grep -i -E 'error|reload' | tail", "promtool check config monitoring/regions/<region>/prometheus.yml"],
                    ["Go back to the last published set: git revert, publish, apply."], "prometheus_config_last_reload_successful is 1."),
            },
            new Alert
            {
                Name = "PrometheusRuleFailures",
                Severity = Severity.Critical,
                For = "5m",
                Expr = "sum by (pod, rule_group) (increase(prometheus_rule_evaluation_failures_total[10m])) > 0",
                Summary = "{{ $labels.pod }} cannot evaluate rules",
                Description = "{{ $value | humanize }} evaluations of {{ $labels.rule_group }} failed in 10 minutes.",
                Runbook = new Runbook("Rules end in an error: their alerts cannot fire.", "Promises are unwatched.",
                    ["kubectl -n monitoring port-forward prometheus-0 9090, then http://localhost:9090/rules", "kubectl -n monitoring logs <pod> | grep 'Evaluating rule failed' | tail"],
                    ["Many-to-many matching: a series exists twice; find it by the rule's expression.", "Query limits: more memory, or fewer series (see InstanceDown for targets that have exploded)."], "The increase is 0."),
            },
            new Alert
            {
                Name = "PrometheusCannotAlert",
                Severity = Severity.Critical,
                For = "5m",
                Expr = "min by (pod) (prometheus_notifications_alertmanagers_discovered) < 1 or sum by (pod) (increase(prometheus_notifications_dropped_total[5m])) > 0",
                Summary = "{{ $labels.pod }} cannot hand over alerts",
                Description = "It knows no Alertmanager, or none takes its alerts.",
                Runbook = new Runbook("Alerts fire and go nowhere.", "Nobody is told of anything by this Prometheus.",
                    ["kubectl -n monitoring get pods -l app.kubernetes.io/name=alertmanager", "kubectl -n monitoring logs <pod> | grep -i notify | tail"],
                    ["No Alertmanager pods: see AlertmanagerMissing.", "They run: the Role prometheus in monitoring, or the network policies of both."], "prometheus_notifications_alertmanagers_discovered equals the number of Alertmanagers."),
            },
            new Alert
            {
                Name = "PrometheusRemoteWriteBehind",
                Severity = Severity.Warning,
                For = "15m",
                Expr = "max by (pod) (prometheus_remote_storage_highest_timestamp_in_seconds) - on (pod) max by (pod) (prometheus_remote_storage_queue_highest_sent_timestamp_seconds) > 300",
                Summary = "{{ $labels.pod }} is late with what all regions should see",
                Description = "The global view is {{ $value | humanizeDuration }} behind.",
                Runbook = new Runbook("What the region records does not reach the primary region's prometheus-global.", "Dashboards over all regions lack this one; its own alerts work.",
                    ["kubectl -n monitoring logs <pod> | grep remote | tail", "query: rate(prometheus_remote_storage_samples_failed_total[5m])"],
                    ["401: the password differs between the regions' secret stores.", "Connection refused: the primary's prometheus-global, its load balancer or certificate.", "Up to two hours are sent later by themselves."], "The difference is below a minute."),
            },
            new Alert
            {
                Name = "AlertmanagerCannotNotify",
                Severity = Severity.Critical,
                For = "5m",
                Expr = "sum by (integration) (rate(alertmanager_notifications_failed_total[5m])) / (sum by (integration) (rate(alertmanager_notifications_total[5m])) > 0) > 0.01",
                Summary = "Alerts do not get through by {{ $labels.integration }}",
                Description = "{{ $value | humanizePercentage }} of the messages fail.",
                Runbook = new Runbook("Alertmanager's messages are refused.", "Those who are reached in this way hear nothing; Watchdog may stop as well.",
                    ["kubectl -n monitoring logs -l app.kubernetes.io/name=alertmanager --since=15m | grep -i 'notify' | tail"],
                    ["401 or 403: renew the credential in the cloud's secret store; it arrives within an hour: kubectl -n monitoring annotate externalsecret alertmanager force-sync=$(date +%s) --overwrite", "Timeouts: egress of the cluster."], "The rate of failures is 0; send a test: amtool alert add test."),
            },
            new Alert
            {
                Name = "AlertmanagerConfigBroken",
                Severity = Severity.Critical,
                For = "10m",
                Expr = "min by (pod) (alertmanager_config_last_reload_successful) == 0",
                Summary = "{{ $labels.pod }} does not take its configuration",
                Description = "It goes on with the last one that was valid; after a restart it would not start.",
                Runbook = new Runbook("Alertmanager could not read its configuration.", "Changed routes do not hold.",
                    ["amtool check-config monitoring/base/alertmanager/alertmanager.yml", "kubectl -n monitoring logs <pod> | tail"], ["Go back to the last published set: git revert, publish, apply."], "alertmanager_config_last_reload_successful is 1."),
            },
        ],
        WatchingRuleTests.Of(Parts));

    private static Alert Missing(string name, string job, int wanted, Severity severity, string description) => new()
    {
        Name = name,
        Severity = severity,
        For = "10m",
        Expr = $"(count(up{{job=\"{job}\"}} == 1) or vector(0)) < {wanted}",
        Summary = $"Fewer than {wanted} of {job} are up",
        Description = $"{description} Up: {{{{ $value | humanize }}}}.",
        Runbook = new Runbook(
            $"Not all {wanted} pods of {job} answer.",
            "None while one is left; then monitoring is blind or mute, and Watchdog stops.",
            [$"kubectl -n monitoring get pods -l app.kubernetes.io/name={job} -o wide", $"kubectl -n monitoring logs {job}-0 --previous | tail -50"],
            ["Pending: no machine in the zone of its volume.", "OOMKilled: more memory, or find the job with the most series: topk(10, count by (job) ({__name__=~\".+\"}))", "Volume full: see VolumeAlmostFull."],
            $"count(up{{job=\"{job}\"}} == 1) is {wanted}."),
    };

    private static Alert PartDown(string part, bool withRunbook) => new()
    {
        Name = "WatcherDown",
        Severity = Severity.Warning,
        For = "5m",
        Labels = [("service", part)],
        Expr = $"(count(up{{job=\"{part}\"}} == 1) or vector(0)) == 0",
        Summary = $"{part} is down",
        Description = "A part of the monitoring does not answer.",
        Runbook = withRunbook ? new Runbook(
            "A part of the monitoring itself is away.",
            "prometheus-adapter: the gateway is scaled by CPU only. kube-state-metrics: alerts on stores fire as unknown. grafana: no dashboards.",
            ["kubectl -n monitoring get pods -l app.kubernetes.io/name=<service> -o wide", "kubectl get apiservices v1beta1.custom.metrics.k8s.io"],
            ["kubectl -n monitoring describe deployment <service>", "kubectl -n monitoring rollout restart deployment/<service>"],
            "up{job=\"<service>\"} is 1.") : null,
    };
}
