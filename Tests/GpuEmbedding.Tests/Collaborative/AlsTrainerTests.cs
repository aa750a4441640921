using System.Numerics.Tensors;
using CsCheck;
using RecoAspire.GpuEmbedding.Backends;
using RecoAspire.GpuEmbedding.Collaborative;

namespace RecoAspire.GpuEmbedding.Tests.Collaborative;

public sealed class AlsTrainerTests
{
    private static readonly AlsOptions Small = new() { Dimensions = 12, Epochs = 4, Regularization = 0.01f, UnobservedWeight = 0.1f, Seed = 7 };

    private static readonly Gen<Interactions> Histories = Gen.Int[0, 19].Array[1, 15].List[3, 40].Select(rows => Interactions.FromRows(
        [.. rows.Select(r => r.Distinct().ToArray()).Select(r => ((ReadOnlyMemory<int>)r, (ReadOnlyMemory<float>)Enumerable.Repeat(1f, r.Length).ToArray()))], 20));

    [Fact]
    public void The_result_does_not_depend_on_the_number_of_threads() => Histories.Sample(
        interactions =>
        {
            var (oneViewers, oneItems) = new AlsTrainer(new CpuBackend(1), Small).Train(interactions, null, CancellationToken.None);
            var (fourViewers, fourItems) = new AlsTrainer(new CpuBackend(4), Small).Train(interactions, null, CancellationToken.None);
            Assert.Equal(Values(oneViewers), Values(fourViewers));
            Assert.Equal(Values(oneItems), Values(fourItems));
            foreach (var factors in (Factors[])[oneViewers, oneItems, fourViewers, fourItems]) factors.Dispose();
        },
        iter: 20);

    [Fact]
    public void Every_epoch_brings_the_regularised_loss_down() => Histories.Sample(
        interactions =>
        {
            var before = double.MaxValue;
            for (var epochs = 1; epochs <= 4; epochs++)
            {
                var options = new AlsOptions { Dimensions = 12, Epochs = epochs, Regularization = 0.01f, UnobservedWeight = 0.1f, Seed = 7 };
                var (viewers, items) = new AlsTrainer(new CpuBackend(), options).Train(interactions, null, CancellationToken.None);
                var loss = Objective(interactions, viewers, items, options);
                viewers.Dispose();
                items.Dispose();
                Assert.True(loss <= before * (1 + 1e-4), $"epoch {epochs}: {loss} after {before}");
                before = loss;
            }
        },
        iter: 10);

    [Fact]
    public void Folding_in_a_viewer_gives_the_training_s_own_solution()
    {
        var interactions = Interactions.FromRows(
            [.. Enumerable.Range(0, 30).Select(u => Enumerable.Range(0, 20).Where(i => (u + i) % 3 == 0 || i == u % 20).ToArray())
                .Select(r => ((ReadOnlyMemory<int>)r, (ReadOnlyMemory<float>)Enumerable.Repeat(1f, r.Length).ToArray()))], 20);
        var (viewers, items) = new AlsTrainer(new CpuBackend(), Small).Train(interactions, null, CancellationToken.None);
        using (viewers)
        using (items)
        {
            var vectors = Enumerable.Range(0, 20).ToDictionary(i => $"item-{i:00}", i => items.Row(i).ToArray());
            using var model = new CollaborativeModel("v1", vectors, Small, 0, interactions.Count);
            // One more half-step with the final items is what folding in must reproduce.
            new CpuBackend().SolveRows(interactions, items, viewers, Small, CancellationToken.None);
            for (var viewer = 0; viewer < 30; viewer++)
            {
                var folded = new float[Small.Dimensions];
                var history = interactions.Columns(viewer).ToArray().Select(i => ($"item-{i:00}", 1f)).Append(("unknown", 1f)).ToList();
                Assert.Equal(history.Count - 1, model.FoldIn(history, folded));
                Assert.True(TensorPrimitives.Distance<float>(folded, viewers.Row(viewer)) < 1e-4f);
            }
        }
    }

    [Fact]
    public void A_history_of_unknown_titles_gives_the_zero_vector()
    {
        using var model = new CollaborativeModel("v1", new Dictionary<string, float[]> { ["a"] = new float[8] }, Small, 0, 1);
        var vector = Enumerable.Repeat(1f, 8).ToArray();
        Assert.Equal(0, model.FoldIn([("b", 1f)], vector));
        Assert.All(vector, v => Assert.Equal(0f, v));
    }

    [Fact]
    public void A_cancelled_training_ends_without_a_result()
    {
        using var cancelled = new CancellationTokenSource();
        var interactions = Interactions.FromRows([((ReadOnlyMemory<int>)new[] { 0, 1 }, (ReadOnlyMemory<float>)new[] { 1f, 1f })], 2);
        Assert.ThrowsAny<OperationCanceledException>(() => new AlsTrainer(new CpuBackend(), Small).Train(interactions, _ => cancelled.Cancel(), cancelled.Token));
    }

    [Theory]
    [InlineData(7, 1)]
    [InlineData(513, 1)]
    [InlineData(16, 0)]
    [InlineData(16, 101)]
    public void Settings_out_of_range_are_refused(int dimensions, int epochs) =>
        Assert.Throws<ArgumentException>(() => new AlsOptions { Dimensions = dimensions, Epochs = epochs }.Validate());

    [Fact]
    public void Transposing_twice_gives_the_same_entries() => Histories.Sample(interactions =>
    {
        var twice = interactions.Transpose().Transpose();
        Assert.Equal(interactions.Count, twice.Count);
        for (var row = 0; row < interactions.RowCount; row++) Assert.Equal(interactions.Columns(row).ToArray().Order(), twice.Columns(row).ToArray());
    });

    // Σ_observed (1 - u·v)² + α₀ Σ_all (u·v)² + λ (Σ_u (n_u + α₀·I)|u|² + Σ_i (n_i + α₀·U)|v|²)
    private static double Objective(Interactions interactions, Factors viewers, Factors items, AlsOptions options)
    {
        var byItem = interactions.Transpose();
        var sum = 0.0;
        for (var u = 0; u < viewers.Rows; u++)
        {
            for (var i = 0; i < items.Rows; i++)
            {
                double predicted = TensorPrimitives.Dot<float>(viewers.Row(u), items.Row(i));
                if (interactions.Columns(u).Contains(i)) sum += (1 - predicted) * (1 - predicted);
                sum += options.UnobservedWeight * predicted * predicted;
            }

            sum += options.Regularization * (interactions.Columns(u).Length + (options.UnobservedWeight * items.Rows)) * TensorPrimitives.SumOfSquares<float>(viewers.Row(u));
        }

        for (var i = 0; i < items.Rows; i++)
            sum += options.Regularization * (byItem.Columns(i).Length + (options.UnobservedWeight * viewers.Rows)) * TensorPrimitives.SumOfSquares<float>(items.Row(i));
        return sum;
    }

    private static float[] Values(Factors factors) => [.. Enumerable.Range(0, factors.Rows).SelectMany(r => factors.Row(r).ToArray())];
}
