using Microsoft.Extensions.Hosting;

namespace RecoAspire.Hosting.Running;

/// <summary>
/// Gives memory back when the services come to rest: the AppHost receives their telemetry all the time, a little of it, and would
/// hold the room that a load once needed. Looks every 5 s; acts when little was allocated since the last look and much since it last acted.
/// </summary>
internal sealed class RestingMemory(TimeProvider time) : BackgroundService
{
    private const long RestBytesPerLook = 20 << 20;
    private const long WorthwhileBytes = 24 << 20;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(5), time);
        var (lastLook, lastTrim) = (GC.GetTotalAllocatedBytes(), 0L);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var allocated = GC.GetTotalAllocatedBytes();
            var resting = allocated - lastLook < RestBytesPerLook;
            lastLook = allocated;
            if (!resting || allocated - lastTrim < WorthwhileBytes) continue;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            lastTrim = GC.GetTotalAllocatedBytes();
        }
    }
}
