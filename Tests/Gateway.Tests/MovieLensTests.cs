using System.Globalization;
using System.IO.Compression;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Popularity;
using RecoAspire.Gateway.Viewers;
using RecoAspire.ServiceDefaults.Views;
using RecoAspire.Tests;
using Record = RecoAspire.Contracts.EventLog.V1.Record;

namespace RecoAspire.Gateway.Tests;

/// <summary>The facts of viewers over the million ratings of MovieLens 1M. Alone, because memory is counted for the whole process.</summary>
[Collection(nameof(MovieLensTests))]
[CollectionDefinition(nameof(MovieLensTests), DisableParallelization = true)]
public sealed class MovieLensTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_million_ratings_are_remembered_exactly_and_in_little_memory()
    {
        var ratings = Read(RealData.Require("movielens/ml-1m/ratings.csv.gz"));
        var ordinals = new ItemOrdinals();
        var options = new ViewerOptions();
        var popularity = new PopularityIndex(ordinals, new PopularityOptions(), TimeProvider.System);
        var view = new ViewersView(ordinals, popularity, new AcknowledgedEvents(ordinals, options), options, NullLogger<ViewersView>.Instance);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var at = 0; at < ratings.Count; at += 5_000)
            await view.ApplyAsync(Topics.Interactions, [.. ratings.Skip(at).Take(5_000).Select((r, i) => ToRecord(r, at + i))], CancellationToken.None);
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;

        output.WriteLine($"{ratings.Count} ratings, {view.Count} viewers: {bytes / 1_048_576.0:0.0} MiB");
        Assert.Equal(ratings.Select(r => r[0]).Distinct().Count(), view.Count);
        Assert.True(bytes < 24 * 1_048_576, $"{bytes} bytes");
        foreach (var viewer in ratings.GroupBy(r => r[0]).Where(v => v.Key.EndsWith('7')))
            Assert.Equal(viewer.Select(r => r[1]).Order(), view.Read(viewer.Key).Forbidden.Select(ordinals.IdOf).Order());
        var counts = ratings.CountBy(r => r[1]).ToDictionary(c => c.Key, c => c.Value);
        Assert.Equal(counts.Values.OrderDescending().Take(100), popularity.Popular.Take(100).Select(i => counts[ordinals.IdOf(i)]));
        Assert.All(counts, c => Assert.Equal(c.Value, popularity.WatchesOf(ordinals.GetOrAdd(c.Key))));
    }

    // user,movie,rating,timestamp,seq
    private static List<string[]> Read(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var rows = new List<string[]>();
        reader.ReadLine();
        while (reader.ReadLine() is { } line) rows.Add(line.Split(','));
        return rows;
    }

    private static StoredRecord ToRecord(string[] rating, int offset) => new()
    {
        Offset = offset,
        Record = new Record
        {
            EventId = $"{rating[0]}-{rating[1]}",
            Key = rating[0],
            Payload = new Interaction
            {
                ViewerId = rating[0],
                ItemId = rating[1],
                Kind = InteractionKind.Rate,
                Rating = float.Parse(rating[2], CultureInfo.InvariantCulture),
                // Half of the times are not known; nothing that is asked here depends on them.
                OccurredAtMs = rating[3].Length == 0 ? 0 : 1000 * long.Parse(rating[3], CultureInfo.InvariantCulture),
            }.ToByteString(),
        },
    };
}
