using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.GpuEmbedding.Collaborative;
using RecoAspire.GpuEmbedding.Models;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.GpuEmbedding.Tests.Training;

public sealed class ModelsViewTests
{
    private readonly ModelsView _view = new(new AlsOptions(), NullLogger<ModelsView>.Instance);
    private long _offset;

    [Fact]
    public async Task A_version_is_served_from_its_publication_on_and_the_one_before_stays()
    {
        await ApplyAsync(Vector("v1", "a", 1, 0), Vector("v1", "b", 0, 1));
        Assert.Null(_view.Current);
        await ApplyAsync(Published("v1", 2));
        Assert.Equal("v1", _view.Current!.Version);

        await ApplyAsync(Vector("v2", "a", 1, 1), Published("v2", 1));
        Assert.Equal("v2", _view.Find("")!.Version);
        Assert.Equal("v1", _view.Find("v1")!.Version);

        await ApplyAsync(Vector("v3", "a", 1, 2), Published("v3", 1));
        Assert.Null(_view.Find("v1"));
        Assert.Equal(["v3", "v2"], _view.List().Select(m => m.Version));
    }

    [Fact]
    public async Task An_incomplete_publication_is_not_served_and_the_old_model_goes_on()
    {
        await ApplyAsync(Vector("v1", "a", 1, 0), Published("v1", 1));
        await ApplyAsync(Vector("v2", "a", 1, 0), Published("v2", 2));
        Assert.Equal("v1", _view.Current!.Version);
    }

    [Fact]
    public async Task A_vector_that_is_not_finite_makes_its_version_incomplete()
    {
        await ApplyAsync(Vector("v1", "a", 1, 0), Vector("v1", "b", float.NaN, 0), Published("v1", 2));
        Assert.Null(_view.Current);
    }

    [Fact]
    public async Task While_the_log_is_replayed_the_model_goes_on_being_served()
    {
        await ApplyAsync(Vector("v1", "a", 1, 0), Published("v1", 1));
        await _view.ResetAsync(CancellationToken.None);
        Assert.Equal("v1", _view.Current!.Version);
        Assert.Equal(0, await _view.GetPositionAsync(Topics.Embeddings, CancellationToken.None));
    }

    private static EmbeddingChange Vector(string version, string item, float x, float y) => new()
    {
        Upsert = new ItemVector { Space = ModelsView.Collaborative, ModelVersion = version, ItemId = item, Vector = PackedVector.Pack([x, y]) },
    };

    private static EmbeddingChange Published(string version, int items) => new()
    {
        Published = new ModelPublished { Space = ModelsView.Collaborative, ModelVersion = version, Dimensions = 2, Items = items },
    };

    private ValueTask ApplyAsync(params EmbeddingChange[] changes) => _view.ApplyAsync(
        Topics.Embeddings,
        [.. changes.Select(c => new StoredRecord { Offset = _offset++, Record = new Contracts.EventLog.V1.Record { Payload = c.ToByteString() } })],
        CancellationToken.None);
}
