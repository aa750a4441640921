using Microsoft.Extensions.Hosting;

namespace RecoAspire.Hosting.Running;

/// <summary>A command line with its environment.</summary>
public sealed record Launch(string Command, IReadOnlyList<string> Arguments, string WorkingDirectory, IReadOnlyDictionary<string, string> Environment);

/// <summary>Works out how a resource is started.</summary>
public sealed class LaunchPlan(DistributedApplicationExecutionContext executionContext, IHostEnvironment environment)
{
    /// <exception cref="DistributedApplicationException">It cannot be started; the message says why and what helps.</exception>
    public async Task<Launch> PlanAsync(IResource resource, CancellationToken cancellationToken)
    {
        var (command, leading, workingDirectory) = Command(resource);
        return new Launch(
            command,
            [.. leading, .. await ArgumentsAsync(resource, cancellationToken)],
            workingDirectory,
            await EnvironmentAsync(resource, cancellationToken));
    }

    /// <summary>Variables of a resource with every value resolved.</summary>
    public async Task<Dictionary<string, string>> EnvironmentAsync(IResource resource, CancellationToken cancellationToken)
    {
        var context = new EnvironmentCallbackContext(executionContext, resource, [], cancellationToken);
        if (resource is ProjectResource) AddProjectDefaults(context.EnvironmentVariables, resource);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>()) await annotation.Callback(context);

        var resolved = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            // A shell silently drops other names, and the child would miss the variable without a word.
            if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
                throw new DistributedApplicationException($"'{resource.Name}': the variable '{name}' cannot be handed on; name resources and connections with letters and digits only.");
            resolved[name] = await ResolveAsync(value, cancellationToken);
        }

        return resolved;
    }

    private void AddProjectDefaults(Dictionary<string, object> variables, IResource resource)
    {
        variables["ASPNETCORE_ENVIRONMENT"] = environment.EnvironmentName;
        variables["DOTNET_ENVIRONMENT"] = environment.EnvironmentName;
        variables["OTEL_SERVICE_NAME"] = resource.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={Guid.NewGuid().ToString("N")[..8]}";
        variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        variables["RECO_HOSTED"] = "1";
        if (ConsoleLog.WantsColour) variables["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
        // An endpoint that tells its port by a variable of its own is not announced twice.
        var announced = resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.UriScheme is "http" or "https").ToList();
        if (announced.Count == 1 && announced[0].Name == announced[0].UriScheme)
            variables["ASPNETCORE_URLS"] = new EndpointReference((IResourceWithEndpoints)resource, announced[0].Name);
    }

    private static async Task<List<string>> ArgumentsAsync(IResource resource, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>()) await annotation.Callback(context);
        var arguments = new List<string>(context.Args.Count);
        foreach (var argument in context.Args) arguments.Add(await ResolveAsync(argument, cancellationToken));
        return arguments;
    }

    private static async Task<string> ResolveAsync(object value, CancellationToken cancellationToken) => value switch
    {
        IValueProvider provider => await provider.GetValueAsync(cancellationToken) ?? "",
        _ => value.ToString() ?? "",
    };

    private static (string Command, string[] Leading, string WorkingDirectory) Command(IResource resource)
    {
        if (resource is ExecutableResource executable)
        {
            if (!Directory.Exists(executable.WorkingDirectory))
                throw new DistributedApplicationException($"'{resource.Name}': the folder '{executable.WorkingDirectory}' does not exist.");
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

    private static string DotnetPath() => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path && File.Exists(path) ? path : "dotnet";

    private static string? Find(string command, string workingDirectory)
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
}
