using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace RecoAspire.ServiceDefaults.Telemetry;

/// <summary>Puts the counting of requests before everything else in the pipeline. Probes and scrapes do not count.</summary>
internal sealed class RequestRateFilter : IStartupFilter
{
    private readonly RequestRate _rate;

    public RequestRateFilter(RequestRate rate)
    {
        _rate = rate;
        TelemetryExtensions.Meter.CreateObservableGauge(MetricNames.HttpRequestsPerSecond, rate.PerSecond);
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, following) =>
        {
            try
            {
                await following(context);
            }
            finally
            {
                if (!TelemetryExtensions.IsProbe(context.Request.Path)) _rate.Count();
            }
        });
        next(app);
    };
}
