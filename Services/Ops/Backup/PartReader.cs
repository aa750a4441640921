using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Google.Protobuf;
using RecoAspire.Contracts.EventLog.V1;

namespace RecoAspire.Ops.Backup;

/// <summary>Reads what <see cref="PartWriter"/> wrote, and believes none of it.</summary>
internal static class PartReader
{
    // The log takes payloads of 256 KiB and three short texts.
    private const int MaxRecordBytes = 1024 * 1024;

    /// <summary>Compares size and hash of a part with its manifest, without reading records.</summary>
    /// <exception cref="OpsException">It is missing, or not what was written.</exception>
    public static void CheckFile(string folder, BackupManifest manifest, BackupManifest.Topic topic, bool hash, CancellationToken cancellationToken)
    {
        if (topic.Records == 0) return;
        var path = Path.Combine(folder, manifest.PartFile(topic));
        if (!File.Exists(path)) throw BackupManifest.Damaged(manifest.Name, $"the part of '{topic.Name}' is missing");
        using var file = Open(path);
        if (file.Length != topic.Bytes) throw BackupManifest.Damaged(manifest.Name, $"the part of '{topic.Name}' has {file.Length} bytes instead of {topic.Bytes}");
        if (!hash) return;
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[256 * 1024];
        while (file.Read(buffer) is var read && read > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            sha256.AppendData(buffer, 0, read);
        }

        if (Convert.ToHexStringLower(sha256.GetHashAndReset()) != topic.Sha256) throw BackupManifest.Damaged(manifest.Name, $"the part of '{topic.Name}' was altered");
    }

    /// <summary>The records of a part in order. Reads one at a time.</summary>
    /// <exception cref="OpsException">A record cannot be read, an offset is not the next one, or there are fewer or more than the manifest says.</exception>
    public static IEnumerable<StoredRecord> Read(string folder, BackupManifest manifest, BackupManifest.Topic topic)
    {
        if (topic.Records == 0) yield break;
        var path = Path.Combine(folder, manifest.PartFile(topic));
        if (!File.Exists(path)) throw BackupManifest.Damaged(manifest.Name, $"the part of '{topic.Name}' is missing");
        using var file = Open(path);
        using Stream content = manifest.Gzip ? new GZipStream(file, CompressionMode.Decompress) : new BufferedStream(file, 128 * 1024);
        var buffer = new byte[64 * 1024];
        if (!Fill(content, buffer.AsSpan(0, PartWriter.Format.Length)) || !buffer.AsSpan(0, PartWriter.Format.Length).SequenceEqual(PartWriter.Format))
            throw BackupManifest.Damaged(manifest.Name, $"the part of '{topic.Name}' is of another format");
        for (var offset = topic.FirstOffset; offset < topic.EndOffset; offset++)
            yield return ReadOne(content, ref buffer, offset) ?? throw BackupManifest.Damaged(manifest.Name, $"record {offset} of '{topic.Name}' cannot be read");
        if (Fill(content, buffer.AsSpan(0, 1))) throw BackupManifest.Damaged(manifest.Name, $"the part of '{topic.Name}' goes on after its last record");
    }

    private static StoredRecord? ReadOne(Stream content, ref byte[] buffer, long offset)
    {
        if (!Fill(content, buffer.AsSpan(0, sizeof(int)))) return null;
        var size = BinaryPrimitives.ReadInt32LittleEndian(buffer);
        if (size is <= 0 or > MaxRecordBytes) return null;
        if (buffer.Length < size) buffer = new byte[MaxRecordBytes];
        if (!Fill(content, buffer.AsSpan(0, size))) return null;
        try
        {
            var stored = StoredRecord.Parser.ParseFrom(buffer, 0, size);
            return stored.Offset == offset && stored.Record is not null ? stored : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static bool Fill(Stream content, Span<byte> buffer)
    {
        try
        {
            return content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) == buffer.Length;
        }
        catch (InvalidDataException)
        {
            // Not what gzip writes.
            return false;
        }
    }

    private static FileStream Open(string path) =>
        new(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Options = FileOptions.SequentialScan });
}
