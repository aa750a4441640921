using RecoAspire.Hosting.Running;

namespace Aspire.Hosting;

/// <summary>Values from outside.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter whose value is configured as <c>Parameters:{name}</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.Add(name, $"Parameters:{name}", null, secret, persist: false);

    /// <summary>Adds a parameter with a default value; <paramref name="persist"/> keeps a generated one for the next runs.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        builder.Add(name, $"Parameters:{name}", value, secret, persist);

    /// <summary>Adds a parameter with a value; the configuration, where it has one, comes first.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">The value.</param>
    /// <param name="publishValueAsDefault">The value stands in the manifest.</param>
    /// <param name="secret">Never shown.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false)
    {
        if (publishValueAsDefault && secret) throw new ArgumentException("A secret cannot be published as a default.", nameof(secret));
        return builder.Add(name, $"Parameters:{name}", new FixedDefault(value, publishValueAsDefault), secret, persist: false);
    }

    /// <summary>Adds a parameter whose value is configured under a key of its own.</summary>
    public static IResourceBuilder<ParameterResource> AddParameterFromConfiguration(this IDistributedApplicationBuilder builder, string name, string configurationKey, bool secret = false) =>
        builder.Add(name, configurationKey, null, secret, persist: false);

    /// <summary>Says what a parameter is for.</summary>
    public static IResourceBuilder<ParameterResource> WithDescription(this IResourceBuilder<ParameterResource> builder, string description, bool enableMarkdown = false)
    {
        builder.Resource.Description = description;
        return builder;
    }

    /// <summary>Adds a connection string that is configured as <c>ConnectionStrings:{name}</c>.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null) =>
        builder.AddResource(new ConfiguredConnectionString(name, environmentVariableName, new ParameterResource(
            name,
            _ => builder.Configuration[$"ConnectionStrings:{name}"]
                ?? throw new MissingParameterValueException($"The connection string '{name}' has no value: set ConnectionStrings__{name} in the environment."),
            secret: true)
        { IsConnectionString = true }));

    /// <summary>A password that is generated once and kept for the next runs.</summary>
    public static ParameterResource CreateDefaultPasswordParameter(
        IDistributedApplicationBuilder builder, string name, bool lower = true, bool upper = true, bool numeric = true, bool special = true,
        int minLower = 0, int minUpper = 0, int minNumeric = 0, int minSpecial = 0) =>
        Create(builder, name, $"Parameters:{name}", new GenerateParameterDefault
        {
            Lower = lower,
            Upper = upper,
            Numeric = numeric,
            Special = special,
            MinLower = minLower,
            MinUpper = minUpper,
            MinNumeric = minNumeric,
            MinSpecial = minSpecial,
        }, secret: true, persist: true);

    private static IResourceBuilder<ParameterResource> Add(
        this IDistributedApplicationBuilder builder, string name, string key, ParameterDefault? fallback, bool secret, bool persist) =>
        builder.AddResource(Create(builder, name, key, fallback, secret, persist));

    private static ParameterResource Create(IDistributedApplicationBuilder builder, string name, string key, ParameterDefault? fallback, bool secret, bool persist) => new(
        name,
        value => Configured(builder, key)
            ?? (persist && value is not null ? KeptParameters.In(builder).GetOrAdd(name, value.GetDefaultValue) : value?.GetDefaultValue())
            ?? throw new MissingParameterValueException($"The parameter '{name}' has no value: set {key.Replace(":", "__").Replace('-', '_')} in the environment."),
        secret)
    { Default = fallback };

    private static string? Configured(IDistributedApplicationBuilder builder, string key) =>
        builder.Configuration[key] is { Length: > 0 } value ? value : builder.Configuration[key.Replace('-', '_')] is { Length: > 0 } other ? other : null;

    /// <summary>A value that was written in the description.</summary>
    internal sealed class FixedDefault(string value, bool isPublished) : ParameterDefault
    {
        public bool IsPublished { get; } = isPublished;

        public override string GetDefaultValue() => value;
    }

    /// <summary>A connection string from the configuration.</summary>
    internal sealed class ConfiguredConnectionString(string name, string? variable, ParameterResource parameter) : Resource(name), IResourceWithConnectionString
    {
        public ParameterResource Parameter { get; } = parameter;

        public ReferenceExpression ConnectionStringExpression { get; } = ReferenceExpression.Create($"{parameter}");

        public string? ConnectionStringEnvironmentVariable { get; } = variable;
    }
}

/// <summary>Connection strings put together from other values.</summary>
public static class ConnectionStringBuilderExtensions
{
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression) =>
        builder.AddResource(new ConnectionStringResource(name, connectionStringExpression));

    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, Action<ReferenceExpressionBuilder> connectionStringBuilder)
    {
        var expression = new ReferenceExpressionBuilder();
        connectionStringBuilder(expression);
        return builder.AddConnectionString(name, expression.Build());
    }
}
