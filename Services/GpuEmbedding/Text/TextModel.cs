using System.Globalization;
using System.Numerics.Tensors;

namespace RecoAspire.GpuEmbedding.Text;

/// <summary>
/// Text to unit vectors: hashed features with sublinear frequency and inverse document frequency, projected by sparse random
/// signs (Achlioptas 2003; Li, Hastie, Church 2006). Every feature owns 8 of the 256 positions, by its hash: no table, no training,
/// the same vector everywhere.
/// </summary>
public sealed class TextModel
{
    /// <summary>Length of the vectors.</summary>
    public const int Dimensions = 256;

    private const string VersionPrefix = "text-";
    private const int PositionsPerFeature = 8;
    private const int Buckets = 1 << 18;
    private readonly ushort[] _frequencies;
    private readonly int _documents;

    private TextModel(string version, ushort[] frequencies, int documents)
    {
        Version = version;
        _frequencies = frequencies;
        _documents = documents;
    }

    /// <summary>Vectors of different versions are not comparable.</summary>
    public string Version { get; }

    /// <summary>Version of a model that was taken at an offset of the topic <c>catalog</c>.</summary>
    internal static string VersionAt(long offset) => string.Create(CultureInfo.InvariantCulture, $"{VersionPrefix}{offset}");

    /// <summary>The offset that a version names; null when it names none.</summary>
    internal static long? OffsetOf(string version) =>
        version.StartsWith(VersionPrefix, StringComparison.Ordinal)
        && long.TryParse(version.AsSpan(VersionPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) && offset > 0 ? offset : null;

    /// <summary>Before any catalogue: every feature counts the same.</summary>
    public static TextModel Uniform { get; } = new("text-0", [], 0);

    /// <summary>The unit vector of the features; zero when there are none.</summary>
    public void Project(Dictionary<ulong, float> features, Span<float> vector)
    {
        vector.Clear();
        // Floating-point sums depend on the order: sorted, so that the same text gives the same bits.
        foreach (var (hash, frequency) in features.OrderBy(f => f.Key))
        {
            var value = (1 + MathF.Log(1 + frequency)) * MathF.Min(1f, frequency * 4) * Rarity(hash);
            var bits = hash;
            for (var p = 0; p < PositionsPerFeature; p++)
            {
                bits = Mix(bits + 0x9E3779B97F4A7C15UL);
                var position = (int)(bits & (Dimensions - 1));
                vector[position] += (bits & 0x8000_0000UL) == 0 ? value : -value;
            }
        }

        var norm = TensorPrimitives.Norm<float>(vector);
        if (norm > 0) TensorPrimitives.Divide(vector, norm, vector);
    }

    private float Rarity(ulong hash)
    {
        if (_documents == 0) return 1f;
        return MathF.Log((1f + _documents) / (1f + _frequencies[hash % Buckets])) + 0.1f;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>Counts in how many documents features occur.</summary>
    internal sealed class Frequencies
    {
        private readonly ushort[] _counts = new ushort[Buckets];

        public int Documents { get; private set; }

        public void Add(Dictionary<ulong, float> features)
        {
            Documents++;
            foreach (var hash in features.Keys)
            {
                ref var count = ref _counts[hash % Buckets];
                if (count < ushort.MaxValue) count++;
            }
        }

        public TextModel ToModel(string version) => new(version, [.. _counts], Documents);
    }
}
