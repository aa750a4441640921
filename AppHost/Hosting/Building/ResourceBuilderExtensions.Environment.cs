namespace Aspire.Hosting;

/// <summary>What can be said about resources.</summary>
public static partial class ResourceBuilderExtensions
{
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment => builder.WithEnvironment(c => c.EnvironmentVariables[name] = value ?? "");

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, in ReferenceExpression.ExpressionInterpolatedStringHandler value)
        where T : IResourceWithEnvironment => builder.WithEnvironment(name, value.ToExpression());

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, ReferenceExpression value)
        where T : IResourceWithEnvironment => builder.WithEnvironment(c => c.EnvironmentVariables[name] = value);

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, Func<string> callback)
        where T : IResourceWithEnvironment => builder.WithEnvironment(c => c.EnvironmentVariables[name] = callback());

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, EndpointReference endpointReference)
        where T : IResourceWithEnvironment => builder.ReferTo(endpointReference.Resource).WithEnvironment(c => c.EnvironmentVariables[name] = endpointReference);

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment => builder.WithEnvironment(c => c.EnvironmentVariables[name] = parameter.Resource);

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string envVarName, IResourceBuilder<IResourceWithConnectionString> resource)
        where T : IResourceWithEnvironment => builder.ReferTo(resource.Resource).WithEnvironment(c => c.EnvironmentVariables[envVarName] = resource.Resource);

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, Action<EnvironmentCallbackContext> callback)
        where T : IResourceWithEnvironment => builder.WithEnvironment(c =>
        {
            callback(c);
            return Task.CompletedTask;
        });

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, Func<EnvironmentCallbackContext, Task> callback)
        where T : IResourceWithEnvironment => builder.WithAnnotation(new EnvironmentCallbackAnnotation(callback));

    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params string[] args)
        where T : IResourceWithArgs => builder.WithArgs([.. args.Cast<object>()]);

    /// <summary>Arguments that are strings or values that are known later.</summary>
    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params object[] args)
        where T : IResourceWithArgs => builder.WithArgs(c =>
        {
            foreach (var argument in args) c.Args.Add(argument is IResourceBuilder<IResource> { Resource: IValueProvider value } ? value : argument);
        });

    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, Action<CommandLineArgsCallbackContext> callback)
        where T : IResourceWithArgs => builder.WithArgs(c =>
        {
            callback(c);
            return Task.CompletedTask;
        });

    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, Func<CommandLineArgsCallbackContext, Task> callback)
        where T : IResourceWithArgs => builder.WithAnnotation(new CommandLineArgsCallbackAnnotation(callback));

    /// <summary>Lets a resource find another one by name: <c>services__{name}__{scheme}__{index}</c> and <c>{NAME}_{ENDPOINT}</c> for each endpoint.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment => builder.ReferTo(source.Resource).WithEnvironment(c =>
        {
            foreach (var endpoint in source.Resource.Annotations.OfType<EndpointAnnotation>()) AddReference(c, new EndpointReference(source.Resource, endpoint.Name));
        });

    /// <summary>Lets a resource find one endpoint of another one by the other's name.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment => builder.ReferTo(endpointReference.Resource).WithEnvironment(c => AddReference(c, endpointReference));

    /// <summary>Gives a resource the connection string of another one, <c>ConnectionStrings__{name}</c>, and its parts, <c>{NAME}_{PROPERTY}</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null, bool optional = false)
        where TDestination : IResourceWithEnvironment => builder.ReferTo(source.Resource).WithEnvironment(async c =>
        {
            var resource = source.Resource;
            var name = connectionName ?? resource.Name;
            if (c.ExecutionContext.IsRunMode && !optional && string.IsNullOrEmpty(await resource.GetConnectionStringAsync(c.CancellationToken)))
                throw new DistributedApplicationException($"The connection string of '{resource.Name}' is empty, and '{c.Resource.Name}' needs it.");
            c.EnvironmentVariables[resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}"] = resource;
            foreach (var (property, value) in resource.GetConnectionProperties()) c.EnvironmentVariables[$"{Encode(name)}_{property.ToUpperInvariant()}"] = value;
        });

    /// <summary>Lets a resource find something outside by name: <c>services__{name}__default__0</c> and <c>{name}</c>.</summary>
    /// <exception cref="InvalidOperationException">The address is not absolute, does not end in a slash, or has a query or fragment.</exception>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, string name, Uri uri)
        where TDestination : IResourceWithEnvironment
    {
        if (!uri.IsAbsoluteUri) throw new InvalidOperationException($"The address of '{name}' must be absolute.");
        if (!uri.AbsolutePath.EndsWith('/') || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            throw new InvalidOperationException($"The address of '{name}' must end in '/', without query or fragment.");
        return builder.WithEnvironment($"services__{name}__default__0", uri.ToString()).WithEnvironment(name, uri.ToString());
    }

    private static IResourceBuilder<T> ReferTo<T>(this IResourceBuilder<T> builder, IResource other)
        where T : IResource => builder.WithAnnotation(new ResourceRelationshipAnnotation(other, "Reference"));

    private static void AddReference(EnvironmentCallbackContext context, EndpointReference endpoint)
    {
        var name = endpoint.Resource.Name;
        var index = 0;
        while (context.EnvironmentVariables.ContainsKey($"services__{name}__{endpoint.Scheme}__{index}")) index++;
        context.EnvironmentVariables[$"services__{name}__{endpoint.Scheme}__{index}"] = endpoint;
        context.EnvironmentVariables[$"{Encode(name)}_{Encode(endpoint.EndpointName)}"] = endpoint;
    }

    private static string Encode(string name)
    {
        var encoded = string.Concat(name.ToUpperInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return char.IsAsciiDigit(encoded[0]) ? $"_{encoded}" : encoded;
    }
}
