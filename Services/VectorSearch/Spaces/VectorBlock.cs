using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RecoAspire.VectorSearch.Spaces;

/// <summary>
/// Contiguous rows of float32, 64-byte aligned (one cache line, one Vector512), with the item number of each row. Rows are
/// written once, before the count that covers them is published.
/// </summary>
internal sealed class VectorBlock
{
    private const int AlignmentFloats = 16;
    private readonly float[] _storage;
    private readonly int _start;

    public VectorBlock(int rows, int stride)
    {
        // Pinned, so that the alignment found here stays true; collected like any array once no snapshot refers to it.
        _storage = GC.AllocateArray<float>(rows * stride + AlignmentFloats, pinned: true);
        var misalignment = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(_storage, 0) & (AlignmentFloats * sizeof(float) - 1));
        _start = misalignment == 0 ? 0 : AlignmentFloats - misalignment / sizeof(float);
        Items = new int[rows];
    }

    /// <summary>Item number of each row.</summary>
    public int[] Items { get; }

    public ref float First => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_storage), _start);

    public Span<float> Row(int row, int stride) => _storage.AsSpan(_start + row * stride, stride);
}
