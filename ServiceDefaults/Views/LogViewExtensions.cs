using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.ServiceDefaults.Hosting;
using RecoAspire.ServiceDefaults.Rpc;

namespace RecoAspire.ServiceDefaults.Views;

/// <summary>Registration of views.</summary>
public static class LogViewExtensions
{
    /// <summary>
    /// Registers the client of the log (service name <c>eventlog</c>) and <see cref="LogWriter"/>. Appends have 5 s.
    /// </summary>
    public static WebApplicationBuilder AddEventLogClient(this WebApplicationBuilder builder)
    {
        if (builder.Services.All(s => s.ServiceType != typeof(EventLogService.EventLogServiceClient)))
            builder.AddServiceGrpcClient<EventLogService.EventLogServiceClient>("eventlog", deadlineMs: 5_000);
        builder.Services.TryAddSingleton<LogWriter>();
        return builder;
    }

    /// <summary>
    /// Registers <typeparamref name="TView"/> (a singleton), keeps it up to date with the log, and makes it part of
    /// readiness. Map <see cref="ViewApi"/> with <c>app.MapGrpcService&lt;ViewApi&gt;()</c>.
    /// </summary>
    /// <param name="builder">The service's builder.</param>
    /// <param name="mustCatchUp">Not ready before the view has caught up once: for views that are not persisted.</param>
    public static WebApplicationBuilder AddLogView<TView>(this WebApplicationBuilder builder, bool mustCatchUp)
        where TView : class, ILogView
    {
        builder.AddEventLogClient();
        builder.Services.TryAddSingleton<TView>();
        builder.Services.AddKeyedSingleton(typeof(TView), (provider, _) => new LogViewRunner(
            provider.GetRequiredService<TView>(),
            provider.GetRequiredService<EventLogService.EventLogServiceClient>(),
            mustCatchUp,
            provider.GetRequiredService<Region>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddSingleton(provider => provider.GetRequiredKeyedService<LogViewRunner>(typeof(TView)));
        builder.Services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<LogViewRunner>(typeof(TView)));
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            $"view {typeof(TView).Name}", provider => provider.GetRequiredKeyedService<LogViewRunner>(typeof(TView)), HealthStatus.Unhealthy, ["ready"]));
        return builder;
    }

    /// <summary>The runner that keeps <typeparamref name="TView"/>.</summary>
    public static LogViewRunner GetLogViewRunner<TView>(this IServiceProvider provider)
        where TView : class, ILogView => provider.GetRequiredKeyedService<LogViewRunner>(typeof(TView));
}
