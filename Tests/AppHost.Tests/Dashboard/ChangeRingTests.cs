using CsCheck;
using RecoAspire.Hosting.Dashboard.Telemetry;

namespace RecoAspire.AppHost.Tests.Dashboard;

/// <summary>The ring of changes against a list of everything.</summary>
public sealed class ChangeRingTests
{
    private static readonly Gen<(int Step, int Capacity, int Width, (int Pause, double Value, bool HasRoom)[] Changes)> Any = Gen.Select(
        Gen.Int[1, 15], Gen.Int[1, 20], Gen.Int[1, 3], Gen.Select(Gen.Int[0, 20], Gen.Double[0, 3].Select(Math.Floor), Gen.Bool).Array[1, 80]);

    [Fact]
    public void It_answers_as_the_whole_history_would_from_its_first_change_on() => Any.Sample(one =>
    {
        var ring = new ChangeRing(one.Step, one.Capacity, one.Width);
        var all = new SortedDictionary<long, double>();
        var second = 1_000L;
        foreach (var (pause, value, hasRoom) in one.Changes)
        {
            second += pause;
            ring.Add(second, Row(one.Width, value), hasRoom ? long.MaxValue : 0);
            all[second / one.Step] = value;
            Assert.True(ring.Count <= one.Capacity);
            Assert.True(ring.Bytes <= (long)one.Capacity * (1 + one.Width) * 8);
            // What was just said always holds.
            Assert.Equal(Row(one.Width, value), ring.At(second).ToArray());
        }

        for (var t = ring.FirstSecond; t <= second + 10; t++)
            Assert.Equal(Row(one.Width, all.Last(c => c.Key <= t / one.Step).Value), ring.At(t).ToArray());
        Assert.True(ring.At(ring.FirstSecond - 1).IsEmpty);
        if (all.Count <= Math.Min(one.Capacity, 4)) Assert.Equal(all.Keys.First(), ring.FirstSecond / one.Step);
    });

    [Fact]
    public void As_many_changes_as_it_holds_are_kept() => Gen.Int[1, 50].Sample(capacity =>
    {
        var ring = new ChangeRing(1, capacity, 1);
        for (var i = 0; i < 120; i++) ring.Add(i, [i], long.MaxValue);
        Assert.Equal((capacity, 120 - capacity), (ring.Count, ring.FirstSecond));
    });

    [Fact]
    public void Without_room_it_stays_as_small_as_it_is_and_keeps_the_newest()
    {
        var ring = new ChangeRing(1, 600, 1);
        var bytes = ring.Bytes;
        for (var i = 0; i < 100; i++) ring.Add(i, [i], room: 0);
        Assert.Equal((bytes, 96), (ring.Bytes, ring.FirstSecond));
    }

    [Fact]
    public void What_does_not_change_takes_no_room()
    {
        var ring = new ChangeRing(1, 600, 1);
        for (var i = 0; i < 1_000; i++) ring.Add(i, [7], long.MaxValue);
        Assert.Equal((1, 7), (ring.Count, ring.At(999)[0]));
    }

    private static double[] Row(int width, double value) => [.. Enumerable.Range(0, width).Select(i => value + i)];
}
