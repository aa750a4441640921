using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RecoAspire.Hosting.Publishing;

/// <summary>
/// Writes the application as <c>aspire-manifest.json</c>, the official format (schema aspire-8.0): what other tools deploy from. Values that
/// are known only after deployment stand as placeholders; secrets are inputs that the deployer generates or asks for.
/// </summary>
internal sealed class ManifestWriter(DistributedApplicationExecutionContext executionContext, string folder)
{
    private const int FirstFurtherPort = 8000;
    private static readonly JsonWriterOptions Format = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };
    // What is only referred to (generated passwords) follows after the model.
    private readonly Queue<ParameterResource> _further = new();
    private readonly HashSet<string> _written = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<string> _uriEncoded = new(StringComparer.Ordinal);

    public async Task<string> WriteAsync(DistributedApplicationModel model, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Format))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json.schemastore.org/aspire-8.0.json");
            json.WriteStartObject("resources");
            foreach (var resource in model.Resources.Where(r => !r.IsExcludedFromPublish())) _written.Add(resource.Name);
            foreach (var resource in model.Resources.Where(r => !r.IsExcludedFromPublish())) await WriteAsync(json, resource, cancellationToken);
            while (_further.TryDequeue(out var parameter)) WriteParameter(json, parameter);
            foreach (var parameter in _uriEncoded)
            {
                json.WriteStartObject($"{parameter}-uri-encoded");
                json.WriteString("type", "annotated.string");
                json.WriteString("value", $"{{{parameter}.value}}");
                json.WriteString("filter", "uri");
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n";
    }

    private async Task WriteAsync(Utf8JsonWriter json, IResource resource, CancellationToken cancellationToken)
    {
        if (resource is ParameterResource parameter)
        {
            WriteParameter(json, parameter);
            return;
        }

        if (resource is ParameterResourceBuilderExtensions.ConfiguredConnectionString configured)
        {
            WriteParameter(json, configured.Parameter);
            return;
        }

        json.WriteStartObject(resource.Name);
        switch (resource)
        {
            case ProjectResource:
                json.WriteString("type", "project.v0");
                json.WriteString("path", Relative(resource.Annotations.OfType<ProjectMetadataAnnotation>().Last().Metadata.ProjectPath));
                await WriteArgumentsAsync(json, resource, cancellationToken);
                break;
            case ContainerResource container:
                json.WriteString("type", "container.v0");
                if (container is IResourceWithConnectionString connection) json.WriteString("connectionString", Expression(connection.ConnectionStringExpression));
                container.TryGetContainerImageName(out var image);
                json.WriteString("image", image ?? throw new DistributedApplicationException($"'{container.Name}' has no image."));
                if (container.Entrypoint is { } entrypoint) json.WriteString("entrypoint", entrypoint);
                await WriteArgumentsAsync(json, resource, cancellationToken);
                WriteMounts(json, container);
                break;
            case ExecutableResource executable:
                json.WriteString("type", "executable.v0");
                json.WriteString("workingDirectory", Relative(executable.WorkingDirectory));
                json.WriteString("command", executable.Command);
                await WriteArgumentsAsync(json, resource, cancellationToken);
                break;
            case IResourceWithConnectionString value:
                json.WriteString("type", "value.v0");
                json.WriteString("connectionString", Expression(value.ConnectionStringExpression));
                break;
            default:
                json.WriteString("error", "This resource does not support generation in the manifest.");
                break;
        }

        if (resource is IComputeResource)
        {
            await WriteEnvironmentAsync(json, resource, cancellationToken);
            WriteBindings(json, resource);
        }

        json.WriteEndObject();
    }

    private static void WriteParameter(Utf8JsonWriter json, ParameterResource parameter)
    {
        json.WriteStartObject(parameter.Name);
        json.WriteString("type", "parameter.v0");
        if (parameter.IsConnectionString) json.WriteString("connectionString", $"{{{parameter.Name}.value}}");
        json.WriteString("value", $"{{{parameter.Name}.inputs.value}}");
        json.WriteStartObject("inputs");
        json.WriteStartObject("value");
        json.WriteString("type", "string");
        if (parameter.Secret) json.WriteBoolean("secret", true);
        if (parameter.Default is GenerateParameterDefault generated)
        {
            json.WriteStartObject("default");
            json.WriteStartObject("generate");
            json.WriteNumber("minLength", generated.MinLength);
            foreach (var (name, allowed) in (ReadOnlySpan<(string, bool)>)[("lower", generated.Lower), ("upper", generated.Upper), ("numeric", generated.Numeric), ("special", generated.Special)])
            {
                if (!allowed) json.WriteBoolean(name, false);
            }

            foreach (var (name, least) in (ReadOnlySpan<(string, int)>)[("minLower", generated.MinLower), ("minUpper", generated.MinUpper), ("minNumeric", generated.MinNumeric), ("minSpecial", generated.MinSpecial)])
            {
                if (least > 0) json.WriteNumber(name, least);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }
        else if (parameter.Default is ParameterResourceBuilderExtensions.FixedDefault { IsPublished: true } fixedDefault)
        {
            json.WriteStartObject("default");
            json.WriteString("value", fixedDefault.GetDefaultValue());
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private async Task WriteArgumentsAsync(Utf8JsonWriter json, IResource resource, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], cancellationToken) { ExecutionContext = executionContext };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>()) await annotation.Callback(context);
        if (context.Args.Count == 0) return;
        json.WriteStartArray("args");
        foreach (var argument in context.Args) json.WriteStringValue(Expression(argument));
        json.WriteEndArray();
    }

    private async Task WriteEnvironmentAsync(Utf8JsonWriter json, IResource resource, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(executionContext, resource, [], cancellationToken);
        if (resource is ProjectResource project) AddProjectDefaults(context.EnvironmentVariables, project);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>()) await annotation.Callback(context);
        if (context.EnvironmentVariables.Count == 0) return;
        json.WriteStartObject("env");
        foreach (var (name, value) in context.EnvironmentVariables) json.WriteString(name, Expression(value));
        json.WriteEndObject();
    }

    private static void AddProjectDefaults(Dictionary<string, object> variables, ProjectResource project)
    {
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        var http = project.GetEndpoints().Where(e => e.IsHttp).ToList();
        if (http.Count == 0) return;
        variables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
        variables["HTTP_PORTS"] = string.Join(';', http.Select(e => e.Property(EndpointProperty.TargetPort).ValueExpression));
    }

    private static void WriteBindings(Utf8JsonWriter json, IResource resource)
    {
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToList();
        if (endpoints.Count == 0) return;
        json.WriteStartObject("bindings");
        var further = FirstFurtherPort;
        var chosenByDeployer = new HashSet<string>();
        foreach (var endpoint in endpoints)
        {
            json.WriteStartObject(endpoint.Name);
            json.WriteString("scheme", endpoint.UriScheme);
            json.WriteString("protocol", endpoint.Protocol.ToString().ToLowerInvariant());
            json.WriteString("transport", endpoint.Transport);
            // The deployer chooses the port of a project's first http and https endpoint; further ones get numbers.
            var targetPort = endpoint.TargetPort;
            if (targetPort is null && !(resource is ProjectResource && endpoint.UriScheme is "http" or "https" && chosenByDeployer.Add(endpoint.UriScheme))) targetPort = further++;
            if (endpoint.Port is { } port && port != targetPort) json.WriteNumber("port", port);
            if (targetPort is { } target) json.WriteNumber("targetPort", target);
            if (endpoint.IsExternal) json.WriteBoolean("external", true);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WriteMounts(Utf8JsonWriter json, ContainerResource container)
    {
        var binds = container.Annotations.OfType<ContainerMountAnnotation>().Where(m => m.Type == ContainerMountType.BindMount).ToList();
        if (binds.Count > 0)
        {
            json.WriteStartArray("bindMounts");
            foreach (var mount in binds)
            {
                json.WriteStartObject();
                json.WriteString("source", Relative(mount.Source!));
                json.WriteString("target", mount.Target);
                json.WriteBoolean("readOnly", mount.IsReadOnly);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        var volumes = container.Annotations.OfType<ContainerMountAnnotation>().Where(m => m.Type == ContainerMountType.Volume).ToList();
        if (volumes.Count == 0) return;
        json.WriteStartArray("volumes");
        foreach (var volume in volumes)
        {
            json.WriteStartObject();
            // The format demands a name, also where an engine would invent one.
            json.WriteString("name", volume.Source ?? $"{container.Name}{string.Concat(volume.Target.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).TrimEnd('-')}");
            json.WriteString("target", volume.Target);
            json.WriteBoolean("readOnly", volume.IsReadOnly);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private string Expression(object value)
    {
        Note(value);
        return value is IManifestExpressionProvider provider ? provider.ValueExpression : value.ToString() ?? "";
    }

    // Walks through what a value is made of: parameters outside the model must be written too.
    private void Note(object value)
    {
        if (value is ParameterResource parameter && _written.Add(parameter.Name)) _further.Enqueue(parameter);
        if (value is ReferenceExpression expression)
        {
            for (var i = 0; i < expression.ValueProviders.Count; i++)
            {
                if (expression.StringFormats[i] is not null && expression.ValueProviders[i] is ParameterResource encoded) _uriEncoded.Add(encoded.Name);
                Note(expression.ValueProviders[i]);
            }
        }
        else if (value is IResourceWithConnectionString connection)
        {
            Note(connection.ConnectionStringExpression);
        }
    }

    private string Relative(string path) => Path.GetRelativePath(folder, path).Replace('\\', '/');
}
