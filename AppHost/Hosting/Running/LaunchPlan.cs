using Microsoft.Extensions.Hosting;
using RecoAspire.Hosting.Engines;

namespace RecoAspire.Hosting.Running;

/// <summary>Works out how a resource is started.</summary>
internal sealed class LaunchPlan(
    DistributedApplicationExecutionContext executionContext, IHostEnvironment environment, OtlpTarget otlp, ContainerPlan containers, ResourceLoggerService loggers)
{
    /// <exception cref="DistributedApplicationException">It cannot be started; the message says why and what helps.</exception>
    public async Task<Launch> PlanAsync(IResource resource, int replica, CancellationToken cancellationToken)
    {
        var context = new ValueProviderContext { ExecutionContext = executionContext, Caller = resource, Replica = replica };
        var variables = await EnvironmentAsync(resource, context, cancellationToken);
        if (resource is ContainerResource container)
        {
            return await containers.PlanAsync(
                container, variables, () => ArgumentsAsync(container, context, cancellationToken), values => ResolveAllAsync(values, context, cancellationToken));
        }

        var (command, leading, workingDirectory) = Command(resource);
        return new Launch(
            command,
            [.. leading.Select(a => new LaunchValue("", a, false)), .. await ArgumentsAsync(resource, context, cancellationToken)],
            workingDirectory,
            variables);
    }

    /// <summary>Path of a program; null = not found.</summary>
    public static string? Find(string command, string workingDirectory)
    {
        if (command.Contains(Path.DirectorySeparatorChar))
        {
            var path = Path.GetFullPath(Path.Combine(workingDirectory, command));
            return File.Exists(path) ? path : null;
        }

        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => new[] { Path.Combine(folder, command), Path.Combine(folder, $"{command}.exe") })
            .FirstOrDefault(File.Exists);
    }

    public static string DotnetPath() => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path && File.Exists(path) ? path : "dotnet";

    private async Task<List<LaunchValue>> EnvironmentAsync(IResource resource, ValueProviderContext context, CancellationToken cancellationToken)
    {
        var callback = new EnvironmentCallbackContext(executionContext, resource, [], cancellationToken) { Logger = loggers.GetLogger(resource) };
        if (resource is ProjectResource) AddProjectDefaults(callback.EnvironmentVariables, resource);
        if (resource.Annotations.OfType<OtlpExporterAnnotation>().Any()) otlp.AddTo(callback.EnvironmentVariables, resource, environment);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>()) await annotation.Callback(callback);

        var resolved = new List<LaunchValue>(callback.EnvironmentVariables.Count);
        foreach (var (name, value) in callback.EnvironmentVariables)
        {
            // A shell silently drops other names, and the child would miss the variable without a word.
            if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
                throw new DistributedApplicationException($"'{resource.Name}': the variable '{name}' cannot be handed on; name resources and connections with letters and digits only.");
            resolved.Add(await ResolveAsync(name, value, context, cancellationToken));
        }

        return resolved;
    }

    private void AddProjectDefaults(Dictionary<string, object> variables, IResource resource)
    {
        variables["ASPNETCORE_ENVIRONMENT"] = environment.EnvironmentName;
        variables["DOTNET_ENVIRONMENT"] = environment.EnvironmentName;
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        variables["RECO_HOSTED"] = "1";
        // The dashboard shows colours also where the terminal does not.
        variables["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
        // An endpoint that tells its port by a variable of its own is not announced twice.
        var announced = resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.UriScheme is "http" or "https").ToList();
        if (announced.Count == 1 && announced[0].Name == announced[0].UriScheme)
        {
            var port = new EndpointReference((IResourceWithEndpoints)resource, announced[0].Name).Property(EndpointProperty.TargetPort);
            variables["ASPNETCORE_URLS"] = ReferenceExpression.Create($"{announced[0].UriScheme}://127.0.0.1:{port}");
        }
    }

    private async Task<List<LaunchValue>> ArgumentsAsync(IResource resource, ValueProviderContext context, CancellationToken cancellationToken)
    {
        var callback = new CommandLineArgsCallbackContext([], cancellationToken) { ExecutionContext = executionContext };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>()) await annotation.Callback(callback);
        return await ResolveAllAsync(callback.Args, context, cancellationToken);
    }

    private async Task<List<LaunchValue>> ResolveAllAsync(IEnumerable<object> values, ValueProviderContext context, CancellationToken cancellationToken)
    {
        var resolved = new List<LaunchValue>();
        foreach (var value in values) resolved.Add(await ResolveAsync("", value, context, cancellationToken));
        return resolved;
    }

    private async Task<LaunchValue> ResolveAsync(string name, object value, ValueProviderContext context, CancellationToken cancellationToken)
    {
        var text = value is IValueProvider provider ? await provider.GetValueAsync(context, cancellationToken) ?? "" : value.ToString() ?? "";
        var secrets = Secrets.In(value).ToList();
        foreach (var secret in secrets) loggers.AddSecret(await secret.GetValueAsync(cancellationToken) ?? "");
        return new LaunchValue(name, text, secrets.Count > 0);
    }

    private static (string Command, string[] Leading, string WorkingDirectory) Command(IResource resource)
    {
        if (resource is ExecutableResource executable)
        {
            if (!Directory.Exists(executable.WorkingDirectory))
                throw new DistributedApplicationException($"'{resource.Name}': the folder '{executable.WorkingDirectory}' does not exist; create it or change the resource's working directory.");
            if (Find(executable.Command, executable.WorkingDirectory) is not { } path)
                throw new DistributedApplicationException($"'{resource.Name}': the program '{executable.Command}' was not found; install it or put it on the PATH.");
            return (path, [], executable.WorkingDirectory);
        }

        var metadata = resource.Annotations.OfType<ProjectMetadataAnnotation>().Last().Metadata;
        var assembly = metadata is IProjectAssembly built ? built.AssemblyPath : ByConvention(metadata.ProjectPath);
        if (!File.Exists(assembly))
            throw new DistributedApplicationException($"'{resource.Name}': '{assembly}' has not been built; run 'dotnet build' first.");
        return (DotnetPath(), ["exec", assembly], Path.GetDirectoryName(metadata.ProjectPath)!);
    }

    // The same configuration and framework as the AppHost itself, which were built together.
    private static string ByConvention(string projectPath)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(
            Path.GetDirectoryName(projectPath)!, "bin", output.Parent?.Name ?? "Debug", output.Name, $"{Path.GetFileNameWithoutExtension(projectPath)}.dll");
    }
}
