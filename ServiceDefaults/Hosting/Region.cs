using Microsoft.Extensions.Configuration;

namespace RecoAspire.ServiceDefaults.Hosting;

/// <summary>The region that this process runs in: the environment's <c>REGION</c>, else <c>local</c>.</summary>
/// <param name="Name">1-64 characters of a-z, 0-9 and -.</param>
public sealed record Region(string Name)
{
    private const int MaxNameLength = 64;

    /// <summary>Attribute of everything that the process reports.</summary>
    internal const string ResourceAttribute = "cloud.region";

    /// <exception cref="InvalidOperationException">The name has other characters or is too long.</exception>
    internal static Region From(IConfiguration configuration)
    {
        var name = configuration["REGION"];
        if (string.IsNullOrWhiteSpace(name)) return new Region("local");
        if (name.Length <= MaxNameLength && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')) return new Region(name);
        throw new InvalidOperationException($"REGION '{name}' must have 1 to {MaxNameLength} characters of a-z, 0-9 and -.");
    }
}
