using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Contracts.VectorSearch.V1;
using RecoAspire.ServiceDefaults.Views;
using RecoAspire.VectorSearch.Search;
using RecoAspire.VectorSearch.Spaces;

namespace RecoAspire.VectorSearch.Api;

/// <summary>Writes: checked here, appended to the log in one piece, and answered once this service's view contains them.</summary>
internal sealed class VectorWriter(EventLogService.EventLogServiceClient log, LogViewRunner runner, TimeProvider time)
{
    private const string RecordType = "reco.embedding.v1.EmbeddingChange";

    private static readonly TimeSpan VisibilityTimeout = TimeSpan.FromSeconds(10);

    public Task<WriteResponse> UpsertAsync(UpsertRequest request, SearchState state, CancellationToken cancellationToken)
    {
        SearchLimits.CheckOwnSpace(request.Space);
        SearchLimits.CheckVersion(request.ModelVersion, "model_version");
        SearchLimits.Demand(
            request.Points.Count is >= 1 and <= SearchLimits.MaxPoints, "points", $"{request.Points.Count} points, allowed are 1-{SearchLimits.MaxPoints}");
        var dimensions = DimensionsOf(request, state);
        for (var i = 0; i < request.Points.Count; i++)
        {
            var point = request.Points[i];
            SearchLimits.CheckItemId(point.ItemId, $"points[{i}].item_id");
            var problem = VectorReader.TryRead(point.Vector.Span, out var vector);
            SearchLimits.Demand(problem is null, $"points[{i}].vector", problem ?? "");
            if (dimensions == 0) dimensions = vector.Length;
            SearchLimits.Demand(vector.Length == dimensions, $"points[{i}].vector", $"has {vector.Length} dimensions, the version has {dimensions}");
        }

        return WriteAsync(
            request.Points.Select(p => (p.ItemId, new EmbeddingChange
            {
                Upsert = new ItemVector { Space = request.Space, ModelVersion = request.ModelVersion, ItemId = p.ItemId, Vector = p.Vector },
            })),
            "points",
            cancellationToken);
    }

    public Task<WriteResponse> DeleteAsync(DeleteRequest request, CancellationToken cancellationToken)
    {
        SearchLimits.CheckOwnSpace(request.Space);
        SearchLimits.CheckIds(request.ItemIds, 1, SearchLimits.MaxPoints, "item_ids");
        return WriteAsync(
            request.ItemIds.Select(id => (id, new EmbeddingChange { Removed = new RemovedVector { Space = request.Space, ItemId = id } })),
            "item_ids",
            cancellationToken);
    }

    private static int DimensionsOf(UpsertRequest request, SearchState state)
    {
        if (!state.Spaces.TryGetValue(request.Space, out var space))
        {
            if (state.Spaces.Count < SpaceLimits.MaxSpaces) return 0;
            throw new RpcException(new Status(StatusCode.ResourceExhausted, $"space: there are {SpaceLimits.MaxSpaces} spaces already"));
        }

        var version = space.Find(request.ModelVersion) ?? space.Pending.FirstOrDefault(v => v.Name == request.ModelVersion);
        return version?.Table.Dimensions ?? 0;
    }

    private async Task<WriteResponse> WriteAsync(
        IEnumerable<(string ItemId, EmbeddingChange Change)> changes, string field, CancellationToken cancellationToken)
    {
        var append = new AppendRequest { Topic = Topics.Embeddings };
        // New for every write: the same vector may be written again after another one, and must then count again.
        var write = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        foreach (var (itemId, change) in changes)
        {
            append.Records.Add(new Record
            {
                EventId = string.Create(CultureInfo.InvariantCulture, $"{write}-{append.Records.Count}"),
                Key = itemId,
                Type = RecordType,
                Payload = change.ToByteString(),
            });
        }

        SearchLimits.Demand(append.CalculateSize() <= SearchLimits.MaxWriteBytes, field, $"more than {SearchLimits.MaxWriteBytes} bytes in one call");
        var offset = await AppendAsync(append, cancellationToken);
        await WaitUntilVisibleAsync(offset, cancellationToken);
        return new WriteResponse { Offset = offset };
    }

    private async Task WaitUntilVisibleAsync(long offset, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(VisibilityTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await runner.WaitForAsync(Topics.Embeddings, offset, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"written at offset {offset}, but not visible here yet"));
        }
    }

    private async Task<long> AppendAsync(AppendRequest append, CancellationToken cancellationToken)
    {
        try
        {
            var appended = await log.AppendAsync(append, cancellationToken: cancellationToken);
            return appended.Offsets[^1] + 1;
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.ResourceExhausted or StatusCode.DeadlineExceeded)
        {
            throw new RpcException(new Status(e.StatusCode, $"the log did not take the write: {e.Status.Detail}"));
        }
    }
}
