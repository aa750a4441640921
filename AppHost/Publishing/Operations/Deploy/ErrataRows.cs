namespace RecoAspire.Publishing.Operations.Deploy;

/// <summary>How each row of the specification's errata is settled.</summary>
internal static class ErrataRows
{
    /// <summary>All rows, in their order.</summary>
    public static IReadOnlyList<ErrataRow> All { get; } = [];
}

/// <summary>One row.</summary>
/// <param name="Number">Its number.</param>
/// <param name="How">What was done, or why not.</param>
/// <param name="Where">Files of the published set, or of the project where the set is not the place.</param>
internal sealed record ErrataRow(int Number, string How, params IReadOnlyList<string> Where);
