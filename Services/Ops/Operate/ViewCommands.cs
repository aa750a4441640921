using System.CommandLine;
using Grpc.Core;
using RecoAspire.Contracts.View.V1;
using RecoAspire.Ops.Suite;
using Spectre.Console;

namespace RecoAspire.Ops.Operate;

/// <summary><c>rebuild</c>, <c>digest</c> and <c>wait</c>: every store is a view of the log.</summary>
internal static class ViewCommands
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2.5);

    public static Command Rebuild(SuiteOptions suite)
    {
        var name = new Argument<string>("view") { Description = "profiles, graph, vectors, models, training-data, text-catalog, gateway-catalog, gateway-viewers; or all" };
        var command = new Command("rebuild", "Empties a view and replays the log into it") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var run = suite.RunOf(parsed);
            using var views = new Views(run);
            var wanted = parsed.GetValue(name)!;
            var chosen = wanted == "all"
                ? (await views.AllAsync(cancellationToken)).Select(v => (v.View, v.Client)).ToList()
                : [(wanted, await views.FindAsync(wanted, cancellationToken))];
            foreach (var (view, client) in chosen) await RebuildAsync(view, client, run.AdminKey, cancellationToken);
            return 0;
        });
        return command;
    }

    public static Command Digest(SuiteOptions suite)
    {
        var command = new Command("digest", "Prints a digest of every view: equal content gives equal digests");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var views = new Views(suite.RunOf(parsed));
            foreach (var (service, view, client) in await views.AllAsync(cancellationToken))
            {
                var digest = await client.GetDigestAsync(new GetDigestRequest { View = view }, deadline: DateTime.UtcNow.AddMinutes(1), cancellationToken: cancellationToken);
                Console.WriteLine($"{digest.Sha256}  {service}/{view}  {digest.Entries} entries");
            }

            return 0;
        });
        return command;
    }

    public static Command Wait(SuiteOptions suite)
    {
        var seconds = new Option<int>("--timeout-seconds") { Description = "Give up after so long, 1-3600", DefaultValueFactory = _ => 120 };
        var command = new Command("wait", "Waits until every view has caught up with the log and nothing moves any more") { seconds };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var views = new Views(suite.RunOf(parsed));
            if (parsed.GetValue(seconds) is < 1 or > 3_600) throw new OpsException("--timeout-seconds must be from 1 to 3600", OpsException.BadInput);
            var limit = TimeSpan.FromSeconds(parsed.GetValue(seconds));
            await WaitAsync(views, limit, TimeProvider.System, cancellationToken);
            return 0;
        });
        return command;
    }

    // One view may feed another through the log (texts become vectors), so caught up once is not enough.
    private static async Task WaitAsync(Views views, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var still = time.GetTimestamp();
        var before = "";
        while (true)
        {
            var (positions, silent) = await views.PositionsAsync(cancellationToken);
            var now = string.Join(' ', positions.Select(p => $"{p.Position.View}/{p.Position.Topic}:{p.Position.NextOffset}"));
            var caughtUp = silent.Count == 0 && positions.Count > 0 && positions.TrueForAll(p => p.Position.Connected && p.Position.NextOffset >= p.Position.EndOffset);
            if (!caughtUp || now != before) still = time.GetTimestamp();
            if (time.GetElapsedTime(still) >= Settled) return;
            if (time.GetElapsedTime(started) > limit)
            {
                var behind = positions.Where(p => p.Position.NextOffset < p.Position.EndOffset || !p.Position.Connected)
                    .Select(p => $"{p.Position.View} {p.Position.Topic} {p.Position.NextOffset}/{p.Position.EndOffset}{(p.Position.Connected ? "" : " without the log")}")
                    .Concat(silent.Select(s => $"{s} cannot be asked")).DefaultIfEmpty("the views still move");
                throw new OpsException($"not within {limit.TotalSeconds:0} s: {string.Join(", ", behind)}");
            }

            before = now;
            await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellationToken);
        }
    }

    private static async Task RebuildAsync(string view, ViewService.ViewServiceClient client, string adminKey, CancellationToken cancellationToken)
    {
        await Steps.RunAsync($"rebuilding {view}", async report =>
        {
            using var call = client.Rebuild(new RebuildRequest { View = view }, new Metadata { { "x-admin-key", adminKey } }, cancellationToken: cancellationToken);
            var done = new Dictionary<string, (long Next, long End)>();
            await foreach (var step in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                done[step.Topic] = (step.NextOffset, step.EndOffset);
                report(done.Values.Sum(d => d.Next), done.Values.Sum(d => d.End));
            }
        });
        AnsiConsole.WriteLine($"{view}: rebuilt");
    }
}
