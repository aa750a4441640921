using RecoAspire.Publishing.Monitoring.Adapter;
using RecoAspire.Publishing.Monitoring.Alertmanager;
using RecoAspire.Publishing.Monitoring.Exporters;
using RecoAspire.Publishing.Monitoring.Grafana;
using RecoAspire.Publishing.Monitoring.Operator;
using RecoAspire.Publishing.Monitoring.Prometheus;
using RecoAspire.Publishing.Monitoring.Rules;

namespace RecoAspire.Publishing.Monitoring;

/// <summary>What watches.</summary>
public static class MonitoringParts
{
    /// <summary>The parts, in the order in which they are written.</summary>
    public static IReadOnlyList<IPublishedPart> All { get; } =
    [
        new MonitoringFolders(), new MonitoringNetwork(), new PrometheusServer(), new PrometheusGlobal(), new AlertmanagerServer(), new AdapterServer(),
        new GrafanaServer(), new KubeStateMetrics(), new NodeAgents(), new RulesPart(), new OperatorFolder(),
    ];
}
