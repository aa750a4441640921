using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.ServiceDefaults.Signals;

namespace RecoAspire.Gateway.Viewers;

/// <summary>What an interaction does to a viewer's facts.</summary>
internal static class InteractionEffects
{
    /// <summary>Ratings below this, of five stars, are no recommendation to see more of the same.</summary>
    public const float PoorRating = 2.5f;

    /// <summary>Returns true when it is the viewer's first watch of the title.</summary>
    public static bool Apply(ViewerFacts facts, int item, Interaction interaction)
    {
        switch (interaction.Kind)
        {
            case InteractionKind.Dislike or InteractionKind.Hide:
                facts.AddRefused(item, interaction.OccurredAtMs);
                if (interaction.Kind == InteractionKind.Dislike) facts.RemoveRecent(item);
                return false;
            case InteractionKind.Clear:
                facts.RemoveRefused(item, interaction.OccurredAtMs);
                return false;
            case InteractionKind.Like:
                facts.AddRecent(item, 1f);
                return false;
        }

        if (!IsSeen(interaction.Kind)) return false;
        var isFirstWatch = facts.AddSeen(item, CountsAsWatch(interaction));
        var weight = WatchWeights.Of(interaction.Kind, interaction.PositionSeconds, interaction.DurationSeconds, interaction.Rating);
        var poor = interaction.Kind == InteractionKind.Rate && interaction.Rating < PoorRating;
        if (weight > 0 && !poor) facts.AddRecent(item, weight);
        return isFirstWatch;
    }

    /// <summary>A title that was played, finished, rated or skipped does not come back by itself.</summary>
    public static bool IsSeen(InteractionKind kind) => kind is InteractionKind.Play or InteractionKind.Progress
        or InteractionKind.Complete or InteractionKind.Rate or InteractionKind.Skip;

    /// <summary>Does it make the title more popular?</summary>
    public static bool CountsAsWatch(Interaction interaction) =>
        interaction.Kind is InteractionKind.Play or InteractionKind.Complete or InteractionKind.Rate
        || (interaction.Kind == InteractionKind.Progress && WatchWeights.Of(interaction.Kind, interaction.PositionSeconds, interaction.DurationSeconds, 0) > 0);
}
