using System.Globalization;
using System.Text.RegularExpressions;

namespace RecoAspire.Sandbox.Tests.Manifests;

/// <summary>Reads from a workload (Deployment, StatefulSet, DaemonSet, Job, CronJob) what its first container may do.</summary>
/// <param name="configMaps">Data of the ConfigMaps by name.</param>
/// <param name="values">Replaces what cannot hold here.</param>
internal sealed partial class PodTemplateReader(IReadOnlyDictionary<string, Dictionary<string, string>> configMaps, SandboxValues values)
{
    private static readonly string[] PortVariables = ["HTTP_PORT", "GRPC_PORT", "METRICS_PORT", "HTTP_PORTS", "ASPNETCORE_HTTP_PORTS"];

    /// <exception cref="InvalidDataException">The template names something that is nowhere, or that a sandbox has no counterpart for.</exception>
    public SandboxPlan Read(KubernetesObject workload)
    {
        var name = workload.Metadata.Name;
        var spec = (workload.Spec?.JobTemplate?.Spec ?? workload.Spec)?.Template?.Spec ?? throw Bad(name, $"a {workload.Kind} without a pod template");
        var container = spec.Containers.FirstOrDefault() ?? throw Bad(name, "no container");
        var uid = container.SecurityContext.RunAsUser ?? spec.SecurityContext.RunAsUser ?? throw Bad(name, "no numeric runAsUser");
        var (environment, replacements) = ReadEnvironment(name, container);
        return new SandboxPlan(
            name,
            uid,
            container.SecurityContext.ReadOnlyRootFilesystem ?? false,
            [.. container.VolumeMounts.Select(m => ReadMount(name, m, spec.Volumes, workload.Spec!.VolumeClaimTemplates))],
            environment,
            [.. container.Command.Select(c => Expand(c, environment))],
            [.. container.Args.Select(a => Expand(a, environment))],
            container.Ports.ToDictionary(p => p.Name, p => values.Port(name, p.Number)),
            [.. ReadProbes(name, container)],
            TimeSpan.FromSeconds(spec.TerminationGracePeriodSeconds - (container.Lifecycle?.PreStop?.Sleep?.Seconds ?? 0)),
            replacements);
    }

    private (Dictionary<string, string> Environment, List<Replacement> Replacements) ReadEnvironment(string name, Container container)
    {
        var environment = new Dictionary<string, string>();
        var replacements = new List<Replacement>();
        foreach (var from in container.EnvFrom)
        {
            if (from.ConfigMapRef is not { } map)
                replacements.Add(new Replacement($"envFrom {from.SecretRef?.Name}", "every key of the secret", null));
            else if (configMaps.TryGetValue(map.Name, out var data))
                foreach (var (key, value) in data) Set(key, value);
            else if (!map.Optional)
                throw Bad(name, $"envFrom names the ConfigMap '{map.Name}', which does not exist");
        }

        foreach (var variable in container.Env)
        {
            if (variable.ValueFrom is not { } source) Set(variable.Name, Expand(variable.Value ?? "", environment));
            else if (source.ConfigMapKeyRef is { } key) SetFromConfigMap(variable.Name, key);
            else if (source.SecretKeyRef is { } secret)
                Replace(variable.Name, $"secret {secret.Name}/{secret.Key}", IsConnection(variable.Name) ? null : values.Secret(secret.Name, secret.Key));
            else if (source.FieldRef is { } field) Replace(variable.Name, $"field {field.FieldPath}", Field(name, field.FieldPath));
            else throw Bad(name, $"the variable '{variable.Name}' has a source that no sandbox has");
        }

        return (environment, replacements);

        void SetFromConfigMap(string variable, KeyRef key)
        {
            if (configMaps.TryGetValue(key.Name, out var data) && data.TryGetValue(key.Key, out var value)) Set(variable, value);
            else if (!key.Optional) throw Bad(name, $"the variable '{variable}' names '{key.Key}' of the ConfigMap '{key.Name}', which does not exist");
        }

        void Set(string variable, string value)
        {
            var here = Here(name, variable, value, container.Ports);
            if (here == value) environment[variable] = value;
            else Replace(variable, value, here);
        }

        void Replace(string variable, string from, string? to)
        {
            replacements.Add(new Replacement(variable, from, to));
            if (to is null) environment.Remove(variable);
            else environment[variable] = to;
        }
    }

    private string? Here(string service, string variable, string value, List<ContainerPort> ports)
    {
        // Sandboxes share the machine's network: they must not be seen from outside.
        if (variable == "LISTEN_ADDRESS" && value is "0.0.0.0" or "::") return "127.0.0.1";
        if (!PortVariables.Contains(variable)) return values.OnLoopback(value);
        return Number().Replace(value, match =>
        {
            var number = int.Parse(match.Value, CultureInfo.InvariantCulture);
            return ports.Any(p => p.Number == number) ? values.Port(service, number).ToString(CultureInfo.InvariantCulture) : match.Value;
        });
    }

    // To an engine, which has no sandbox: anything random there would be an address that leads nowhere.
    private static bool IsConnection(string variable) => variable.StartsWith("ConnectionStrings__", StringComparison.Ordinal);

    private static string Field(string service, string path) => path switch
    {
        "metadata.name" or "spec.nodeName" => $"{service}-0",
        "metadata.namespace" => "recommendation",
        "status.podIP" or "status.hostIP" => "127.0.0.1",
        _ => throw Bad(service, $"the field '{path}' has no counterpart in a sandbox"),
    };

    private SandboxMount ReadMount(string service, VolumeMount mount, List<Volume> volumes, List<KubernetesObject> claims)
    {
        if (mount.SubPath is not null) throw Bad(service, $"subPath of the mount '{mount.MountPath}' has no counterpart in a sandbox");
        if (claims.Any(c => c.Metadata.Name == mount.Name)) return new SandboxMount(mount.MountPath, MountKind.Data, mount.ReadOnly);
        var volume = volumes.Find(v => v.Name == mount.Name) ?? throw Bad(service, $"the mount '{mount.MountPath}' names no volume");
        if (volume.EmptyDir is { } empty) return new SandboxMount(mount.MountPath, MountKind.Scratch, mount.ReadOnly, Quantity(empty.SizeLimit));
        if (volume.PersistentVolumeClaim is not null || volume.Ephemeral is not null)
            return new SandboxMount(mount.MountPath, MountKind.Data, mount.ReadOnly);
        if (volume.ConfigMap is not { } map) throw Bad(service, $"the volume '{volume.Name}' has no counterpart in a sandbox");
        if (!configMaps.TryGetValue(map.Name, out var files)) throw Bad(service, $"the volume '{volume.Name}' names no ConfigMap");
        return new SandboxMount(mount.MountPath, MountKind.Files, ReadOnly: true, Files: files);
    }

    private IEnumerable<SandboxProbe> ReadProbes(string service, Container container)
    {
        foreach (var (name, probe) in new[]
        {
            ("startupProbe", container.StartupProbe), ("livenessProbe", container.LivenessProbe), ("readinessProbe", container.ReadinessProbe),
        })
        {
            if (probe?.HttpGet is { } http) yield return new SandboxProbe(name, http.Path, values.Port(service, PortNumber(service, http.Port, container.Ports)));
            else if (probe?.Grpc is { } grpc) yield return new SandboxProbe(name, null, values.Port(service, grpc.Port), grpc.Service ?? "");
            else if (probe is not null) throw Bad(service, $"the {name} is neither httpGet nor grpc");
        }
    }

    private static int PortNumber(string service, string port, List<ContainerPort> ports)
    {
        if (int.TryParse(port, CultureInfo.InvariantCulture, out var number)) return number;
        return ports.Find(p => p.Name == port)?.Number ?? throw Bad(service, $"a probe names the port '{port}', which the container does not have");
    }

    /// <summary><c>64Mi</c> in bytes.</summary>
    private static long? Quantity(string? text)
    {
        if (text is null) return null;
        var (number, unit) = text[^2..] switch
        {
            "Ki" => (text[..^2], 1L << 10),
            "Mi" => (text[..^2], 1L << 20),
            "Gi" => (text[..^2], 1L << 30),
            _ => (text, 1L),
        };
        return long.Parse(number, CultureInfo.InvariantCulture) * unit;
    }

    // Kubernetes puts in what was defined before and leaves the rest as it is written.
    private static string Expand(string text, Dictionary<string, string> environment) =>
        Reference().Replace(text, match => environment.TryGetValue(match.Groups[1].Value, out var value) ? value : match.Value);

    private static InvalidDataException Bad(string service, string what) => new($"{service}: {what}");

    [GeneratedRegex(@"\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)")]
    private static partial Regex Reference();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
