using System.Text;
using RecoAspire.Topology.Reading;
using RecoAspire.Topology.Rules;

namespace RecoAspire.Topology;

/// <summary>Reads <c>topology.yaml</c>.</summary>
public static class TopologyFile
{
    /// <summary>A larger file is refused before it is read, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Reads and checks a topology.</summary>
    /// <param name="path">A YAML file.</param>
    /// <exception cref="TopologyException">It cannot be read, or is not valid: all errors, each with its path.</exception>
    public static DeploymentTopology Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes) throw new TopologyException([TooLarge]);
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
        if (Encoding.UTF8.GetByteCount(yaml) > MaxBytes) throw new TopologyException([TooLarge]);
        var errors = new TopologyErrors();
        var topology = new SourceReader(errors).Read(yaml) is { } root
            ? (DeploymentTopology?)new TopologyBinder(errors).Bind(typeof(DeploymentTopology), root, TopologyPath.Root)
            : null;
        if (topology is not null) TopologyValidation.Check(topology, errors);
        return errors.Any || topology is null ? throw new TopologyException(errors.Lines) : topology;
    }

    private static string TooLarge => $"{TopologyPath.Root}: must not be larger than {MaxBytes} bytes";
}

/// <summary>A topology that cannot be used.</summary>
public sealed class TopologyException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>What is wrong, each with its path.</summary>
    public IReadOnlyList<string> Errors => errors;
}
