using System.CommandLine;
using Grpc.Core;
using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.Ops.Suite;
using Spectre.Console;

namespace RecoAspire.Ops.Operate;

/// <summary><c>train</c>: trains the collaborative model on everything in the log and waits until it is served.</summary>
internal static class TrainCommand
{
    public static Command Create(SuiteOptions suite)
    {
        var epochs = new Option<int>("--epochs") { Description = "Passes over the data, 1-100; 0 = as configured" };
        var dimensions = new Option<int>("--dimensions") { Description = "Length of the vectors, 8-512; 0 = as configured" };
        var command = new Command("train", "Trains the collaborative model on everything in the log") { epochs, dimensions };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var channel = SuiteOptions.ChannelTo(suite.RunOf(parsed), "embedding");
            var request = new TrainRequest { Epochs = parsed.GetValue(epochs), Dimensions = parsed.GetValue(dimensions) };
            await RunAsync(new EmbeddingService.EmbeddingServiceClient(channel), request, cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(EmbeddingService.EmbeddingServiceClient embedding, TrainRequest request, CancellationToken cancellationToken)
    {
        TrainProgress? last = null;
        var loss = 0.0;
        await Steps.RunAsync("training", async report =>
        {
            // A training that has begun by itself is waited for: this one then sees everything that came in meanwhile.
            while (last?.Stage != TrainProgress.Types.Stage.Done)
            {
                try
                {
                    using var call = embedding.Train(request, cancellationToken: cancellationToken);
                    await foreach (var step in call.ResponseStream.ReadAllAsync(cancellationToken))
                    {
                        last = step;
                        // Told with each epoch, not with the end.
                        if (step.Stage == TrainProgress.Types.Stage.Training && step.Epoch > 0) loss = step.Loss;
                        report(step.Epoch, step.Epochs);
                    }
                }
                catch (RpcException e) when (e.StatusCode == StatusCode.AlreadyExists)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
                }
            }
        });
        AnsiConsole.WriteLine(
            $"{last!.ModelVersion}: {last.Interactions:N0} interactions of {last.Viewers:N0} viewers with {last.Items:N0} items, {last.Epochs} epochs in {last.ElapsedSeconds:0.0} s, loss {loss:0.0000}");
    }
}
