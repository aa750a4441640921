using Google.Protobuf;
using Grpc.Core;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.GpuEmbedding.Models;
using RecoAspire.GpuEmbedding.Training;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.GpuEmbedding.Text;

/// <summary>
/// Keeps the text model of a replica that does not publish in step with the one in the log: a version names the offset of the
/// catalogue at which it was taken, so that every replica makes the very same model out of the records before it.
/// </summary>
public sealed class TextModelFollower(
    TextCatalogView catalog, ModelsView models, PublishingRole role, EventLogService.EventLogServiceClient log, IServiceProvider provider, TimeProvider time,
    ILogger<TextModelFollower> logger)
    : BackgroundService
{
    private string _unreadable = "";

    /// <summary>Puts a published version in force. Reads the log again where the catalogue has gone on since.</summary>
    /// <exception cref="RpcException">The log is away.</exception>
    /// <exception cref="InvalidDataException">It is no version of text vectors, or the log does not reach that far.</exception>
    public async Task FollowAsync(string version, CancellationToken cancellationToken)
    {
        if (TextModel.OffsetOf(version) is not { } offset) throw new InvalidDataException($"'{version}' names no offset of the catalogue");
        if (catalog.UseSnapshotAt(offset)) return;
        var texts = await ReadAsync(offset, cancellationToken);
        catalog.Use(texts.BuildModel(offset), offset, texts.Count);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (role.Publishes) return;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!provider.GetLogViewRunner<TextCatalogView>().HasCaughtUp || models.TextPublication?.ModelVersion is not { } version) continue;
            if (version == catalog.Model.Version || version == _unreadable) continue;
            try
            {
                await FollowAsync(version, stoppingToken);
                logger.LogInformation("text model {Version} taken over from the log", version);
            }
            catch (RpcException e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("the text model {Version} waits for the log: {Status} {Detail}", version, e.StatusCode, e.Status.Detail);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken);
            }
            catch (InvalidDataException e)
            {
                logger.LogError("the text model {Version} cannot be made: {Reason}; the old one goes on", version, e.Message);
                _unreadable = version;
            }
        }
    }

    private async Task<CatalogTexts> ReadAsync(long offset, CancellationToken cancellationToken)
    {
        var texts = new CatalogTexts();
        using var call = log.Tail(new TailRequest { Topic = Topics.Catalog, Follow = false, MaxBatchRecords = 5_000 }, cancellationToken: cancellationToken);
        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
            foreach (var stored in call.ResponseStream.Current.Records)
            {
                Apply(texts, stored);
                if (stored.Offset + 1 == offset) return texts;
            }
        }

        throw new InvalidDataException($"the topic '{Topics.Catalog}' ends before the offset {offset}");
    }

    // The view has counted and reported what it could not read.
    private static void Apply(CatalogTexts texts, StoredRecord stored)
    {
        try
        {
            texts.Apply(stored);
        }
        catch (InvalidProtocolBufferException)
        {
            // As the view: skipped.
        }
    }
}
