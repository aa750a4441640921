using System.Diagnostics;
using RecoAspire.Ops.Suite;
using Spectre.Console;

namespace RecoAspire.Ops.Import;

/// <summary>
/// Sends an input through the public API, catalogue first, in order, one request at a time while the next is being written.
/// Everything has been read and checked before; what has been acknowledged is not sent again.
/// </summary>
internal sealed class Importer(GatewayClient gateway, string stateFolder, TimeProvider time)
{
    private const int RequestsPerSave = 10;

    public async Task RunAsync(ImportedData data, CancellationToken cancellationToken)
    {
        var checkpoint = Checkpoint.Open(stateFolder, await LogIdAsync(cancellationToken), data.ContentHash);
        var start = checkpoint.State;
        // Positions beyond the input can only come from a damaged file; sending again is always safe.
        if (start.Items < 0 || start.Items > data.Items.Count || start.Events < 0 || start.Events > data.Events.Count) start = start with { Items = 0, Events = 0 };
        if (start.Items == data.Items.Count && start.Events == data.Events.Count)
        {
            AnsiConsole.WriteLine($"{data.Name}: already imported ({data.Items.Count:N0} items, {data.Events.Count:N0} events)");
            return;
        }

        if (start.Items > 0) AnsiConsole.WriteLine($"{data.Name}: going on after {start.Items:N0} items and {start.Events:N0} events");
        var clock = Stopwatch.StartNew();
        var duplicates = 0L;
        await Steps.RunAsync($"items of {data.Name}", async report =>
            duplicates += await SendAsync(data.Items.Count, start.Items, HttpMethod.Put, "/api/catalog/items", (w, i) => w.Items(data, i), done => checkpoint.Save(done, start.Events), report, cancellationToken));
        await Steps.RunAsync($"events of {data.Name}", async report =>
            duplicates += await SendAsync(data.Events.Count, start.Events, HttpMethod.Post, "/api/events", (w, i) => w.Events(data, i), done => checkpoint.Save(data.Items.Count, done), report, cancellationToken));

        var sent = data.Items.Count - start.Items + data.Events.Count - start.Events;
        AnsiConsole.WriteLine(
            $"{data.Name}: {data.Items.Count:N0} items and {data.Events.Count:N0} events of {data.Viewers:N0} viewers in {clock.Elapsed.TotalSeconds:0.0} s "
            + $"({sent / Math.Max(0.001, clock.Elapsed.TotalSeconds):N0}/s, {duplicates:N0} had been there)");
    }

    // A gateway that has not reached the log yet cannot say which log it is, and then no checkpoint means anything.
    private async Task<string> LogIdAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var status = await gateway.GetAsync("/api/status", cancellationToken);
            if (status.GetProperty("logId").GetString() is { Length: > 0 } id) return id;
            if (time.GetElapsedTime(started) > GatewayClient.Patience) throw new OpsException("the gateway cannot reach the event log: nothing can be imported");
            await Task.Delay(TimeSpan.FromMilliseconds(500), time, cancellationToken);
        }
    }

    private async Task<long> SendAsync(
        int count, int from, HttpMethod method, string path, Func<RequestWriter, int, (ReadOnlyMemory<byte> Body, int Next)> write, Action<int> save, Action<long, long> report, CancellationToken cancellationToken)
    {
        // Two writers take turns: one body is on its way while the next is being written.
        RequestWriter[] writers = [new(), new()];
        var duplicates = 0L;
        var acknowledged = from;
        var requests = 0;
        try
        {
            var request = acknowledged < count ? write(writers[0], acknowledged) : default;
            while (acknowledged < count)
            {
                var sending = gateway.SendAsync(method, path, request.Body, cancellationToken);
                var following = request.Next < count ? write(writers[++requests % 2], request.Next) : default;
                var answer = await sending;
                duplicates += answer.GetProperty("duplicates").GetInt64();
                acknowledged = request.Next;
                request = following;
                report(acknowledged, count);
                if (requests % RequestsPerSave == 0) save(acknowledged);
            }

            report(count, count);
            return duplicates;
        }
        finally
        {
            save(acknowledged);
        }
    }
}
