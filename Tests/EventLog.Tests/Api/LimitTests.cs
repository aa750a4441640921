using Grpc.Core;
using RecoAspire.Contracts.EventLog.V1;

namespace RecoAspire.EventLog.Tests.Api;

public sealed class LimitTests(ServiceFixture service) : IClassFixture<ServiceFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> BadRecords => new()
    {
        { "event id empty", "records[1].event_id: must be 1-128 characters" },
        { "event id long", "records[1].event_id: must be 1-128 characters" },
        { "event id control", "records[1].event_id: must not contain control characters" },
        { "key empty", "records[1].key: must be 1-128 characters" },
        { "type empty", "records[1].type: must be a message's full name, 1-128 characters of [A-Za-z0-9_.]" },
        { "type odd", "records[1].type: must be a message's full name, 1-128 characters of [A-Za-z0-9_.]" },
        { "payload big", "records[1].payload: 262145 bytes, at most 262144 allowed" },
        { "trace odd", "records[1].traceparent: must be empty or a W3C traceparent" },
    };

    [Theory]
    [MemberData(nameof(BadRecords))]
    public async Task A_bad_record_is_named_and_nothing_of_its_append_is_kept(string what, string message)
    {
        var topic = what.Replace(' ', '.');
        var request = TestRecords.Append(topic, "good", "bad", "also-good");
        var record = request.Records[1];
        switch (what)
        {
            case "event id empty": record.EventId = ""; break;
            case "event id long": record.EventId = new string('e', 129); break;
            case "event id control": record.EventId = "a\nb"; break;
            case "key empty": record.Key = ""; break;
            case "type empty": record.Type = ""; break;
            case "type odd": record.Type = "a b"; break;
            case "payload big": record.Payload = Google.Protobuf.ByteString.CopyFrom(new byte[256 * 1024 + 1]); break;
            case "trace odd": record.Traceparent = "00-xyz"; break;
        }

        await RefusedAsync(request, message);
        var info = await service.Client.GetInfoAsync(new GetInfoRequest(), cancellationToken: Cancellation);
        Assert.DoesNotContain(info.Topics, t => t.Topic == topic);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Capital")]
    [InlineData("sp ace")]
    [InlineData("line\n")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public Task A_bad_topic_is_refused(string topic) =>
        RefusedAsync(TestRecords.Append(topic, "e"), "topic: must be 1-64 characters of [a-z0-9.-]");

    [Fact]
    public async Task The_number_of_records_is_limited()
    {
        await RefusedAsync(TestRecords.Append("count"), "records: 0 given, 1-5000 allowed");
        await RefusedAsync(TestRecords.Append("count", Enumerable.Range(0, 5_001).Select(i => $"{i}")), "records: 5001 given, 1-5000 allowed");
        var most = await service.Client.AppendAsync(TestRecords.Append("count", Enumerable.Range(0, 5_000).Select(i => $"{i}")), cancellationToken: Cancellation);
        Assert.Equal(5_000, most.NextOffset);
    }

    [Fact]
    public async Task The_size_of_an_append_is_limited()
    {
        var request = new AppendRequest { Topic = "size" };
        request.Records.AddRange(Enumerable.Range(0, 17).Select(i => TestRecords.Create($"{i}", payloadBytes: 256 * 1024)));
        var error = await Assert.ThrowsAsync<RpcException>(async () => await service.Client.AppendAsync(request, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Matches(@"^records: \d+ bytes, at most 4194304 allowed$", error.Status.Detail);
    }

    [Fact]
    public async Task The_largest_record_passes_and_comes_back_as_it_was()
    {
        var record = TestRecords.Create(new string('é', 128), payloadBytes: 256 * 1024);
        record.Key = new string('k', 128);
        record.Type = new string('t', 128);
        record.Traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await service.Client.AppendAsync(new AppendRequest { Topic = "largest", Records = { record } }, cancellationToken: Cancellation);
        using var tail = service.Client.Tail(new TailRequest { Topic = "largest" }, cancellationToken: Cancellation);
        Assert.True(await tail.ResponseStream.MoveNext(Cancellation));
        Assert.Equal(record, tail.ResponseStream.Current.Records[0].Record);
    }

    [Theory]
    [InlineData("Bad", 0, 0, StatusCode.InvalidArgument, "topic: must be 1-64 characters of [a-z0-9.-]")]
    [InlineData("t", -1, 0, StatusCode.InvalidArgument, "from_offset: -1 is negative")]
    [InlineData("t", 0, -1, StatusCode.InvalidArgument, "max_batch_records: -1 given, 0-5000 allowed")]
    [InlineData("t", 0, 5_001, StatusCode.InvalidArgument, "max_batch_records: 5001 given, 0-5000 allowed")]
    [InlineData("none", 1, 0, StatusCode.OutOfRange, "from_offset: 1 is after the end of 'none', which is 0")]
    public async Task A_bad_tail_is_refused(string topic, long from, int max, StatusCode status, string message)
    {
        using var tail = service.Client.Tail(
            new TailRequest { Topic = topic, FromOffset = from, MaxBatchRecords = max, Follow = true }, cancellationToken: Cancellation);
        var error = await Assert.ThrowsAsync<RpcException>(() => tail.ResponseStream.MoveNext(Cancellation));
        Assert.Equal((status, message), (error.StatusCode, error.Status.Detail));
    }

    [Theory]
    [InlineData("", "t", 0, StatusCode.InvalidArgument, "group: must be 1-128 characters")]
    [InlineData("g", "T", 0, StatusCode.InvalidArgument, "topic: must be 1-64 characters of [a-z0-9.-]")]
    [InlineData("g", "t", -1, StatusCode.InvalidArgument, "offset: -1 is negative")]
    [InlineData("g", "no-such-topic", 1, StatusCode.OutOfRange, "offset: 1 is after the end of 'no-such-topic', which is 0")]
    public async Task A_bad_group_offset_is_refused(string group, string topic, long offset, StatusCode status, string message)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await service.Client.CommitOffsetAsync(
            new CommitOffsetRequest { Group = group, Topic = topic, Offset = offset }, cancellationToken: Cancellation));
        Assert.Equal((status, message), (error.StatusCode, error.Status.Detail));
    }

    private async Task RefusedAsync(AppendRequest request, string message)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await service.Client.AppendAsync(request, cancellationToken: Cancellation));
        Assert.Equal((StatusCode.InvalidArgument, message), (error.StatusCode, error.Status.Detail));
    }
}
