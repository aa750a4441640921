using Aspire.Hosting.Eventing;

namespace Aspire.Hosting.Eventing
{
    /// <summary>Something that happens to the application.</summary>
    public interface IDistributedApplicationEvent;

    /// <summary>Something that happens to a resource.</summary>
    public interface IDistributedApplicationResourceEvent : IDistributedApplicationEvent
    {
        IResource Resource { get; }
    }

    /// <summary>What <see cref="IDistributedApplicationEventing.Unsubscribe"/> takes back.</summary>
    public sealed class DistributedApplicationEventSubscription(Func<IDistributedApplicationEvent, CancellationToken, Task> callback)
    {
        public Func<IDistributedApplicationEvent, CancellationToken, Task> Callback { get; } = callback;
    }

    /// <summary>Lets the application's own code take part in its life.</summary>
    public interface IDistributedApplicationEventing
    {
        DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback)
            where T : IDistributedApplicationEvent;

        DistributedApplicationEventSubscription Subscribe<T>(IResource resource, Func<T, CancellationToken, Task> callback)
            where T : IDistributedApplicationResourceEvent;

        void Unsubscribe(DistributedApplicationEventSubscription subscription);

        /// <summary>Calls the subscribers one after the other; what one throws ends it.</summary>
#pragma warning disable CA1716 // Aspire's own name: AppHosts may pass it by name.
        Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default)
            where T : IDistributedApplicationEvent;
#pragma warning restore CA1716
    }

    internal sealed class DistributedApplicationEventing : IDistributedApplicationEventing
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<Type, List<DistributedApplicationEventSubscription>> _subscriptions = [];

        public DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback)
            where T : IDistributedApplicationEvent
        {
            var subscription = new DistributedApplicationEventSubscription((e, cancellationToken) => callback((T)e, cancellationToken));
            lock (_gate)
            {
                if (!_subscriptions.TryGetValue(typeof(T), out var known)) _subscriptions[typeof(T)] = known = [];
                known.Add(subscription);
            }

            return subscription;
        }

        public DistributedApplicationEventSubscription Subscribe<T>(IResource resource, Func<T, CancellationToken, Task> callback)
            where T : IDistributedApplicationResourceEvent =>
            Subscribe<T>((e, cancellationToken) => ReferenceEquals(e.Resource, resource) ? callback(e, cancellationToken) : Task.CompletedTask);

        public void Unsubscribe(DistributedApplicationEventSubscription subscription)
        {
            lock (_gate)
            {
                foreach (var known in _subscriptions.Values) known.Remove(subscription);
            }
        }

        public async Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default)
            where T : IDistributedApplicationEvent
        {
            List<DistributedApplicationEventSubscription> called;
            lock (_gate) called = _subscriptions.TryGetValue(typeof(T), out var known) ? [.. known] : [];
            foreach (var subscription in called) await subscription.Callback(@event, cancellationToken);
        }
    }
}

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>Before anything starts, also when publishing; the model may still be changed.</summary>
    public sealed class BeforeStartEvent(IServiceProvider services, DistributedApplicationModel model) : IDistributedApplicationEvent
    {
        public IServiceProvider Services { get; } = services;

        public DistributedApplicationModel Model { get; } = model;
    }

    /// <summary>Every resource is on its way.</summary>
    public sealed class AfterResourcesCreatedEvent(IServiceProvider services, DistributedApplicationModel model) : IDistributedApplicationEvent
    {
        public IServiceProvider Services { get; } = services;

        public DistributedApplicationModel Model { get; } = model;
    }

    /// <summary>The endpoints of a resource have addresses.</summary>
    public sealed class ResourceEndpointsAllocatedEvent(IResource resource, IServiceProvider services) : IDistributedApplicationResourceEvent
    {
        public IResource Resource { get; } = resource;

        public IServiceProvider Services { get; } = services;
    }

    /// <summary>The connection string of a resource can be read.</summary>
    public sealed class ConnectionStringAvailableEvent(IResource resource, IServiceProvider services) : IDistributedApplicationResourceEvent
    {
        public IResource Resource { get; } = resource;

        public IServiceProvider Services { get; } = services;
    }

    /// <summary>A resource has waited for what it waits for, and starts now.</summary>
    public sealed class BeforeResourceStartedEvent(IResource resource, IServiceProvider services) : IDistributedApplicationResourceEvent
    {
        public IResource Resource { get; } = resource;

        public IServiceProvider Services { get; } = services;
    }

    /// <summary>A resource is healthy for the first time; those who wait for it start after the subscribers are done.</summary>
    public sealed class ResourceReadyEvent(IResource resource, IServiceProvider services) : IDistributedApplicationResourceEvent
    {
        public IResource Resource { get; } = resource;

        public IServiceProvider Services { get; } = services;
    }

    /// <summary>A resource has ended.</summary>
    public sealed class ResourceStoppedEvent(IResource resource, IServiceProvider services, ResourceEvent resourceEvent) : IDistributedApplicationResourceEvent
    {
        public IResource Resource { get; } = resource;

        public IServiceProvider Services { get; } = services;

        public ResourceEvent ResourceEvent { get; } = resourceEvent;
    }
}

namespace Aspire.Hosting
{
    /// <summary>Events of one resource, said where it is described.</summary>
    public static class DistributedApplicationEventingExtensions
    {
        public static IResourceBuilder<T> OnResourceEndpointsAllocated<T>(this IResourceBuilder<T> builder, Func<T, ResourceEndpointsAllocatedEvent, CancellationToken, Task> callback)
            where T : IResourceWithEndpoints => builder.On(callback);

        public static IResourceBuilder<T> OnConnectionStringAvailable<T>(this IResourceBuilder<T> builder, Func<T, ConnectionStringAvailableEvent, CancellationToken, Task> callback)
            where T : IResourceWithConnectionString => builder.On(callback);

        public static IResourceBuilder<T> OnBeforeResourceStarted<T>(this IResourceBuilder<T> builder, Func<T, BeforeResourceStartedEvent, CancellationToken, Task> callback)
            where T : IResource => builder.On(callback);

        public static IResourceBuilder<T> OnResourceReady<T>(this IResourceBuilder<T> builder, Func<T, ResourceReadyEvent, CancellationToken, Task> callback)
            where T : IResource => builder.On(callback);

        public static IResourceBuilder<T> OnResourceStopped<T>(this IResourceBuilder<T> builder, Func<T, ResourceStoppedEvent, CancellationToken, Task> callback)
            where T : IResource => builder.On(callback);

        private static IResourceBuilder<T> On<T, TEvent>(this IResourceBuilder<T> builder, Func<T, TEvent, CancellationToken, Task> callback)
            where T : IResource
            where TEvent : IDistributedApplicationResourceEvent
        {
            builder.ApplicationBuilder.Eventing.Subscribe<TEvent>(builder.Resource, (e, cancellationToken) => callback(builder.Resource, e, cancellationToken));
            return builder;
        }
    }
}
