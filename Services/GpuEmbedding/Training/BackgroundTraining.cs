using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.GpuEmbedding.Models;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.GpuEmbedding.Training;

/// <summary>Configuration section <c>Training</c>.</summary>
public sealed class TrainingOptions
{
    /// <summary>
    /// Host name of the one replica that trains and publishes; empty = this process does, whatever its host. The others answer
    /// from the models in the log and refuse to train.
    /// </summary>
    public string PublisherHost { get; set; } = "";

    /// <summary>Train without being asked.</summary>
    public bool Automatic { get; set; } = true;

    /// <summary>At least so many new entries since the last model.</summary>
    public int MinNewEntries { get; set; } = 1_000;

    /// <summary>And at least this part of what the last model learned from.</summary>
    public double MinGrowth { get; set; } = 0.1;

    /// <summary>And nothing new for this long, so that an import is not interrupted again and again…</summary>
    public TimeSpan Quiet { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>…or this long since the last training, when it never is quiet.</summary>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMinutes(10);
}

/// <summary>Trains anew in the background when enough has happened since the last model.</summary>
public sealed class BackgroundTraining(
    Trainer trainer, TrainingDataView data, ModelsView models, TrainingOptions options, PublishingRole role, IServiceProvider provider, TimeProvider time, ILogger<BackgroundTraining> logger)
    : BackgroundService
{
    /// <summary>Is there enough to learn?</summary>
    public static bool IsDue(long entries, long learned, TimeSpan quiet, TimeSpan sinceLast, TrainingOptions options)
    {
        var fresh = entries - learned;
        if (fresh < options.MinNewEntries || fresh < options.MinGrowth * learned) return false;
        return quiet >= options.Quiet || sinceLast >= options.MaxWait;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Automatic || !role.Publishes) return;
        var last = time.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // Before both views are complete, what is missing cannot be told from what is new.
            if (!provider.GetLogViewRunner<ModelsView>().HasCaughtUp || !provider.GetLogViewRunner<TrainingDataView>().HasCaughtUp) continue;
            if (!IsDue(data.Entries, models.Current?.Interactions ?? 0, data.Quiet, time.GetElapsedTime(last), options)) continue;
            try
            {
                await trainer.TrainAsync(new TrainRequest(), _ => { }, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("training failed: {Reason}; trying again when it is due", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(5), time, stoppingToken);
            }

            last = time.GetTimestamp();
        }
    }
}
