namespace RecoAspire.Publishing.Monitoring.Rules;

/// <summary>Cases for <see cref="WatchingRules"/>.</summary>
internal static class WatchingRuleTests
{
    public static IReadOnlyList<RuleTest> Of(IReadOnlyList<string> parts)
    {
        var healthy = new RuleTest("All is well: only the watchdog fires")
            .Given("up{job=\"prometheus\",pod=\"prometheus-0\"}", "1x30").Given("up{job=\"prometheus\",pod=\"prometheus-1\"}", "1x30")
            .Given("prometheus_config_last_reload_successful{pod=\"prometheus-0\"}", "1x30").Given("alertmanager_config_last_reload_successful{pod=\"alertmanager-0\"}", "1x30")
            .Given("prometheus_rule_evaluation_failures_total{pod=\"prometheus-0\",rule_group=\"slo\"}", "7x30")
            .Given("prometheus_notifications_alertmanagers_discovered{pod=\"prometheus-0\"}", "3x30").Given("prometheus_notifications_dropped_total{pod=\"prometheus-0\"}", "4x30")
            .Given("prometheus_remote_storage_highest_timestamp_in_seconds{pod=\"prometheus-0\"}", "0+60x30")
            .Given("prometheus_remote_storage_queue_highest_sent_timestamp_seconds{pod=\"prometheus-0\",remote_name=\"global\"}", "0+60x30")
            .Given("alertmanager_notifications_total{pod=\"alertmanager-0\",integration=\"slack\"}", "0+10x30").Given("alertmanager_notifications_failed_total{pod=\"alertmanager-0\",integration=\"slack\"}", "0x30");
        for (var i = 0; i < Watchers.AlertmanagerReplicas; i++) healthy = healthy.Given($"up{{job=\"alertmanager\",pod=\"alertmanager-{i}\"}}", "1x30");
        foreach (var part in parts) healthy = healthy.Given($"up{{job=\"{part}\",pod=\"{part}-a\"}}", "1x30");
        healthy = healthy.Fires("20m", "Watchdog");
        foreach (var alert in (string[])["PrometheusMissing", "AlertmanagerMissing", "WatcherDown", "PrometheusConfigBroken", "PrometheusRuleFailures", "PrometheusCannotAlert", "PrometheusRemoteWriteBehind", "AlertmanagerCannotNotify", "AlertmanagerConfigBroken"])
            healthy = healthy.Quiet("20m", alert);

        var gone = new RuleTest("Nothing is left but one Prometheus").Given("up{job=\"prometheus\",pod=\"prometheus-0\"}", "1x30")
            .Fires("20m", "Watchdog").Fires("20m", "PrometheusMissing", "1").Fires("20m", "AlertmanagerMissing", "0");
        foreach (var part in parts) gone = gone.Fires("20m", "WatcherDown", null, ("service", part));

        return
        [
            healthy,
            gone,
            new RuleTest("Configurations are broken, rules fail, alerts are dropped, messages are refused, the link is away")
                .Given("prometheus_config_last_reload_successful{pod=\"prometheus-0\"}", "0x30").Given("alertmanager_config_last_reload_successful{pod=\"alertmanager-0\"}", "0x30")
                .Given("prometheus_rule_evaluation_failures_total{pod=\"prometheus-0\",rule_group=\"slo\"}", "0+2x30")
                .Given("prometheus_notifications_alertmanagers_discovered{pod=\"prometheus-0\"}", "0x30").Given("prometheus_notifications_dropped_total{pod=\"prometheus-1\"}", "0+1x30")
                .Given("prometheus_remote_storage_highest_timestamp_in_seconds{pod=\"prometheus-0\"}", "600+60x30")
                .Given("prometheus_remote_storage_queue_highest_sent_timestamp_seconds{pod=\"prometheus-0\",remote_name=\"global\"}", "0+60x30")
                .Given("alertmanager_notifications_total{pod=\"alertmanager-0\",integration=\"slack\"}", "0+10x30").Given("alertmanager_notifications_failed_total{pod=\"alertmanager-0\",integration=\"slack\"}", "0+5x30")
                .Fires("20m", "PrometheusConfigBroken", null, ("pod", "prometheus-0"))
                .Fires("20m", "AlertmanagerConfigBroken", null, ("pod", "alertmanager-0"))
                .Fires("20m", "PrometheusRuleFailures", "20", ("pod", "prometheus-0"), ("rule_group", "slo"))
                .Fires("20m", "PrometheusCannotAlert", null, ("pod", "prometheus-0")).Fires("20m", "PrometheusCannotAlert", null, ("pod", "prometheus-1"))
                .Fires("20m", "PrometheusRemoteWriteBehind", "10m 0s", ("pod", "prometheus-0"))
                .Fires("20m", "AlertmanagerCannotNotify", "50%", ("integration", "slack")),
        ];
    }
}
