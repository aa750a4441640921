using Aspire.Hosting.Eventing;

namespace RecoAspire.Hosting.Running;

/// <summary>What the runners of all resources share.</summary>
internal sealed record RunnerServices(
    LaunchPlan Plan,
    HealthProbe Health,
    ResourceNotificationService Notifications,
    ResourceLoggerService Loggers,
    IDistributedApplicationEventing Eventing,
    IServiceProvider Provider,
    ConsoleLog Console,
    DistributedApplicationModel Model,
    TimeProvider Time,
    TimeSpan HealthPatience)
{
    /// <summary>Who waits for a resource, as the end of a sentence.</summary>
    public string WaitingFor(IResource resource)
    {
        var waiting = Model.Resources.Where(r => r.Annotations.OfType<WaitAnnotation>().Any(w => ReferenceEquals(w.Resource, resource))).Select(r => r.Name).ToList();
        return waiting.Count == 0 ? "" : $"; waiting for it: {string.Join(", ", waiting)}";
    }
}
