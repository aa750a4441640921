using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Contracts.Profile.V1;

namespace RecoAspire.Profile.History;

/// <summary>What the view demands of a record. Producers check more; this keeps a faulty one from harming the profiles.</summary>
internal static class RecordChecks
{
    public const int MaxIdChars = 128;

    public static bool IsValid(Interaction interaction) =>
        IsId(interaction.ViewerId)
        && IsId(interaction.ItemId)
        && interaction.Kind is > InteractionKind.Unspecified and <= InteractionKind.Clear
        && interaction.OccurredAtMs > 0
        && interaction.PositionSeconds >= 0
        && interaction.DurationSeconds >= 0
        && (interaction.Kind != InteractionKind.Rate || interaction.Rating is >= 0.5f and <= 5f);

    public static bool IsValid(ProfileOperation operation) =>
        IsId(operation.ViewerId)
        && operation.OccurredAtMs > 0
        && operation.OperationCase == ProfileOperation.OperationOneofCase.SetPreferences
        && PreferenceChecks.Problem(operation.SetPreferences) is null;

    private static bool IsId(string id) => id.Length is > 0 and <= MaxIdChars;
}
