using System.Diagnostics;
using Google.Protobuf;
using RecoAspire.Contracts.EventLog.V1;

namespace RecoAspire.ServiceDefaults.Views;

/// <summary>Appends typed events to the log. Safe to repeat: the log keeps one record per topic and event id.</summary>
public sealed class LogWriter(EventLogService.EventLogServiceClient log)
{
    /// <summary>
    /// The record of one message: its type is the message's full name ("reco.interactions.v1.Interaction"), its trace the
    /// current activity's.
    /// </summary>
    /// <param name="eventId">Chosen by the producer, unique per topic, 1-128 characters.</param>
    /// <param name="key">Records of one key stay in order, 1-128 characters.</param>
    /// <param name="message">The payload.</param>
    public static Record ToRecord(string eventId, string key, IMessage message) => new()
    {
        EventId = eventId,
        Key = key,
        Type = message.Descriptor.FullName,
        Payload = message.ToByteString(),
        Traceparent = Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } ? id : "",
    };

    /// <summary>Appends records, all or none; durable when this returns.</summary>
    /// <exception cref="Grpc.Core.RpcException">As <c>EventLogService.Append</c> says.</exception>
    public async Task<AppendResponse> AppendAsync(string topic, IEnumerable<Record> records, CancellationToken cancellationToken)
    {
        var request = new AppendRequest { Topic = topic };
        request.Records.AddRange(records);
        return await log.AppendAsync(request, cancellationToken: cancellationToken);
    }

    /// <summary>Appends one event and returns its offset; that of the first time when it had been there before.</summary>
    /// <exception cref="Grpc.Core.RpcException">As <c>EventLogService.Append</c> says.</exception>
    public async Task<long> AppendAsync(string topic, string eventId, string key, IMessage message, CancellationToken cancellationToken)
    {
        var response = await AppendAsync(topic, [ToRecord(eventId, key, message)], cancellationToken);
        return response.Offsets[0];
    }
}
