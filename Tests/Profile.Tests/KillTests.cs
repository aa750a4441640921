using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Contracts.View.V1;
using RecoAspire.Profile.Stores;
using RecoAspire.Profile.Tests.Api;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Profile.Tests;

/// <summary>
/// `kill -9` while interactions are applied: position and effects stay together, so that after the last restart the view has
/// exactly the digest of a view that was never killed. <c>RECO_KILL_SEED</c> repeats a run's moments.
/// </summary>
public sealed class KillTests(SuiteFixture suite, ITestOutputHelper output) : IClassFixture<SuiteFixture>
{
    [Fact]
    public async Task A_view_that_was_killed_while_it_applied_ends_like_one_that_was_not()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("RECO_KILL_SEED"), out var given) ? given : Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var cancellation = TestContext.Current.CancellationToken;
        var random = new Random(seed);
        long end = 0;
        using var calm = new TestView();
        // Everything waits in the log when the service starts, so that every kill finds it at work.
        await suite.Service.KillAsync();
        for (var i = 0; i < 150; i++)
        {
            // Opinions and totals are not protected by the merge alone: an effect without its position would show in the stats.
            var chunk = Enumerable.Range(0, 1_000).Select(_ => Events.Create(
                (InteractionKind)random.Next(1, 11), $"v{random.Next(500)}", $"i{random.Next(300)}", Events.Start + random.Next(1_000_000), random.Next(100), 100, 3)).ToList();
            end = (await suite.Writer.AppendAsync(
                Topics.Interactions, chunk.Select((c, n) => LogWriter.ToRecord($"kill-{i}-{n}", c.ViewerId, c)), cancellation)).NextOffset;
            await calm.ApplyAsync(Topics.Interactions, chunk);
        }

        var positions = new List<long>();
        while (positions.Count < 12 && (positions.Count == 0 || positions[^1] < end))
        {
            await suite.Service.StartAsync(cancellation);
            // Each life gets at least one batch further. The moment of death after it is the random input of this test.
            await suite.WaitForAsync(positions.LastOrDefault() + 1);
            await Task.Delay(random.Next(30), cancellation);
            await suite.Service.KillAsync();
            using var view = new ProfileView(Path.Combine(suite.Service.DataDirectory, ProfileSchema.FileName));
            positions.Add(await view.GetPositionAsync(Topics.Interactions, cancellation));
        }

        await suite.Service.StartAsync(cancellation);
        await suite.WaitForAsync(end);
        output.WriteLine($"positions at the kills: {string.Join(", ", positions)} of {end}");
        var digest = await suite.Views.GetDigestAsync(new GetDigestRequest { View = "profiles" }, cancellationToken: cancellation);
        var expected = await calm.DigestAsync();
        Assert.Equal((expected.Sha256, expected.Entries), (digest.Sha256, digest.Entries));
        var stats = await suite.Client.GetStatsAsync(new Contracts.Profile.V1.GetStatsRequest(), cancellationToken: cancellation);
        Assert.Equal(calm.Stats(), stats);
        Assert.True(positions.Count(p => p > 0 && p < end) >= 4, "the kills hit no replay: the test proves nothing");
        Assert.Equal(positions.Order(), positions);
    }
}
