using System.Text.RegularExpressions;
using RecoAspire.Publishing.Documents;
using RecoAspire.Topology;
using static RecoAspire.Publishing.Documents.Tree;

namespace RecoAspire.Publishing.Kubernetes.Services;

/// <summary>
/// What fills <c>/models</c>: a container that runs before, fetches the file that the topology pins and refuses any other content.
/// Without such a file the folder is empty, and all models come from the log.
/// </summary>
internal static partial class ModelDownload
{
    public static Map Volume => (Map)Map(("name", "models"), ("emptyDir", Map(("sizeLimit", "20Gi"))))
        .Because("Filled before the service starts where gpu.model names a file; else empty: the models that are trained here come from the log.");

    /// <summary>The container; null where no file is named.</summary>
    /// <exception cref="PublishException">The address or the hash is none.</exception>
    public static Map? Of(DeploymentTopology topology)
    {
        if (topology.Gpu.Model is not { } model) return null;
        if (!Uri.TryCreate(model.Url, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps || address.UserInfo.Length > 0)
        {
            throw new PublishException("topology.yaml: gpu.model.url: must be an https address without credentials.");
        }

        if (!Hash().IsMatch(model.Sha256)) throw new PublishException("topology.yaml: gpu.model.sha256: must be 64 hexadecimal digits.");
        var size = new Workload { Cpu = 0.5, MemoryMib = 64, MemoryLimitMib = 256 };
        return Map(
            ("name", "model"),
            ("image", topology.Images.OfEngine("curl")),
            ("command", List("/bin/sh", "-euc", Script)),
            ("env", List(Pods.Variable("MODEL_URL", model.Url), Pods.Variable("MODEL_SHA256", model.Sha256.ToLowerInvariant()))),
            ("resources", Pods.Resources(size)),
            ("securityContext", Pods.Restricted),
            ("volumeMounts", Pods.Mounts(("models", "/models"))));
    }

    // The name appears only when the content is right: a broken download leaves nothing that could be loaded.
    private const string Script =
        """
        curl --fail --silent --show-error --location --retry 5 --proto '=https' --output /models/model.next "$MODEL_URL"
        echo "$MODEL_SHA256  /models/model.next" | sha256sum -c -
        mv /models/model.next /models/model.onnx
        """;

    [GeneratedRegex(@"\A[0-9a-fA-F]{64}\z")]
    private static partial Regex Hash();
}
