using RecoAspire.Contracts.Interactions.V1;

namespace RecoAspire.Profile.History;

/// <summary>Numbers are stored: append-only. The higher wins between two of one millisecond: caution before delight.</summary>
internal enum Taste
{
    None = 0,
    Liked = 1,
    Disliked = 2,
}

/// <summary>
/// What a viewer said about one item: two last-writer-wins registers, one for taste and one for "do not show me this again".
/// Taken-back opinions stay as <see cref="Taste.None"/> with their time, so that an older like that arrives late changes nothing.
/// </summary>
internal readonly record struct Opinion(Taste Taste, long TasteAtMs, bool Hidden, long HiddenAtMs)
{
    public static bool Concerns(InteractionKind kind) =>
        kind is InteractionKind.Like or InteractionKind.Dislike or InteractionKind.Hide or InteractionKind.Clear;

    public static Opinion From(Interaction interaction) => interaction.Kind switch
    {
        InteractionKind.Like => new Opinion(Taste.Liked, interaction.OccurredAtMs, false, 0),
        InteractionKind.Dislike => new Opinion(Taste.Disliked, interaction.OccurredAtMs, false, 0),
        InteractionKind.Hide => new Opinion(Taste.None, 0, true, interaction.OccurredAtMs),
        InteractionKind.Clear => new Opinion(Taste.None, interaction.OccurredAtMs, false, interaction.OccurredAtMs),
        var other => throw new ArgumentOutOfRangeException(nameof(interaction), other, "not an opinion"),
    };

    public Opinion Merge(in Opinion other)
    {
        var othersTaste = (other.TasteAtMs, (int)other.Taste).CompareTo((TasteAtMs, (int)Taste)) > 0;
        var othersHidden = (other.HiddenAtMs, other.Hidden).CompareTo((HiddenAtMs, Hidden)) > 0;
        return new Opinion(
            othersTaste ? other.Taste : Taste,
            othersTaste ? other.TasteAtMs : TasteAtMs,
            othersHidden ? other.Hidden : Hidden,
            othersHidden ? other.HiddenAtMs : HiddenAtMs);
    }
}
