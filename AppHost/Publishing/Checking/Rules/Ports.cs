using System.Globalization;

namespace RecoAspire.Publishing.Checking.Rules;

/// <summary>Which port leads where.</summary>
internal static class Ports
{
    public static bool Has(KubernetesObject service, long port) => service.Spec["ports"].Items.Any(p => p["port"].Number == port);

    public static bool HasNamed(KubernetesObject service, string name) => service.Spec["ports"].Items.Any(p => p["name"].Text == name);

    /// <summary>A Service port's target, which is its own number where none is given.</summary>
    public static string TargetOf(YamlNode servicePort) => servicePort["targetPort"].TextOrNull ?? servicePort["port"].Text;

    public static bool Listens(Workload workload, YamlNode servicePort) =>
        Find(workload.Ports, TargetOf(servicePort), servicePort["protocol"].TextOrNull ?? "TCP") is not null;

    /// <summary>A declared port by name or number; null where there is none.</summary>
    public static ContainerPort? Find(IEnumerable<ContainerPort> ports, string nameOrNumber, string protocol) => ports.FirstOrDefault(port =>
        port.Protocol == protocol && (port.Name == nameOrNumber || port.Number.ToString(CultureInfo.InvariantCulture) == nameOrNumber));
}
