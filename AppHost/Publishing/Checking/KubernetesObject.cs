namespace RecoAspire.Publishing.Checking;

/// <summary>A document that is a Kubernetes object.</summary>
internal sealed class KubernetesObject(YamlNode root)
{
    // Kinds without a namespace, of Kubernetes and of the operators whose objects a set can hold.
    private static readonly HashSet<string> ClusterKinds =
    [
        "APIService", "CSIDriver", "ClusterExternalSecret", "ClusterIssuer", "ClusterRole", "ClusterRoleBinding", "ClusterSecretStore",
        "ClusterTriggerAuthentication", "ComputeClass", "CustomResourceDefinition", "EC2NodeClass", "FlowSchema", "GatewayClass", "IngressClass",
        "MutatingWebhookConfiguration", "Namespace", "Node", "NodeClaim", "NodePool", "PersistentVolume", "PriorityClass",
        "PriorityLevelConfiguration", "RuntimeClass", "StorageClass", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration", "VolumeSnapshotClass", "VolumeSnapshotContent", "VolumeAttributesClass",
    ];

    public YamlNode Root => root;

    public string ApiVersion { get; } = root["apiVersion"].Text;

    public string Kind { get; } = root["kind"].Text;

    public string Name { get; } = root["metadata"]["name"].Text;

    /// <summary>Empty where none is given.</summary>
    public string Namespace { get; } = root["metadata"]["namespace"].Text;

    public YamlNode Spec => root["spec"];

    public YamlNode this[string key] => root[key];

    public bool IsClusterScoped => ClusterKinds.Contains(Kind);

    /// <summary>What makes it one object: its group without the version, kind, namespace and name.</summary>
    public string Identity => $"{(ApiVersion.Contains('/') ? ApiVersion[..ApiVersion.IndexOf('/')] : "")}/{Kind}/{Namespace}/{Name}";

    public override string ToString() => Namespace.Length == 0 ? $"{Kind} {Name}" : $"{Kind} {Namespace}/{Name}";
}
