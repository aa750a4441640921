using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.GpuEmbedding.Models;
using RecoAspire.GpuEmbedding.Training;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.GpuEmbedding.Text;

/// <summary>
/// Keeps the text vectors in the log in step with the catalogue: changed items get their vectors within half a second; when the
/// catalogue has grown by half since the model's snapshot (or has none yet) and is quiet, everything is embedded anew under a
/// new version, which readers take up when it is complete.
/// </summary>
public sealed class TextVectorPublisher(
    TextCatalogView catalog, PublishingRole role, LogWriter writer, EventLogService.EventLogServiceClient log, IServiceProvider provider, TimeProvider time, ILogger<TextVectorPublisher> logger)
    : BackgroundService
{
    private const string VectorsGroup = "text-vectors";
    private const int VectorsPerAppend = 500;
    private static readonly TimeSpan QuietBeforeSnapshot = TimeSpan.FromSeconds(1.5);
    private long _embedded = -1;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!role.Publishes) return;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!provider.GetLogViewRunner<TextCatalogView>().HasCaughtUp) continue;
            try
            {
                await PublishAsync(stoppingToken);
            }
            catch (Grpc.Core.RpcException e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("text vectors wait for the log: {Status} {Detail}", e.StatusCode, e.Status.Detail);
            }
        }
    }

    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        var (position, items) = catalog.State;
        if (_embedded < 0)
            _embedded = (await log.GetOffsetAsync(new GetOffsetRequest { Group = VectorsGroup, Topic = Topics.Catalog }, cancellationToken: cancellationToken)).Offset;
        if (items > 0 && items >= catalog.ModelDocuments * 1.5 && catalog.Quiet >= QuietBeforeSnapshot) await PublishAnewAsync(cancellationToken);
        else if (catalog.ModelDocuments > 0 && position > _embedded) await PublishChangesAsync(cancellationToken);
    }

    private async Task PublishAnewAsync(CancellationToken cancellationToken)
    {
        var (model, offset, documents) = catalog.TakeSnapshot();
        var (items, position) = catalog.ChangedSince(0);
        await AppendAsync(model, items, cancellationToken);
        var published = new ModelPublished
        {
            Space = ModelsView.Text,
            ModelVersion = model.Version,
            Dimensions = TextModel.Dimensions,
            Items = items.Count,
            TrainedAtMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        await writer.AppendAsync(Topics.Embeddings, $"published-{model.Version}", ModelsView.Text, new EmbeddingChange { Published = published }, cancellationToken);
        await CommitAsync(TextCatalogView.ModelGroup, offset, cancellationToken);
        catalog.Use(model, offset, documents);
        await CommitAsync(VectorsGroup, position, cancellationToken);
        _embedded = position;
        logger.LogInformation("text vectors of {Items} items published as {Version}", items.Count, model.Version);
    }

    private async Task PublishChangesAsync(CancellationToken cancellationToken)
    {
        var (items, position) = catalog.ChangedSince(_embedded);
        await AppendAsync(catalog.Model, items, cancellationToken);
        await CommitAsync(VectorsGroup, position, cancellationToken);
        _embedded = position;
    }

    private async Task AppendAsync(TextModel model, List<Item> items, CancellationToken cancellationToken)
    {
        var vector = new float[TextModel.Dimensions];
        foreach (var batch in items.Chunk(VectorsPerAppend))
        {
            var records = new List<Record>(batch.Length);
            foreach (var item in batch)
            {
                model.Project(ItemText.Features(item), vector);
                var packed = PackedVector.Pack(vector);
                var change = new ItemVector { Space = ModelsView.Text, ModelVersion = model.Version, ItemId = item.Id, Vector = packed };
                // The content is part of the id: a changed text is a new event, the same one is not.
                var content = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(packed.Span).AsSpan(0, 8));
                records.Add(LogWriter.ToRecord($"{ModelPublisher.VectorEventId(model.Version, item.Id)}-{content}", item.Id, new EmbeddingChange { Upsert = change }));
            }

            await writer.AppendAsync(Topics.Embeddings, records, cancellationToken);
        }
    }

    private async Task CommitAsync(string group, long offset, CancellationToken cancellationToken) =>
        await log.CommitOffsetAsync(new CommitOffsetRequest { Group = group, Topic = Topics.Catalog, Offset = offset }, cancellationToken: cancellationToken);
}
