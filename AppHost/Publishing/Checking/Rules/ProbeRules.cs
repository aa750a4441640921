using System.Globalization;
using System.Text.RegularExpressions;

namespace RecoAspire.Publishing.Checking.Rules;

/// <summary>Containers say when they live and when they are ready, on ports they have, and a pod has time to end.</summary>
internal sealed partial class ProbeRules(CheckOptions options) : IRule
{
    private const long DefaultGraceS = 30;
    private static readonly string[] Probes = ["startupProbe", "livenessProbe", "readinessProbe"];

    public void Check(ObjectSet set, Report report)
    {
        foreach (var workload in set.Workloads)
        {
            foreach (var container in options.Idle.Contains(workload.Id) ? [] : workload.LongRunning)
                foreach (var probe in Probes.Where(probe => !container[probe].Exists)) report.Add(workload.Object, container[probe], "is missing");
            foreach (var container in workload.AllContainers) CheckPorts(workload, container, report);
            CheckEnding(workload, report);
        }
    }

    private static void CheckPorts(Workload workload, YamlNode container, Report report)
    {
        var ports = Workload.PortsOf(container).ToList();
        var handlers = Probes.Select(probe => container[probe]).Append(container["lifecycle"]["preStop"]).Append(container["lifecycle"]["postStart"]);
        foreach (var port in handlers.SelectMany(h => new[] { h["httpGet"]["port"], h["tcpSocket"]["port"], h["grpc"]["port"] }).Where(port => port.Exists))
            if (Ports.Find(ports, port.Text, "TCP") is null) report.Add(workload.Object, port, $"the container has no port {port.Text}");
    }

    private static void CheckEnding(Workload workload, Report report)
    {
        var grace = workload.Pod["terminationGracePeriodSeconds"].Number ?? DefaultGraceS;
        foreach (var container in workload.AllContainers)
        {
            var preStop = container["lifecycle"]["preStop"];
            if (SleepS(preStop) is { } sleep && sleep >= grace)
                report.Add(workload.Object, preStop, string.Create(CultureInfo.InvariantCulture, $"waits {sleep} s of the {grace} s that the pod has to end (terminationGracePeriodSeconds)"));
        }
    }

    private static long? SleepS(YamlNode preStop)
    {
        if (preStop["sleep"]["seconds"].Number is { } seconds) return seconds;
        var command = string.Join(' ', preStop["exec"]["command"].Items.Select(item => item.Text));
        var sleeps = Sleep().Matches(command);
        return sleeps.Count == 0 ? null : sleeps.Sum(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"\bsleep\s+(\d{1,9})\b")]
    private static partial Regex Sleep();
}
