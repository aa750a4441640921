using Google.Protobuf;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Profile.Tests;

/// <summary>Builds interactions and the records that carry them.</summary>
internal static class Events
{
    public const long Start = 1_700_000_000_000;

    public static Interaction Create(
        InteractionKind kind, string viewer = "v1", string item = "i1", long at = Start, int position = 0, int duration = 0, float rating = 0) => new()
        {
            ViewerId = viewer,
            ItemId = item,
            Kind = kind,
            OccurredAtMs = at,
            PositionSeconds = position,
            DurationSeconds = duration,
            Rating = rating,
        };

    public static ProfileOperation SetPreferences(string viewer, long at, params IEnumerable<string> languages)
    {
        var operation = new ProfileOperation { ViewerId = viewer, OccurredAtMs = at, SetPreferences = new Preferences() };
        operation.SetPreferences.Languages.AddRange(languages);
        return operation;
    }

    /// <summary>Records as the log would deliver them, from <paramref name="firstOffset"/> on.</summary>
    public static StoredRecord[] Store(IEnumerable<IMessage> messages, long firstOffset = 0) =>
        [.. messages.Select((message, i) => new StoredRecord
        {
            Offset = firstOffset + i,
            AppendedAtMs = Start,
            Record = LogWriter.ToRecord($"e{firstOffset + i}", "k", message),
        })];
}
