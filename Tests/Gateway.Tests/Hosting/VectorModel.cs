using System.Runtime.InteropServices;
using Google.Protobuf;
using RecoAspire.Contracts.Catalog.V1;

namespace RecoAspire.Gateway.Tests.Hosting;

/// <summary>
/// The vectors that the in-memory services share. Text: words hashed into 64 dimensions, length 1. Collaborative: one
/// dimension per circle of viewers, which is the item's first theme ("circle-3"); items without one are cold.
/// </summary>
internal sealed class VectorModel
{
    public const int Dimensions = 64;

    /// <summary>Version that FoldIn uses when none is asked for; null = nothing has been trained.</summary>
    public string? EmbeddingVersion { get; set; } = "als-1";

    /// <summary>Version that the vector service can search; null = the space does not exist.</summary>
    public string? SearchableVersion { get; set; } = "als-1";

    public static float[] Text(string text)
    {
        var vector = new float[Dimensions];
        foreach (var word in text.ToLowerInvariant().Split([' ', ',', '.', '\'', '’', '-', ':'], StringSplitOptions.RemoveEmptyEntries))
            vector[Hash(word) % Dimensions] += 1;
        return Normalise(vector);
    }

    public static float[] Text(Item item) => Text($"{item.Title} {item.Synopsis} {string.Join(' ', item.Genres)}");

    /// <summary>Null = the model does not know the item.</summary>
    public static float[]? Collaborative(Item item)
    {
        if (item.Themes.Count == 0) return null;
        var vector = new float[Dimensions];
        vector[Hash(item.Themes[0]) % Dimensions] = 1;
        // Items of one circle differ a little, so that their order is one.
        vector[Hash(item.Id) % Dimensions] += 0.1f;
        return vector;
    }

    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0f;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    public static ByteString Pack(float[] vector) => ByteString.CopyFrom(MemoryMarshal.AsBytes(vector.AsSpan()));

    public static float[] Unpack(ByteString bytes) => MemoryMarshal.Cast<byte, float>(bytes.Span).ToArray();

    public static float[] Normalise(float[] vector)
    {
        var length = MathF.Sqrt(Dot(vector, vector));
        for (var i = 0; length > 0 && i < vector.Length; i++) vector[i] /= length;
        return vector;
    }

    private static int Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text) hash = (hash ^ c) * 16777619u;
        return (int)(hash >> 1);
    }
}
