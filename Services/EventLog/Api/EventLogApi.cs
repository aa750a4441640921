using Grpc.Core;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.EventLog.Log;
using RecoAspire.EventLog.Stores;
using RecoAspire.ServiceDefaults.Sqlite;

namespace RecoAspire.EventLog.Api;

/// <summary>gRPC face of the log.</summary>
internal sealed class EventLogApi(LogFile file, GroupCommit writer, SqliteReaderPool<LogReader> readers, TopicFollower follower) : EventLogService.EventLogServiceBase
{
    public override async Task<AppendResponse> Append(AppendRequest request, ServerCallContext context)
    {
        RequestChecks.Check(request);
        // Not disposed when the write fails to be answered: the writer may still be reading it. The pool forgets it then.
        var records = EncodedRecords.Encode(request.Records);
        var response = await WriteAsync(new PendingAppend(request.Topic, records));
        records.Dispose();
        return response;
    }

    public override Task Tail(TailRequest request, IServerStreamWriter<TailBatch> responseStream, ServerCallContext context)
    {
        RequestChecks.Check(request);
        return follower.SendAsync(request, responseStream, context.CancellationToken);
    }

    public override Task<LogInfo> GetInfo(GetInfoRequest request, ServerCallContext context)
    {
        var info = new LogInfo { LogId = file.LogId };
        info.Topics.AddRange(file.Topics.Select(t => new TopicInfo { Topic = t.Name, NextOffset = t.NextOffset }));
        return Task.FromResult(info);
    }

    public override async Task<CommitOffsetResponse> CommitOffset(CommitOffsetRequest request, ServerCallContext context)
    {
        RequestChecks.Check(request);
        var end = file.Find(request.Topic)?.NextOffset ?? 0;
        if (request.Offset > end)
            throw new RpcException(new Status(StatusCode.OutOfRange, $"offset: {request.Offset} is after the end of '{request.Topic}', which is {end}"));
        var inForce = await WriteAsync(new PendingGroupOffset(request.Group, request.Topic, request.Offset, request.Force));
        return new CommitOffsetResponse { Offset = inForce };
    }

    public override async Task<GetOffsetResponse> GetOffset(GetOffsetRequest request, ServerCallContext context)
    {
        RequestChecks.Check(request);
        var offset = await readers.ReadAsync(reader => reader.GroupOffset(request.Group, request.Topic), context.CancellationToken);
        return new GetOffsetResponse { Offset = offset };
    }

    private async Task<TAnswer> WriteAsync<TAnswer>(PendingWrite<TAnswer> write)
    {
        try
        {
            return await writer.WriteAsync(write);
        }
        catch (WriteRefusedException e)
        {
            throw new RpcException(new Status(e.Retryable && writer.Failure is not null ? StatusCode.Unavailable : StatusCode.ResourceExhausted, e.Message));
        }
    }
}
