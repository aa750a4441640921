using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace RecoAspire.Topology;

/// <summary>Reads <c>topology.yaml</c>.</summary>
public static class TopologyFile
{
    /// <summary>Reads and checks a topology.</summary>
    /// <param name="path">A YAML file.</param>
    /// <exception cref="TopologyException">It cannot be read, or is not valid: all errors, each with its path.</exception>
    public static DeploymentTopology Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TopologyException([$"{path}: {e.Message}"]);
        }
    }

    /// <summary>Reads and checks a topology's text.</summary>
    /// <exception cref="TopologyException">It is not valid: all errors, each with its path.</exception>
    public static DeploymentTopology Parse(string yaml)
    {
        try
        {
            return new DeserializerBuilder()
                .WithNamingConvention(UnderscoredNamingConvention.Instance)
                .WithEnumNamingConvention(UnderscoredNamingConvention.Instance)
                .WithEnforceRequiredMembers()
                .WithTypeMapping<IReadOnlyList<string>, List<string>>()
                .WithTypeMapping<IReadOnlyList<Region>, List<Region>>()
                .WithTypeMapping<IReadOnlyList<RegionService>, List<RegionService>>()
                .WithTypeMapping<IReadOnlyList<StorageClass>, List<StorageClass>>()
                .WithTypeMapping<IReadOnlyList<NodePool>, List<NodePool>>()
                .WithTypeMapping<IReadOnlyDictionary<string, string>, Dictionary<string, string>>()
                .WithTypeMapping<IReadOnlyDictionary<string, double>, Dictionary<string, double>>()
                .WithTypeMapping<IReadOnlyDictionary<string, Replication>, Dictionary<string, Replication>>()
                .WithTypeMapping<IReadOnlyDictionary<string, RecoveryObjective>, Dictionary<string, RecoveryObjective>>()
                .WithTypeMapping<IReadOnlyDictionary<string, ImageName>, Dictionary<string, ImageName>>()
                .WithTypeMapping<IReadOnlyDictionary<string, Workload>, Dictionary<string, Workload>>()
                .WithTypeMapping<IReadOnlyDictionary<string, Price>, Dictionary<string, Price>>()
                .Build()
                .Deserialize<DeploymentTopology>(yaml);
        }
        catch (YamlException e)
        {
            throw new TopologyException([$"line {e.Start.Line}: {e.InnerException?.Message ?? e.Message}"]);
        }
    }
}

/// <summary>A topology that cannot be used.</summary>
public sealed class TopologyException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>What is wrong, each with its path.</summary>
    public IReadOnlyList<string> Errors => errors;
}
