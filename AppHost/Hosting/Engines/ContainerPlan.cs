using System.Globalization;
using RecoAspire.Hosting.Running;

namespace RecoAspire.Hosting.Engines;

/// <summary>Works out how a container is started: by an engine, or as its local equivalent.</summary>
internal sealed class ContainerPlan(EngineSelection engines, DataRoot dataRoot, ToolManifest tools)
{
    /// <exception cref="DistributedApplicationException">It cannot be started here; the message says what helps.</exception>
    public async Task<Launch> PlanAsync(
        ContainerResource container, IReadOnlyList<LaunchValue> environment, Func<Task<List<LaunchValue>>> arguments, Func<IEnumerable<object>, Task<List<LaunchValue>>> resolve)
    {
        if (await engines.EngineForAsync(container) is { } engine) return Container(engine, container, environment, await arguments());

        var local = container.Annotations.OfType<LocalEquivalentAnnotation>().Last();
        await tools.DemandAsync(container.Name, local.Tool);
        var own = new List<object>();
        local.Arguments(new LocalEquivalentContext(dataRoot.Path), own);
        // The container's variables mean nothing to it, and its password must not stand in the environment twice.
        return new Launch(LaunchPlan.DotnetPath(), [.. Plain("tool", "run", local.Tool, "--"), .. await resolve(own)], tools.Folder, []);
    }

    // The engine's client stays in the foreground: its output is the container's, and a signal to it is one to the container.
    private static Launch Container(string engine, ContainerResource container, IReadOnlyList<LaunchValue> environment, List<LaunchValue> arguments)
    {
        var name = $"{container.Name}-{Environment.ProcessId}";
        var run = new List<LaunchValue>(Plain("run", "--rm", "--name", name));
        foreach (var endpoint in container.Annotations.OfType<EndpointAnnotation>())
        {
            if (endpoint.TargetPort is null)
                throw new DistributedApplicationException($"'{container.Name}': the endpoint '{endpoint.Name}' of a container must say its target port.");
            run.AddRange(Plain("-p", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{endpoint.AllocatedEndpoint!.Port}:{endpoint.TargetPort}")));
        }

        // Names only: the values go through the environment, where other users' process lists do not show them.
        foreach (var variable in environment) run.AddRange(Plain("-e", variable.Name));
        foreach (var mount in container.Annotations.OfType<ContainerMountAnnotation>())
            run.AddRange(Plain("-v", $"{(mount.Source is null ? "" : $"{mount.Source}:")}{mount.Target}{(mount.IsReadOnly ? ":ro" : "")}"));
        if (container.Entrypoint is { } entrypoint) run.AddRange(Plain("--entrypoint", entrypoint));
        foreach (var more in container.Annotations.OfType<ContainerRuntimeArgsCallbackAnnotation>()) run.AddRange(Plain([.. more.Args]));
        container.TryGetContainerImageName(out var image);
        run.AddRange(Plain(image ?? throw new DistributedApplicationException($"'{container.Name}' has no image.")));
        run.AddRange(arguments);
        return new Launch(engine, run, AppContext.BaseDirectory, environment) { OnKill = $"{engine} rm -f {name}" };
    }

    private static IEnumerable<LaunchValue> Plain(params string[] values) => values.Select(v => new LaunchValue("", v, false));
}
