using System.Diagnostics;
using System.Numerics.Tensors;
using RecoAspire.GpuEmbedding.Backends;
using RecoAspire.GpuEmbedding.Collaborative;

namespace RecoAspire.GpuEmbedding.Tests.Collaborative;

public sealed class QualityTests(ITestOutputHelper output)
{
    [Fact]
    public void On_MovieLens_1M_the_model_ranks_as_well_as_published()
    {
        var data = LeaveOneOutData.Load();
        var options = new AlsOptions();
        var clock = Stopwatch.StartNew();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;

        var (viewers, items) = new AlsTrainer(new CpuBackend(), options).Train(data.Train, e => output.WriteLine($"{e.Epoch}: {e.Loss:0.0000}"), CancellationToken.None);

        output.WriteLine($"{options.Epochs} epochs, d = {options.Dimensions}: {clock.Elapsed.TotalSeconds:0.0} s, CPU {(Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds:0.0} s");
        var (hr, ndcg) = data.Evaluate((viewer, item) => TensorPrimitives.Dot<float>(viewers.Row(viewer), items.Row(item)));
        output.WriteLine($"HR@10 {hr:0.0000}, NDCG@10 {ndcg:0.0000} (published 0.731 / 0.452)");
        viewers.Dispose();
        items.Dispose();
        Assert.True(hr >= 0.72, $"HR@10 {hr}");
        Assert.True(ndcg >= 0.44, $"NDCG@10 {ndcg}");
    }
}
