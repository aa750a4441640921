using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RecoAspire.Ops.Import.Demo;

/// <summary>
/// The demonstration: a catalogue and viewers with tastes, who watched it over the last 30 days. The same seed, number of viewers
/// and day give the same data, byte for byte.
/// </summary>
internal static class DemoGenerator
{
    private const int Days = 30;

    public static ImportedData Generate(int seed, int viewers, DateTimeOffset now)
    {
        var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        // System.Random with a seed keeps its algorithm for compatibility: the same numbers on every machine.
        var random = new Random(seed);
        var catalogue = new DemoCatalogue(random, day);
        catalogue.Generate();
        var items = catalogue.Items;
        var watchable = Enumerable.Range(0, items.Count).Where(i => items[i].Item.Kind != "series").ToArray();
        // Zipf: the n-th title is watched 1/n as often as the first.
        random.Shuffle(watchable);
        var popularity = new double[items.Count];
        for (var rank = 0; rank < watchable.Length; rank++) popularity[watchable[rank]] = 1.0 / (rank + 12);

        var territories = new string[viewers + 1];
        var events = new List<ImportedEvent>(viewers * 60);
        for (var viewer = 1; viewer <= viewers; viewer++)
        {
            territories[viewer] = DemoWords.ViewerTerritories[random.Next(DemoWords.ViewerTerritories.Length)];
            AddViewer(random, viewer, territories[viewer], items, popularity, day, events);
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"demo 2 {seed} {viewers} {day:yyyy-MM-dd}")));
        return new ImportedData
        {
            Name = "demonstration",
            Viewers = viewers,
            Items = [.. items.Select(i => i.Item)],
            Events = [.. events.OrderBy(e => e.UnixSeconds).ThenBy(e => e.User)],
            UserId = user => user.ToString("'demo-'0000", CultureInfo.InvariantCulture),
            ItemId = item => items[item].Item.Id,
            TerritoryOf = user => territories[user],
            // Another seed or another day is other evenings, not the same ones again.
            EventPrefix = string.Create(CultureInfo.InvariantCulture, $"{seed}-{day:yyyyMMdd}-"),
            ContentHash = Convert.ToHexStringLower(hash),
        };
    }

    private static void AddViewer(
        Random random, int viewer, string territory, List<(ImportedItem Item, int Taste)> items, double[] popularity, DateTimeOffset day, List<ImportedEvent> events)
    {
        // Two tastes each, the first stronger; everything else by popularity alone.
        var first = random.Next(DemoWords.Tastes.Length);
        var second = random.Next(DemoWords.Tastes.Length);
        var weights = new double[items.Count];
        for (var i = 0; i < items.Count; i++)
        {
            var affinity = items[i].Taste == first ? 12.0 : items[i].Taste == second ? 6.0 : 0.6;
            var allowed = items[i].Item.Territories.Count == 0 || items[i].Item.Territories.Contains(territory);
            weights[i] = allowed ? popularity[i] * affinity : 0;
        }

        var sessions = random.Next(10, 22);
        // Evenings, in the order of time: an episode is watched after the one before it.
        var starts = new long[sessions];
        for (var session = 0; session < sessions; session++)
            starts[session] = day.AddDays(-1 - random.Next(Days)).AddHours(18 + (4 * random.NextDouble())).ToUnixTimeSeconds();
        Array.Sort(starts);
        var end = day.ToUnixTimeSeconds();
        var seconds = 0L;
        foreach (var start in starts)
        {
            seconds = Math.Max(seconds, start);
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                var item = Draw(random, weights);
                if (item < 0) return;
                // Nothing lies in the future, at whatever hour of the day this runs.
                if (seconds + items[item].Item.DurationSeconds + 60 > end) break;
                weights[item] = 0;
                seconds = AddWatch(random, viewer, item, items[item].Item, items[item].Taste == first || items[item].Taste == second, seconds, events);
                WatchOn(items, weights, item);
            }
        }
    }

    // Who has seen an episode wants the next one.
    private static void WatchOn(List<(ImportedItem Item, int Taste)> items, double[] weights, int item)
    {
        var next = item + 1;
        if (items[item].Item.SeriesId.Length > 0 && next < items.Count && items[next].Item.SeriesId == items[item].Item.SeriesId && weights[next] > 0) weights[next] *= 30;
    }

    private static long AddWatch(Random random, int viewer, int item, ImportedItem what, bool likes, long seconds, List<ImportedEvent> events)
    {
        events.Add(new ImportedEvent(viewer, item, EventType.Impression, seconds - 20));
        var fraction = likes ? 0.75 + (0.3 * random.NextDouble()) : random.NextDouble();
        if (fraction < 0.08)
        {
            events.Add(new ImportedEvent(viewer, item, EventType.Skip, seconds));
            return seconds + 30;
        }

        events.Add(new ImportedEvent(viewer, item, EventType.Play, seconds, DurationSeconds: what.DurationSeconds));
        var watched = (int)(Math.Min(1, fraction) * what.DurationSeconds);
        seconds += watched;
        events.Add(fraction >= 0.9
            ? new ImportedEvent(viewer, item, EventType.Complete, seconds, PositionSeconds: what.DurationSeconds, DurationSeconds: what.DurationSeconds)
            : new ImportedEvent(viewer, item, EventType.Progress, seconds, PositionSeconds: watched, DurationSeconds: what.DurationSeconds));
        if (likes && fraction > 0.95 && random.Next(4) == 0) events.Add(new ImportedEvent(viewer, item, EventType.Like, seconds + 5));
        return seconds + 60;
    }

    private static int Draw(Random random, double[] weights)
    {
        var left = random.NextDouble() * weights.Sum();
        for (var i = 0; i < weights.Length; i++)
        {
            left -= weights[i];
            if (left < 0 && weights[i] > 0) return i;
        }

        return -1;
    }
}
