using RecoAspire.Hosting.Dashboard.Telemetry;

namespace RecoAspire.Hosting.Dashboard;

/// <summary>
/// Keeps the AppHost below its ceiling of resident memory. The limits of the stores do it in ordinary times; this is for what they
/// cannot see: fragmentation, and requests that are being read. Above the ceiling half of the telemetry goes.
/// </summary>
internal sealed class MemoryCeiling(TelemetryStore store, long ceilingBytes)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // The runtime lets as much garbage gather as fits the processor's cache, easily 25 MB. What arrives here lives for one request or for
    // long: looking after it more often costs next to nothing and keeps the process small.
    private const long GarbageBytes = 4 << 20;
    private long _allocated;

    /// <summary>How often telemetry was thrown away for memory.</summary>
    public int Times { get; private set; }

    public async Task WatchAsync(TimeProvider time, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                Check(Environment.WorkingSet);
                Tidy();
            }
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

    private void Tidy()
    {
        var allocated = GC.GetTotalAllocatedBytes();
        if (allocated - _allocated < GarbageBytes) return;
        _allocated = allocated;
        GC.Collect(0);
    }
}
