using RecoAspire.Contracts.Interactions.V1;

namespace RecoAspire.ServiceDefaults.Signals;

/// <summary>How much one interaction says about taste, in units of one ordinary watch. One place for these numbers.</summary>
public static class WatchWeights
{
    /// <summary>Below this fraction of the programme a play says nothing.</summary>
    public const double MeaningfulFraction = 0.1;

    /// <summary>Weight of an interaction as evidence of liking; 0 = none. A fraction counts, not minutes: a finished episode is a success.</summary>
    public static float Of(InteractionKind kind, int positionSeconds, int durationSeconds, float rating) => kind switch
    {
        InteractionKind.Complete or InteractionKind.Like => 1f,
        // A rating says that it was watched; how it was liked decides only whether it may explain something.
        InteractionKind.Rate => 1f,
        InteractionKind.Play or InteractionKind.Progress => Fraction(positionSeconds, durationSeconds) switch
        {
            null => 0.5f,
            < MeaningfulFraction => 0f,
            var fraction => (float)Math.Clamp(fraction.Value, 0.25, 1.0),
        },
        _ => 0f,
    };

    private static double? Fraction(int positionSeconds, int durationSeconds) =>
        durationSeconds > 0 ? Math.Min(1.0, (double)positionSeconds / durationSeconds) : null;
}
