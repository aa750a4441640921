using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace RecoAspire.Benchmarks.Capacity;

/// <summary>How much is asked for.</summary>
/// <param name="Concurrency">Requests that are under way at any time.</param>
/// <param name="Requests">Requests at most.</param>
/// <param name="Limit">Time at most; the requests that are under way then are finished.</param>
internal sealed record LoadSize(int Concurrency, int Requests, TimeSpan Limit);

/// <summary>What came back.</summary>
/// <param name="Requests">Answers with status 200.</param>
/// <param name="Failed">Other answers.</param>
/// <param name="Degraded">Answers that were made without one of the services.</param>
/// <param name="Personalised">Answers made for a viewer who is known.</param>
/// <param name="Seconds">From the first request to the last answer.</param>
/// <param name="P50Ms">Median time of an answer.</param>
/// <param name="P99Ms">99th percentile.</param>
internal sealed record LoadFigures(int Requests, int Failed, int Degraded, int Personalised, double Seconds, double P50Ms, double P99Ms)
{
    public double RequestsPerSecond => Requests / Seconds;

    /// <summary>Share of the answers, 0-1.</summary>
    public double DegradedShare => (double)Degraded / Requests;
}

/// <summary>A fixed number of clients that ask, read the whole answer, look at it and ask again.</summary>
internal static class Load
{
    /// <param name="client">Of the server that is asked.</param>
    /// <param name="path">What the n-th request asks for.</param>
    /// <param name="size">How much.</param>
    /// <param name="cancellationToken">Ends it with an exception.</param>
    /// <exception cref="InvalidOperationException">Nothing was answered.</exception>
    public static async Task<LoadFigures> RunAsync(HttpClient client, Func<int, string> path, LoadSize size, CancellationToken cancellationToken)
    {
        var next = -1;
        var (failed, degraded, personalised) = (0, 0, 0);
        var times = new ConcurrentBag<double>();
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, size.Concurrency).Select(_ => Task.Run(AskAsync, cancellationToken)));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (times.IsEmpty) throw new InvalidOperationException($"no request to {client.BaseAddress} was answered, {failed} failed");
        var sorted = times.Order().ToArray();
        return new LoadFigures(sorted.Length, failed, degraded, personalised, seconds, Percentile(sorted, 0.5), Percentile(sorted, 0.99));

        async Task AskAsync()
        {
            while (Stopwatch.GetElapsedTime(started) < size.Limit)
            {
                var number = Interlocked.Increment(ref next);
                if (number >= size.Requests) return;
                var asked = Stopwatch.GetTimestamp();
                using var response = await client.GetAsync(path(number), cancellationToken);
                var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
                var took = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
                if (!response.IsSuccessStatusCode)
                {
                    Interlocked.Increment(ref failed);
                    continue;
                }

                times.Add(took);
                using var answer = JsonDocument.Parse(body);
                if (answer.RootElement.GetProperty("degraded").GetArrayLength() > 0) Interlocked.Increment(ref degraded);
                if (answer.RootElement.TryGetProperty("strategy", out var strategy) && strategy.ValueEquals("personalised")) Interlocked.Increment(ref personalised);
            }
        }
    }

    private static double Percentile(double[] sorted, double fraction) => sorted[Math.Max(0, (int)Math.Ceiling(fraction * sorted.Length) - 1)];
}
