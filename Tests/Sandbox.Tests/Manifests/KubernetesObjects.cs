using YamlDotNet.Serialization;

namespace RecoAspire.Sandbox.Tests.Manifests;

// The part of the Kubernetes API that says what a container may do. Filled by YamlDotNet; lists and texts may be absent.

internal sealed class KubernetesObject
{
    public string Kind { get; set; } = "";
    public ObjectMeta Metadata { get; set; } = new();
    public Dictionary<string, string> Data { get; set; } = [];
    public WorkloadSpec? Spec { get; set; }
    public List<GeneratedConfigMap> ConfigMapGenerator { get; set; } = [];
}

/// <summary>A ConfigMap that a kustomization makes: <c>key=value</c> each.</summary>
internal sealed class GeneratedConfigMap
{
    public string Name { get; set; } = "";
    public List<string> Literals { get; set; } = [];
}

internal sealed class ObjectMeta
{
    public string Name { get; set; } = "";
}

internal sealed class WorkloadSpec
{
    public PodTemplate? Template { get; set; }
    public JobTemplate? JobTemplate { get; set; }
    public List<KubernetesObject> VolumeClaimTemplates { get; set; } = [];
}

internal sealed class JobTemplate
{
    public WorkloadSpec? Spec { get; set; }
}

internal sealed class PodTemplate
{
    public PodSpec Spec { get; set; } = new();
}

internal sealed class PodSpec
{
    public SecurityContext SecurityContext { get; set; } = new();
    public long TerminationGracePeriodSeconds { get; set; } = 30;
    public List<Container> Containers { get; set; } = [];
    public List<Volume> Volumes { get; set; } = [];
}

internal sealed class SecurityContext
{
    public int? RunAsUser { get; set; }
    public bool? ReadOnlyRootFilesystem { get; set; }
}

internal sealed class Container
{
    public string Name { get; set; } = "";
    public List<string> Command { get; set; } = [];
    public List<string> Args { get; set; } = [];
    public List<ContainerPort> Ports { get; set; } = [];
    public List<EnvVar> Env { get; set; } = [];
    public List<EnvFrom> EnvFrom { get; set; } = [];
    public List<VolumeMount> VolumeMounts { get; set; } = [];
    public SecurityContext SecurityContext { get; set; } = new();
    public Lifecycle? Lifecycle { get; set; }
    public Probe? LivenessProbe { get; set; }
    public Probe? ReadinessProbe { get; set; }
    public Probe? StartupProbe { get; set; }
}

internal sealed class Lifecycle
{
    public PreStop? PreStop { get; set; }
}

internal sealed class PreStop
{
    public SleepAction? Sleep { get; set; }
}

internal sealed class SleepAction
{
    public long Seconds { get; set; }
}

internal sealed class ContainerPort
{
    public string Name { get; set; } = "";
    [YamlMember(Alias = "containerPort")]
    public int Number { get; set; }
}

internal sealed class EnvVar
{
    public string Name { get; set; } = "";
    public string? Value { get; set; }
    public EnvSource? ValueFrom { get; set; }
}

internal sealed class EnvSource
{
    public KeyRef? ConfigMapKeyRef { get; set; }
    public KeyRef? SecretKeyRef { get; set; }
    public FieldRef? FieldRef { get; set; }
}

internal sealed class KeyRef
{
    public string Name { get; set; } = "";
    public string Key { get; set; } = "";
    public bool Optional { get; set; }
}

internal sealed class FieldRef
{
    public string FieldPath { get; set; } = "";
}

internal sealed class EnvFrom
{
    public KeyRef? ConfigMapRef { get; set; }
    public KeyRef? SecretRef { get; set; }
}

internal sealed class VolumeMount
{
    public string Name { get; set; } = "";
    public string MountPath { get; set; } = "";
    public string? SubPath { get; set; }
    public bool ReadOnly { get; set; }
}

internal sealed class Volume
{
    public string Name { get; set; } = "";
    public EmptyDir? EmptyDir { get; set; }
    public ConfigMapVolume? ConfigMap { get; set; }
    public SecretVolume? Secret { get; set; }
    public Dictionary<string, object>? PersistentVolumeClaim { get; set; }
    public Dictionary<string, object>? Ephemeral { get; set; }
}

internal sealed class EmptyDir
{
    public string? SizeLimit { get; set; }
}

internal sealed class ConfigMapVolume
{
    public string Name { get; set; } = "";
}

internal sealed class SecretVolume
{
    public string SecretName { get; set; } = "";
}

internal sealed class Probe
{
    public HttpGet? HttpGet { get; set; }
    public GrpcProbe? Grpc { get; set; }
}

internal sealed class HttpGet
{
    public string Path { get; set; } = "/";
    public string Port { get; set; } = "";
}

internal sealed class GrpcProbe
{
    public int Port { get; set; }
    public string? Service { get; set; }
}
