using System.Runtime;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace RecoAspire.ServiceDefaults.Hosting;

/// <summary>
/// Gives memory back when a service comes to rest: after an import or a replay the heap holds room for a load that is over, and
/// without a next collection it would hold it for ever. Looks every 2 s; acts when less than 2 MB were allocated since the last look
/// and at least 6 MB since it last acted, so that a service under load is never stopped for it.
/// </summary>
internal sealed partial class IdleMemory(TimeProvider time) : BackgroundService
{
    private const long RestBytes = 2 << 20;
    private const long WorthwhileBytes = 6 << 20;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(2), time);
        var (lastLook, lastTrim) = (GC.GetTotalAllocatedBytes(), 0L);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var allocated = GC.GetTotalAllocatedBytes();
            var resting = allocated - lastLook < RestBytes;
            lastLook = allocated;
            if (!resting || allocated - lastTrim < WorthwhileBytes) continue;
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            if (OperatingSystem.IsLinux()) TrimNative();
            lastTrim = GC.GetTotalAllocatedBytes();
        }
    }

    // SQLite and the runtime allocate through the C library, which keeps what is freed. Not every C library has this.
    private static void TrimNative()
    {
        try
        {
            _ = MallocTrim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // musl gives memory back by itself.
        }
        catch (DllNotFoundException)
        {
            // As above.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint pad);
}
