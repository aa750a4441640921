using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value given from outside.</summary>
public sealed class ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
    : Resource(name), IManifestExpressionProvider, IValueProvider
{
    private readonly Lock _gate = new();
    private string? _value;

    /// <summary>What to use when nothing is configured.</summary>
    public ParameterDefault? Default { get; set; }

    /// <summary>Never shown.</summary>
    public bool Secret { get; } = secret;

    /// <summary>Stands for a connection string in a manifest.</summary>
    public bool IsConnectionString { get; set; }

    /// <summary>What it is for.</summary>
    public string? Description { get; set; }

    /// <inheritdoc/>
    public string ValueExpression => $"{{{Name}.value}}";

    /// <summary>The value: configured, else the default. It stays the same for the run.</summary>
    /// <exception cref="MissingParameterValueException">There is neither.</exception>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate) return ValueTask.FromResult<string?>(_value ??= callback(Default));
    }
}

/// <summary>A connection string put together from other values.</summary>
public sealed class ConnectionStringResource(string name, ReferenceExpression connectionStringExpression)
    : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression { get; } = connectionStringExpression;
}

/// <summary>A default value of a parameter.</summary>
public abstract class ParameterDefault
{
    public abstract string GetDefaultValue();
}

/// <summary>A random default, from the system's cryptographic source.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string Lowers = "abcdefghijkmnopqrstuvwxyz";
    private const string Uppers = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    private const string Digits = "0123456789";
    // Those that neither shells, URLs nor connection strings treat specially.
    private const string Specials = "-_.~";

    /// <summary>Length in characters, at least 1.</summary>
    public int MinLength { get; set; } = 22;

    public bool Lower { get; set; } = true;

    public bool Upper { get; set; } = true;

    public bool Numeric { get; set; } = true;

    public bool Special { get; set; } = true;

    public int MinLower { get; set; }

    public int MinUpper { get; set; }

    public int MinNumeric { get; set; }

    public int MinSpecial { get; set; }

    /// <inheritdoc/>
    public override string GetDefaultValue()
    {
        var alphabet = (Lower ? Lowers : "") + (Upper ? Uppers : "") + (Numeric ? Digits : "") + (Special ? Specials : "");
        if (alphabet.Length == 0) throw new DistributedApplicationException("A generated parameter must allow some kind of character.");
        var text = RandomNumberGenerator.GetString(Lowers, Lower ? MinLower : 0) + RandomNumberGenerator.GetString(Uppers, Upper ? MinUpper : 0)
            + RandomNumberGenerator.GetString(Digits, Numeric ? MinNumeric : 0) + RandomNumberGenerator.GetString(Specials, Special ? MinSpecial : 0);
        text += RandomNumberGenerator.GetString(alphabet, Math.Max(0, MinLength - text.Length));
        var characters = text.ToCharArray();
        RandomNumberGenerator.Shuffle(characters.AsSpan());
        return new string(characters);
    }
}
