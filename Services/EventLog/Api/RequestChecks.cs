using System.Diagnostics;
using System.Text.RegularExpressions;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.EventLog.Log;

namespace RecoAspire.EventLog.Api;

/// <summary>Checks every field of a request. Throws <see cref="ArgumentException"/> with the field's name: the caller gets INVALID_ARGUMENT.</summary>
internal static partial class RequestChecks
{
    public static void Check(AppendRequest request)
    {
        CheckTopic(request.Topic);
        if (request.Records.Count is 0 or > LogLimits.MaxAppendRecords)
            throw new ArgumentException($"records: {request.Records.Count} given, 1-{LogLimits.MaxAppendRecords} allowed");
        long bytes = 0;
        for (var i = 0; i < request.Records.Count; i++)
        {
            var record = request.Records[i];
            if (Problem(record) is { } problem) throw new ArgumentException($"records[{i}].{problem}");
            bytes += record.CalculateSize();
        }

        if (bytes > LogLimits.MaxAppendBytes) throw new ArgumentException($"records: {bytes} bytes, at most {LogLimits.MaxAppendBytes} allowed");
    }

    public static void Check(TailRequest request)
    {
        CheckTopic(request.Topic);
        if (request.FromOffset < 0) throw new ArgumentException($"from_offset: {request.FromOffset} is negative");
        if (request.MaxBatchRecords is < 0 or > LogLimits.MaxBatchRecords)
            throw new ArgumentException($"max_batch_records: {request.MaxBatchRecords} given, 0-{LogLimits.MaxBatchRecords} allowed");
    }

    public static void Check(CommitOffsetRequest request)
    {
        CheckGroup(request.Group);
        CheckTopic(request.Topic);
        if (request.Offset < 0) throw new ArgumentException($"offset: {request.Offset} is negative");
    }

    public static void Check(GetOffsetRequest request)
    {
        CheckGroup(request.Group);
        CheckTopic(request.Topic);
    }

    private static void CheckTopic(string topic)
    {
        if (!Topic().IsMatch(topic)) throw new ArgumentException($"topic: must be 1-{LogLimits.MaxTopicChars} characters of [a-z0-9.-]");
    }

    private static void CheckGroup(string group)
    {
        if (IdProblem(group) is { } problem) throw new ArgumentException($"group: {problem}");
    }

    private static string? Problem(Record record)
    {
        if (IdProblem(record.EventId) is { } eventId) return $"event_id: {eventId}";
        if (IdProblem(record.Key) is { } key) return $"key: {key}";
        if (!MessageType().IsMatch(record.Type)) return "type: must be a message's full name, 1-128 characters of [A-Za-z0-9_.]";
        if (record.Payload.Length > LogLimits.MaxPayloadBytes)
            return $"payload: {record.Payload.Length} bytes, at most {LogLimits.MaxPayloadBytes} allowed";
        if (record.Traceparent.Length > 0 && !ActivityContext.TryParse(record.Traceparent, null, out _))
            return "traceparent: must be empty or a W3C traceparent";
        return null;
    }

    private static string? IdProblem(string id)
    {
        if (id.Length is 0 or > LogLimits.MaxIdChars) return $"must be 1-{LogLimits.MaxIdChars} characters";
        foreach (var c in id)
            if (char.IsControl(c)) return "must not contain control characters";
        return null;
    }

    [GeneratedRegex(@"^[a-z0-9.-]{1,64}\z")]
    private static partial Regex Topic();

    [GeneratedRegex(@"^[A-Za-z0-9_.]{1,128}\z")]
    private static partial Regex MessageType();
}
