using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Contracts.View.V1;
using RecoAspire.ServiceDefaults.Views;
using RecoAspire.Tests;
using Record = RecoAspire.Contracts.EventLog.V1.Record;

namespace RecoAspire.Profile.Tests;

/// <summary>
/// Prints figures; asserts only counts. Run:
/// <c>dotnet test Tests/Profile.Tests --filter Category=Slow --logger "console;verbosity=detailed"</c>.
/// </summary>
[Trait("Category", "Slow")]
public sealed class ThroughputTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Ratings_of_MovieLens_1M_are_applied_and_profiles_read()
    {
        var file = Path.Combine(RealData.Require("movielens/ml-1m"), "ratings.csv.gz");
        var cancellation = TestContext.Current.CancellationToken;
        await using var log = ServiceProcess.Create("EventLog");
        await log.StartAsync(cancellation);
        using var logChannel = log.OpenChannel();
        var writer = new LogWriter(new EventLogService.EventLogServiceClient(logChannel));
        long total = 0;
        var clock = Stopwatch.StartNew();
        foreach (var chunk in ReadLines(file).Skip(1).Select(ToRecord).Chunk(1_000))
            total = (await writer.AppendAsync(Topics.Interactions, chunk, cancellation)).NextOffset;
        output.WriteLine($"append {total / clock.Elapsed.TotalSeconds:N0} ratings/s ({clock.Elapsed.TotalSeconds:F1} s)");

        await using var profile = ServiceProcess.Create("Profile");
        profile.Environment["services__eventlog__http__0"] = log.GrpcAddress.ToString();
        await profile.StartAsync(cancellation);
        using var channel = profile.OpenChannel();
        clock.Restart();
        await new ViewService.ViewServiceClient(channel).WaitForAsync(
            new WaitForRequest { View = "profiles", Topic = Topics.Interactions, Offset = total }, cancellationToken: cancellation);
        output.WriteLine($"apply {total / clock.Elapsed.TotalSeconds:N0} interactions/s ({clock.Elapsed.TotalSeconds:F1} s)");

        var client = new ProfileService.ProfileServiceClient(channel);
        var stats = await client.GetStatsAsync(new GetStatsRequest(), cancellationToken: cancellation);
        Assert.Equal((6_040, total), (stats.Viewers, stats.HistoryEntries));
        foreach (var limit in (int[])[50, 500])
        {
            var times = new List<double>();
            for (var user = 1; user <= 6_040; user += 3)
            {
                clock.Restart();
                await client.GetProfileAsync(new GetProfileRequest { ViewerId = $"ml1m-{user}", HistoryLimit = limit }, cancellationToken: cancellation);
                times.Add(clock.Elapsed.TotalMilliseconds);
            }

            times.Sort();
            output.WriteLine($"GetProfile({limit}) over gRPC, one caller: p50 {times[times.Count / 2]:F2} ms, p99 {times[times.Count * 99 / 100]:F2} ms");
        }

        clock.Restart();
        var digest = await new ViewService.ViewServiceClient(channel).GetDigestAsync(new GetDigestRequest { View = "profiles" }, cancellationToken: cancellation);
        output.WriteLine($"digest of {digest.Entries:N0} entries in {clock.Elapsed.TotalSeconds:F1} s");
        output.WriteLine($"file {new FileInfo(Path.Combine(profile.DataDirectory, "profiles.db")).Length >> 20} MiB");
    }

    private static IEnumerable<string> ReadLines(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line) yield return line;
    }

    // Half of the times are unknown; the order within a viewer's history is known for all, and serves as the time here.
    private static Record ToRecord(string line)
    {
        var parts = line.Split(',');
        var seq = parts[4].Length == 0 ? 1 : long.Parse(parts[4], CultureInfo.InvariantCulture);
        var interaction = Events.Create(
            InteractionKind.Rate, $"ml1m-{parts[0]}", $"ml1m-{parts[1]}", Events.Start + seq, rating: float.Parse(parts[2], CultureInfo.InvariantCulture));
        return LogWriter.ToRecord($"ml1m-{parts[0]}-{parts[1]}", interaction.ViewerId, interaction);
    }
}
