using RecoAspire.Publishing.Checking;
using RecoAspire.Tests;

namespace RecoAspire.Publishing.Tests.Checking;

/// <summary>The schemas that Kubernetes and the operators publish: a right set fits all, each kind of mistake is found.</summary>
public sealed class SchemaTests
{
    private static readonly Lazy<IReadOnlyList<SchemaSet>> Sets = new(() => SchemaSet.Load(RealData.Require("deploy-schemas"), RegionSet.Options.KubernetesVersions));

    [Fact]
    public void The_good_set_fits_every_version()
    {
        foreach (var set in Load())
            Assert.Empty(Errors(set, RegionSet.Text));
    }

    [Theory]
    [InlineData("      serviceAccountName: qdrant\n", "      serviceAccount: qdrant\n", "spec.template.spec.serviceAccount: is deprecated")]
    [InlineData("  replicas: 3", "  replica: 3", "spec.replica: is no field of this object")]
    [InlineData("  replicas: 3", "  replicas: \"3\"", "spec.replicas: the string '3' where integer is wanted")]
    [InlineData("  replicas: 3", "  replicas: 3000000000", "spec.replicas: '3000000000' is no int32")]
    [InlineData("              value: http://qdrant-service:6334", "              value: 6334", "spec.template.spec.containers[0].env[0].value: the integer 6334 where string is wanted")]
    [InlineData("          emptyDir: {}", "          emptyDir:", "spec.template.spec.volumes[1].emptyDir: null: leave the field out, or give it a value")]
    [InlineData("            - name: grpc\n              containerPort: 8000", "            - name: grpc", "spec.template.spec.containers[0].ports[1].containerPort: is required")]
    [InlineData("              containerPort: 8000", "              containerPort: 8080", "spec.template.spec.containers[0].ports[1]: is there twice: containerPort 8080, protocol TCP")]
    [InlineData("            storage: 100Gi", "            storage: 100GB", "spec.volumeClaimTemplates[0].spec.resources.requests.storage: '100GB' is no quantity")]
    [InlineData("kind: PodDisruptionBudget\nmetadata:\n  name: qdrant", "kind: PodDisruptionBudgets\nmetadata:\n  name: qdrant", "kind: Kubernetes 1.32 has no PodDisruptionBudgets in 'policy/v1', nor has a known operator")]
    [InlineData("apiVersion: autoscaling/v2", "apiVersion: autoscaling/v2beta2", "kind: Kubernetes 1.32 has no HorizontalPodAutoscaler in 'autoscaling/v2beta2', nor has a known operator")]
    [InlineData("    - name: http\n      port: 80\n", "    - name: http\n      port: 80000\n", "spec.listeners[0].port: 80000 is more than 65535")]
    [InlineData("  gatewayClassName: public\n  listeners:\n    - name: http\n", "  gatewayClassName: public\n  listeners:\n    - name: HTTP_\n", "spec.listeners[0].name: 'HTTP_' does not match ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    [InlineData("        property: admin-key", "        propertie: admin-key", "spec.data[0].remoteRef.propertie: is no field of this object")]
    [InlineData("kind: ExternalSecret\nmetadata:\n", "kind: ExternalSecret\nmetadata:\n  label: {}\n", "metadata.label: is no field of this object")]
    public void A_mistake_is_found_where_it_is(string old, string replacement, string error) =>
        Assert.Equal([error], Errors(Load()[0], RegionSet.Replace(old, replacement)));

    [Theory]
    [InlineData("500m", true)]
    [InlineData("1.5Gi", true)]
    [InlineData("1e3", true)]
    [InlineData("2", true)]
    [InlineData("1Kb", false)]
    [InlineData("", false)]
    [InlineData("m", false)]
    public void A_quantity_has_a_number_and_a_known_suffix(string text, bool valid) => Assert.Equal(valid, Quantity.TryParse(text, out _));

    [Theory]
    [InlineData("1Gi", 1073741824)]
    [InlineData("1G", 1000000000)]
    [InlineData("1500m", 1.5)]
    [InlineData("2k", 2000)]
    [InlineData("1e3", 1000)]
    public void Quantities_compare_across_suffixes(string text, double value)
    {
        Assert.True(Quantity.TryParse(text, out var parsed));
        Assert.Equal((decimal)value, parsed);
    }

    private static IReadOnlyList<SchemaSet> Load()
    {
        RealData.Require("deploy-schemas");
        return Sets.Value;
    }

    private static IEnumerable<string> Errors(SchemaSet set, string text)
    {
        var validator = new SchemaValidator(set);
        return YamlDocuments.Read(text).SelectMany(validator.Validate).Select(error => $"{error.Node.Path}: {error.Message}");
    }
}
