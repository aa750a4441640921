using System.Diagnostics;
using static System.FormattableString;

namespace RecoAspire.Benchmarks.Capacity;

/// <summary>A kind of request, and the server that answers it with bytes that are ready.</summary>
/// <param name="Request">What is asked, without its parameters.</param>
/// <param name="Path">What the n-th request asks for.</param>
/// <param name="Bare">That server; it ends with the suite.</param>
/// <param name="BareClient">Its client.</param>
internal sealed record Comparison(string Request, Func<int, string> Path, ServiceProcess Bare, HttpClient BareClient) : IDisposable
{
    public void Dispose() => BareClient.Dispose();
}

/// <summary>Reads what the processes take before, while and after they are asked.</summary>
internal sealed class Measuring(Suite suite, CancellationToken cancellationToken)
{
    // A hundredth of a second is what the kernel counts in: the cheap endpoint is asked often enough for that.
    private static readonly (int Requests, TimeSpan Limit) Bare = (30_000, TimeSpan.FromSeconds(10));
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

    /// <summary>Asks until everything is compiled, and starts the server that answers as the gateway does.</summary>
    public async Task<Comparison> WarmUpAsync(string request, Func<int, string> path, LoadSize size)
    {
        await Console.Error.WriteLineAsync($"{request}: warming up");
        await Load.RunAsync(suite.Api, path, size, cancellationToken);
        var (process, client) = await suite.StartBareAsync(await suite.Api.GetByteArrayAsync(path(0), cancellationToken), cancellationToken);
        await Load.RunAsync(client, path, new LoadSize(size.Concurrency, Bare.Requests, Bare.Limit), cancellationToken);
        return new Comparison(request, path, process, client);
    }

    /// <summary>One load on the suite, then the same concurrency on the bare endpoint.</summary>
    public async Task<StageFigures> StageAsync(Comparison what, LoadSize size)
    {
        await Console.Error.WriteLineAsync(Invariant($"{what.Request}, {size.Concurrency} at once"));
        var before = ProcessorTimes();
        var loading = Load.RunAsync(suite.Api, what.Path, size, cancellationToken);
        while (!loading.IsCompleted)
        {
            Sample();
            await Task.WhenAny(loading, Task.Delay(SampleEvery, cancellationToken));
        }

        var load = await loading;
        var cpu = suite.Services.ToDictionary(s => s.Name, s => Microseconds(s.ProcessorTime - before[s.Name], load));

        var bareBefore = what.Bare.ProcessorTime;
        var bareLoad = await Load.RunAsync(what.BareClient, what.Path, new LoadSize(size.Concurrency, Bare.Requests, Bare.Limit), cancellationToken);
        return new StageFigures(what.Request, size.Concurrency, load, cpu, Microseconds(what.Bare.ProcessorTime - bareBefore, bareLoad));
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
