namespace RecoAspire.Hosting.Running;

/// <summary>A variable or an argument as a process gets it.</summary>
/// <param name="Name">Name of the variable; empty for an argument.</param>
/// <param name="Value">The value, in clear.</param>
/// <param name="IsSecret">It comes from a secret parameter: it is handed on and never shown.</param>
internal sealed record LaunchValue(string Name, string Value, bool IsSecret);

/// <summary>A command line with its environment.</summary>
internal sealed record Launch(string Command, IReadOnlyList<LaunchValue> Arguments, string WorkingDirectory, IReadOnlyList<LaunchValue> Environment)
{
    /// <summary>A line of shell that cleans up after a hard kill; null where killing the process is enough.</summary>
    public string? OnKill { get; init; }
}

internal static class Secrets
{
    /// <summary>True when a secret parameter is the value or a part of it.</summary>
    public static bool Contains(object value) => In(value).Any();

    /// <summary>The secret parameters that a value is made of.</summary>
    public static IEnumerable<ParameterResource> In(object value) => value switch
    {
        ParameterResource parameter => parameter.Secret ? [parameter] : [],
        IResourceWithConnectionString connection => In(connection.ConnectionStringExpression),
        // An endpoint refers to its resource, whose connection string may be secret; the address is not.
        EndpointReference or EndpointReferenceExpression => [],
        IValueWithReferences composed => composed.References.SelectMany(In),
        _ => [],
    };
}
