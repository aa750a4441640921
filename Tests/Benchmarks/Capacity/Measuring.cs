using System.Diagnostics;

namespace RecoAspire.Benchmarks.Capacity;

/// <summary>Reads what the processes take before, while and after they are asked.</summary>
internal sealed class Measuring(Suite suite, CancellationToken cancellationToken)
{
    // A hundredth of a second is what the kernel counts in: the cheap endpoint is asked often enough for that.
    private static readonly (int Requests, TimeSpan Limit) Bare = (10_000, TimeSpan.FromSeconds(10));
    private static readonly TimeSpan SampleEvery = TimeSpan.FromMilliseconds(200);
    private readonly Dictionary<string, double> _restCores = [];
    private readonly Dictionary<string, long> _loadedBytes = [];
    private readonly Dictionary<string, long> _servingBytes = [];

    /// <summary>What they take while nobody asks.</summary>
    public async Task RestAsync(TimeSpan length)
    {
        var (before, started) = (ProcessorTimes(), Stopwatch.GetTimestamp());
        await Task.Delay(length, cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(started);
        foreach (var service in suite.Services)
        {
            _restCores[service.Name] = (service.ProcessorTime - before[service.Name]) / elapsed;
            _loadedBytes[service.Name] = service.Memory.Resident;
        }
    }

    /// <summary>One load on the suite, then the same concurrency on the bare endpoint.</summary>
    public async Task<StageFigures> StageAsync(string request, Func<int, string> path, LoadSize size, ServiceProcess bare, HttpClient bareClient)
    {
        var before = ProcessorTimes();
        var loading = Load.RunAsync(suite.Api, path, size, cancellationToken);
        while (!loading.IsCompleted)
        {
            Sample();
            await Task.WhenAny(loading, Task.Delay(SampleEvery, cancellationToken));
        }

        var load = await loading;
        var cpu = suite.Services.ToDictionary(s => s.Name, s => Microseconds(s.ProcessorTime - before[s.Name], load));

        var bareBefore = bare.ProcessorTime;
        var bareLoad = await Load.RunAsync(bareClient, path, new LoadSize(size.Concurrency, Bare.Requests, Bare.Limit), cancellationToken);
        return new StageFigures(request, size.Concurrency, load, cpu, Microseconds(bare.ProcessorTime - bareBefore, bareLoad));
    }

    /// <summary>The processes, after the last load.</summary>
    public IReadOnlyList<ServiceFigures> Services() =>
        [.. suite.Services.Reverse().Select(s => new ServiceFigures(s.Name, _restCores[s.Name], _loadedBytes[s.Name], _servingBytes[s.Name], s.Memory.Peak))];

    private static double Microseconds(TimeSpan time, LoadFigures load) => time.TotalMicroseconds / (load.Requests + load.Failed);

    private Dictionary<string, TimeSpan> ProcessorTimes() => suite.Services.ToDictionary(s => s.Name, s => s.ProcessorTime);

    private void Sample()
    {
        foreach (var service in suite.Services)
            _servingBytes[service.Name] = Math.Max(_servingBytes.GetValueOrDefault(service.Name), service.Memory.Resident);
    }
}
