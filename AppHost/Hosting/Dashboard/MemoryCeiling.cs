using RecoAspire.Hosting.Dashboard.Telemetry;

namespace RecoAspire.Hosting.Dashboard;

/// <summary>
/// Keeps the AppHost below its ceiling of resident memory. The limits of the stores do it in ordinary times; this is for what they
/// cannot see: fragmentation, and requests that are being read. Above the ceiling half of the telemetry goes.
/// </summary>
internal sealed class MemoryCeiling(TelemetryStore store, long ceilingBytes)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How often telemetry was thrown away for memory.</summary>
    public int Times { get; private set; }

    public async Task WatchAsync(TimeProvider time, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping)) Check(Environment.WorkingSet);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The AppHost stops.
        }
    }

    /// <summary>Acts on a measurement.</summary>
    public void Check(long residentBytes)
    {
        if (residentBytes <= ceilingBytes) return;
        Times++;
        store.Halve();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
