using RecoAspire.Contracts.Interactions.V1;

namespace RecoAspire.Profile.History;

/// <summary>
/// What a viewer did with one item. Entries merge like a join of a semilattice (commutative, associative, idempotent; Shapiro et
/// al., "Conflict-free Replicated Data Types", 2011), so late, repeated and reordered interactions end in the same entry.
/// </summary>
/// <param name="Kind">Strongest thing that happened.</param>
/// <param name="FirstAtMs">Earliest interaction.</param>
/// <param name="LastAtMs">Latest interaction.</param>
/// <param name="PositionSeconds">Furthest position.</param>
/// <param name="DurationSeconds">Longest length reported; 0 = unknown.</param>
/// <param name="Rating">Stars of the last rating; 0 = none.</param>
/// <param name="RatedAtMs">When that was; 0 = never.</param>
internal readonly record struct WatchEntry(
    InteractionKind Kind, long FirstAtMs, long LastAtMs, int PositionSeconds, int DurationSeconds, float Rating, long RatedAtMs)
{
    /// <summary>True for the kinds that are part of the history. An impression is no act of the viewer; opinions are kept apart.</summary>
    public static bool Concerns(InteractionKind kind) => Strength(kind) > 0;

    public static WatchEntry From(Interaction interaction) => new(
        interaction.Kind == InteractionKind.Progress && IsNearEnd(interaction) ? InteractionKind.Complete : interaction.Kind,
        interaction.OccurredAtMs,
        interaction.OccurredAtMs,
        interaction.PositionSeconds,
        interaction.DurationSeconds,
        interaction.Kind == InteractionKind.Rate ? interaction.Rating : 0,
        interaction.Kind == InteractionKind.Rate ? interaction.OccurredAtMs : 0);

    public WatchEntry Merge(in WatchEntry other)
    {
        // Two ratings of one millisecond: the higher wins everywhere.
        var othersRating = (other.RatedAtMs, other.Rating).CompareTo((RatedAtMs, Rating)) > 0;
        return new WatchEntry(
            Strength(other.Kind) > Strength(Kind) ? other.Kind : Kind,
            Math.Min(FirstAtMs, other.FirstAtMs),
            Math.Max(LastAtMs, other.LastAtMs),
            Math.Max(PositionSeconds, other.PositionSeconds),
            Math.Max(DurationSeconds, other.DurationSeconds),
            othersRating ? other.Rating : Rating,
            othersRating ? other.RatedAtMs : RatedAtMs);
    }

    // Credits begin about there: who reached nine tenths has seen it.
    private static bool IsNearEnd(Interaction interaction) =>
        interaction.DurationSeconds > 0 && interaction.PositionSeconds * 10L >= interaction.DurationSeconds * 9L;

    private static int Strength(InteractionKind kind) => kind switch
    {
        InteractionKind.Complete => 5,
        InteractionKind.Rate => 4,
        InteractionKind.Progress => 3,
        InteractionKind.Play => 2,
        InteractionKind.Skip => 1,
        _ => 0,
    };
}
