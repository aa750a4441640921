using RecoAspire.Contracts.EventLog.V1;

namespace RecoAspire.ServiceDefaults.Views;

/// <summary>
/// A store that is derived from the log. The runner calls one method at a time; implementations need to guard only
/// against their own readers.
/// </summary>
public interface ILogView
{
    /// <summary>Name by which operators rebuild it ("profiles", "graph"): 1-64 characters of [a-z0-9-].</summary>
    string Name { get; }

    /// <summary>Topics it reads. Records of one topic arrive in order; topics are not ordered against each other.</summary>
    IReadOnlyList<string> Topics { get; }

    /// <summary>Next offset to apply, as kept by the store: 0 for an empty one.</summary>
    ValueTask<long> GetPositionAsync(string topic, CancellationToken cancellationToken);

    /// <summary>
    /// Applies records in order and remembers the position after the last one. Both become durable together, or the
    /// effects are idempotent: after a crash the same records come again. Records that cannot be read are skipped and
    /// counted (<see cref="ViewMetrics.Rejected"/>), never thrown: one bad record must not stop a view.
    /// </summary>
    ValueTask ApplyAsync(string topic, IReadOnlyList<StoredRecord> records, CancellationToken cancellationToken);

    /// <summary>Empties the store and sets every position to 0.</summary>
    ValueTask ResetAsync(CancellationToken cancellationToken);

    /// <summary>Digest over the content in a canonical order: equal content gives equal digests, whatever the order of arrival.</summary>
    ValueTask<ViewDigest> GetDigestAsync(CancellationToken cancellationToken);
}

/// <summary>SHA-256 (lower-case hexadecimal) over a view's content, and how many entries it covers.</summary>
public readonly record struct ViewDigest(string Sha256, long Entries);

/// <summary>Names of the log's topics.</summary>
public static class Topics
{
    /// <summary>Catalogue changes, keyed by item id.</summary>
    public const string Catalog = "catalog";

    /// <summary>Item vectors and model publications.</summary>
    public const string Embeddings = "embeddings";

    /// <summary>What viewers did, keyed by viewer id.</summary>
    public const string Interactions = "interactions";

    /// <summary>Changes of preferences, keyed by viewer id.</summary>
    public const string ProfileOps = "profile-ops";
}
