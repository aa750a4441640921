using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using RecoAspire.ServiceDefaults.Concurrency;
using RecoAspire.ServiceDefaults.Views;
using RecoAspire.VectorSearch.Search;
using RecoAspire.VectorSearch.Spaces;
using RecoAspire.VectorSearch.Stores;

namespace RecoAspire.VectorSearch.Views;

/// <summary>SHA-256 over everything the view holds, in the ordinal order of names and ids.</summary>
internal static class ContentDigest
{
    public static ViewDigest Of(SearchState state, SqliteVectorStore store)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var entries = 0L;
        foreach (var space in state.Spaces.Values.OrderBy(s => s.Name, StringComparer.Ordinal))
        {
            Append(hash, space.Name);
            entries += AppendVersion(hash, "current", space.Current, state.Ids);
            entries += AppendVersion(hash, "previous", space.Previous, state.Ids);
            foreach (var version in space.Pending) entries += AppendVersion(hash, "pending", version, state.Ids);
        }

        foreach (var (item, facts) in store.ReadFacts().OrderBy(f => f.Item, StringComparer.Ordinal))
        {
            Append(hash, item);
            Append(hash, facts is null ? "removed" : "item");
            Append(hash, facts);
            entries++;
        }

        return new ViewDigest(Convert.ToHexStringLower(hash.GetHashAndReset()), entries);
    }

    private static int AppendVersion(IncrementalHash hash, string role, VersionState? version, ItemNumbers ids)
    {
        if (version is null) return 0;
        Append(hash, role);
        Append(hash, version.Name);
        foreach (var (id, item) in version.Table.Items().Select(i => (Id: ids.IdOf(i), Item: i)).OrderBy(i => i.Id, StringComparer.Ordinal))
        {
            Append(hash, id);
            Append(hash, VectorReader.ToBytes(version.Table.Find(item)));
        }

        return version.Table.Count;
    }

    private static void Append(IncrementalHash hash, string text) => Append(hash, Encoding.UTF8.GetBytes(text));

    // Each part with its length, so that no two contents give the same bytes.
    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
