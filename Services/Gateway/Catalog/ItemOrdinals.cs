namespace RecoAspire.Gateway.Catalog;

/// <summary>
/// Small integers for item ids, given once and kept for the life of the process, so that everything else in the gateway
/// works on arrays. Ids may come from events before the catalogue knows the item.
/// </summary>
public sealed class ItemOrdinals
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _byId = new(StringComparer.Ordinal);
    private volatile string[] _ids = new string[1024];
    private volatile int _count;

    /// <summary>How many ordinals exist: they are 0 … Count-1.</summary>
    public int Count => _count;

    /// <summary>The ordinal of an id, made when new.</summary>
    public int GetOrAdd(string id)
    {
        lock (_gate)
        {
            if (_byId.TryGetValue(id, out var ordinal)) return ordinal;
            ordinal = _count;
            var ids = _ids;
            if (ordinal == ids.Length)
            {
                Array.Resize(ref ids, ids.Length * 2);
                ids[ordinal] = id;
                _ids = ids;
            }
            else
            {
                ids[ordinal] = id;
            }

            _byId.Add(id, ordinal);
            _count = ordinal + 1;
            return ordinal;
        }
    }

    /// <summary>The ordinal of a known id.</summary>
    public bool TryGet(string id, out int ordinal)
    {
        lock (_gate) return _byId.TryGetValue(id, out ordinal);
    }

    /// <summary>The id of an ordinal.</summary>
    public string IdOf(int ordinal) => _ids[ordinal];
}
