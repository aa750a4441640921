using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>
/// Runs an AppHost's own entry point on a thread of its own and stops it twice: when its builder exists, and when the application is
/// built. What the description throws comes out of the waiting.
/// </summary>
internal sealed class EntryPointHook(Action<DistributedApplicationOptions> configure)
{
    private static readonly AsyncLocal<EntryPointHook?> Flowing = new();
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _described = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _application = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _build = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static EntryPointHook? Current => Flowing.Value;

    /// <summary>Completes when the entry point has described everything and wants to build.</summary>
    public async Task<DistributedApplicationBuilder> StartAsync(Assembly program, string[] args, CancellationToken cancellationToken)
    {
        var entryPoint = program.EntryPoint ?? throw new InvalidOperationException($"{program.GetName().Name} has no entry point.");
        Flowing.Value = this;
        var thread = new Thread(() => Run(entryPoint, args)) { IsBackground = true, Name = "AppHost" };
        thread.Start();
        Flowing.Value = null;
        await _described.Task.WaitAsync(cancellationToken);
        return await _builder.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Lets the entry point build.</summary>
    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _build.TrySetResult();
        return _application.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends an entry point that still waits to build.</summary>
    public void Abandon() => _build.TrySetCanceled();

    public void Constructing(DistributedApplicationOptions options) => configure(options);

    public void Constructed(DistributedApplicationBuilder builder) => _builder.TrySetResult(builder);

    public void Building()
    {
        _described.TrySetResult();
        _build.Task.GetAwaiter().GetResult();
    }

    public void Built(DistributedApplication application)
    {
        _application.TrySetResult(application);
        // The test runs the application; the entry point's own Run must not.
        throw new HostAbortedException();
    }

    private void Run(MethodInfo entryPoint, string[] args)
    {
        try
        {
            var result = entryPoint.Invoke(null, BindingFlags.DoNotWrapExceptions, null, entryPoint.GetParameters().Length == 0 ? [] : [args], null);
            (result as Task)?.GetAwaiter().GetResult();
            Fail(new InvalidOperationException("The entry point ended without building an application."));
        }
        catch (HostAbortedException)
        {
            // By Built.
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    private void Fail(Exception e)
    {
        _builder.TrySetException(e);
        _described.TrySetException(e);
        _application.TrySetException(e);
    }
}
