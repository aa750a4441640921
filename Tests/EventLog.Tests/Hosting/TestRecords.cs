using Google.Protobuf;
using RecoAspire.Contracts.EventLog.V1;
using Record = RecoAspire.Contracts.EventLog.V1.Record;

namespace RecoAspire.EventLog.Tests;

internal static class TestRecords
{
    public const string Type = "reco.interactions.v1.Interaction";

    public static Record Create(string eventId, int payloadBytes = 40) => new()
    {
        EventId = eventId,
        Key = "viewer-1",
        Type = Type,
        Payload = UnsafeByteOperations.UnsafeWrap(new byte[payloadBytes]),
    };

    public static AppendRequest Append(string topic, params IEnumerable<string> eventIds)
    {
        var request = new AppendRequest { Topic = topic };
        request.Records.AddRange(eventIds.Select(id => Create(id)));
        return request;
    }
}
