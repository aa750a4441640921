using System.Collections.Frozen;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Embedding.V1;
using RecoAspire.ServiceDefaults.Concurrency;
using RecoAspire.ServiceDefaults.Sqlite;
using RecoAspire.VectorSearch.Filtering;
using RecoAspire.VectorSearch.Search;
using RecoAspire.VectorSearch.Spaces;
using RecoAspire.VectorSearch.Stores;

namespace RecoAspire.VectorSearch.Views;

/// <summary>
/// What the view holds, in memory and on disk: every change goes to both. Nothing that it does is visible to readers before
/// <see cref="Publish"/>.
/// </summary>
internal sealed class VectorContent(SqliteVectorStore store)
{
    private readonly ItemNumbers _ids = new();
    private readonly FactTable _facts = new();
    private readonly SortedDictionary<string, Space> _spaces = new(StringComparer.Ordinal);
    private readonly HashSet<long> _storedVersions = [];
    private readonly HashSet<Space> _changedSpaces = [];
    private long _lastVersionId;

    public IEnumerable<Space> Spaces => _spaces.Values;

    /// <summary>Reads everything from the store.</summary>
    public static VectorContent Load(SqliteVectorStore store)
    {
        var content = new VectorContent(store);
        var versions = new Dictionary<long, SpaceVersion>();
        foreach (var (id, name, version, dimensions, role, published) in store.ReadVersions())
        {
            versions[id] = new SpaceVersion(id, version, dimensions);
            content.GetOrAddSpace(name).Restore(versions[id], role, published);
            content._storedVersions.Add(id);
            content._lastVersionId = id;
        }

        var buffer = new float[SpaceLimits.MaxDimensions];
        foreach (var (id, item, bytes) in store.ReadVectors())
        {
            if (!versions.TryGetValue(id, out var version) || bytes.Length != version.Table.Dimensions * sizeof(float))
                throw RowCheck.Damaged("a vector without its version");
            var vector = buffer.AsSpan(0, version.Table.Dimensions);
            VectorReader.Copy(bytes, vector);
            version.Table.Upsert(content._ids.GetOrAdd(item), vector);
        }

        foreach (var (item, facts) in store.ReadFacts())
        {
            if (facts is null) content._facts.Remove(content._ids.GetOrAdd(item));
            else content._facts.Upsert(content._ids.GetOrAdd(item), Item.Parser.ParseFrom(facts));
        }

        return content;
    }

    /// <summary>Applies one change of vectors. Null, or why it is rejected.</summary>
    public string? Apply(EmbeddingChange change) => change.ChangeCase switch
    {
        EmbeddingChange.ChangeOneofCase.Upsert => Upsert(change.Upsert),
        EmbeddingChange.ChangeOneofCase.Removed => Remove(change.Removed),
        EmbeddingChange.ChangeOneofCase.Published => PublishVersion(change.Published),
        _ => "says nothing",
    };

    /// <summary>Applies one change of the catalogue. Null, or why it is rejected.</summary>
    public string? Apply(CatalogChange change)
    {
        var id = change.ChangeCase == CatalogChange.ChangeOneofCase.Upsert ? change.Upsert.Id : change.RemovedItemId;
        if (!SpaceLimits.IsItemId(id)) return "has no item id";
        if (change.ChangeCase == CatalogChange.ChangeOneofCase.Upsert)
        {
            var facts = ItemFacts.Trim(change.Upsert);
            _facts.Upsert(_ids.GetOrAdd(id), facts);
            store.PutFacts(id, Google.Protobuf.MessageExtensions.ToByteArray(facts));
            return null;
        }

        // Remembered, because the topics are not ordered against each other: the item's vectors may still be to come.
        _facts.Remove(_ids.GetOrAdd(id));
        store.PutFacts(id, null);
        return null;
    }

    /// <summary>Writes what the batch has done to versions; belongs to its transaction.</summary>
    public void SaveVersions()
    {
        foreach (var space in _changedSpaces)
        {
            foreach (var version in space.Versions)
                store.PutVersion(version.StoreId, space.Name, version.Name, version.Table.Dimensions, space.RoleOf(version), space.Published);
        }

        if (_changedSpaces.Count > 0)
        {
            var alive = _spaces.Values.SelectMany(s => s.Versions).Select(v => v.StoreId).ToHashSet();
            foreach (var dropped in _storedVersions.Where(id => !alive.Contains(id)).ToArray())
            {
                store.DeleteVersion(dropped);
                _storedVersions.Remove(dropped);
            }
        }

        _changedSpaces.Clear();
    }

    /// <summary>Everything as of now, for readers.</summary>
    public SearchState Publish()
    {
        var spaces = _spaces.Values.Select(s => new SpaceState(
            s.Name, s.Similarity, StateOf(s.Current), StateOf(s.Previous), [.. s.Pending.Select(v => StateOf(v)!)]));
        return new SearchState(spaces.ToFrozenDictionary(s => s.Name, StringComparer.Ordinal), _facts.Publish(), _ids, _ids.Count);
    }

    private static VersionState? StateOf(SpaceVersion? version) => version is null ? null : new VersionState(version.Name, version.Table.Publish());

    private string? Upsert(ItemVector change)
    {
        if (!SpaceLimits.IsName(change.Space)) return "has no space";
        if (!SpaceLimits.IsVersion(change.ModelVersion)) return "has no model_version";
        if (!SpaceLimits.IsItemId(change.ItemId)) return "has no item_id";
        if (VectorReader.TryRead(change.Vector.Span, out var vector) is { } problem) return $"vector {problem}";
        var known = _spaces.GetValueOrDefault(change.Space);
        if (known is null && _spaces.Count == SpaceLimits.MaxSpaces) return $"more than {SpaceLimits.MaxSpaces} spaces";
        var version = known?.Find(change.ModelVersion);
        if (version is not null && version.Table.Dimensions != vector.Length)
            return $"has {vector.Length} dimensions in a version of {version.Table.Dimensions}";
        var item = _ids.GetOrAdd(change.ItemId);
        if (version?.Table.Count >= SpaceLimits.MaxVectors && !version.Table.Contains(item))
            return $"more than {SpaceLimits.MaxVectors} vectors";

        var space = known ?? GetOrAddSpace(change.Space);
        if (space.Similarity == Similarity.Cosine) VectorReader.Normalise(vector);
        version ??= AddVersion(space, change.ModelVersion, vector.Length);
        version.Table.Upsert(item, vector);
        store.PutVector(version.StoreId, change.ItemId, VectorReader.ToBytes(vector));
        return null;
    }

    private string? Remove(RemovedVector change)
    {
        if (!_spaces.TryGetValue(change.Space, out var space) || !_ids.TryGet(change.ItemId, out var item)) return null;
        foreach (var version in space.Versions)
            if (version.Table.Remove(item)) store.DeleteVector(version.StoreId, change.ItemId);
        return null;
    }

    private string? PublishVersion(ModelPublished change)
    {
        if (!SpaceLimits.IsName(change.Space)) return "has no space";
        if (!SpaceLimits.IsVersion(change.ModelVersion)) return "has no model_version";
        if (change.Dimensions is < 1 or > SpaceLimits.MaxDimensions) return $"has {change.Dimensions} dimensions";
        if (!_spaces.ContainsKey(change.Space) && _spaces.Count == SpaceLimits.MaxSpaces) return $"more than {SpaceLimits.MaxSpaces} spaces";
        var space = GetOrAddSpace(change.Space);
        var version = space.Find(change.ModelVersion) ?? AddVersion(space, change.ModelVersion, change.Dimensions);
        if (version.Table.Dimensions != change.Dimensions)
            return $"publishes {change.Dimensions} dimensions, the vectors have {version.Table.Dimensions}";
        space.Publish(version);
        _changedSpaces.Add(space);
        return null;
    }

    private SpaceVersion AddVersion(Space space, string version, int dimensions)
    {
        _changedSpaces.Add(space);
        // From here on it has vectors in the store, even if the same batch drops it again.
        _storedVersions.Add(++_lastVersionId);
        return space.Add(_lastVersionId, version, dimensions);
    }

    private Space GetOrAddSpace(string name)
    {
        if (!_spaces.TryGetValue(name, out var space)) _spaces.Add(name, space = new Space(name));
        return space;
    }
}
