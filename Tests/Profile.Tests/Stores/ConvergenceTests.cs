using CsCheck;
using Google.Protobuf;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Profile.Tests.Stores;

/// <summary>Whatever the order, the repetition, the batches and the restarts: the same events give the same view.</summary>
public sealed class ConvergenceTests
{
    [Fact]
    public async Task Any_order_and_repetition_of_the_same_events_gives_the_same_digest()
    {
        var cases = Gen.Select(Gens.Interaction.Array[1, 60], Gens.Operation.Array[0, 15], Gen.Int[0, int.MaxValue]);
        await cases.SampleAsync(async (interactions, operations, seed) =>
        {
            using var inOrder = new TestView();
            await inOrder.ApplyAsync(Topics.Interactions, interactions);
            await inOrder.ApplyAsync(Topics.ProfileOps, operations);
            using var shuffled = new TestView();
            var random = new Random(seed);
            await shuffled.ApplyAsync(Topics.ProfileOps, Repeat(operations, random), batch: 3);
            var half = Repeat(interactions, random);
            await shuffled.ApplyAsync(Topics.Interactions, half[..(half.Length / 2)], batch: random.Next(1, 20));
            shuffled.Reopen();
            await shuffled.ApplyAsync(Topics.Interactions, half[(half.Length / 2)..], batch: random.Next(1, 20));
            Assert.Equal(await inOrder.DigestAsync(), await shuffled.DigestAsync());
            Assert.Equal(inOrder.Stats(), shuffled.Stats());
        }, iter: 200, threads: 1);
    }

    [Fact]
    public async Task Different_content_has_another_digest()
    {
        await Gen.Select(Gens.Interaction.Array[1, 20], Gen.Int[0, int.MaxValue]).SampleAsync(async (interactions, seed) =>
        {
            using var whole = new TestView();
            using var other = new TestView();
            await whole.ApplyAsync(Topics.Interactions, interactions);
            await other.ApplyAsync(Topics.Interactions, interactions);
            // Something no generated event says.
            await other.ApplyAsync(Events.Create(
                Contracts.Interactions.V1.InteractionKind.Play, $"v{seed % 3}", $"i{seed % 4}", Events.Start + 1_000_000));
            Assert.NotEqual(await whole.DigestAsync(), await other.DigestAsync());
        }, iter: 50, threads: 1);
    }

    private static IMessage[] Repeat<T>(T[] messages, Random random)
        where T : IMessage
    {
        IMessage[] all = [.. messages, .. messages.Where(_ => random.Next(3) == 0)];
        random.Shuffle(all);
        return all;
    }
}
