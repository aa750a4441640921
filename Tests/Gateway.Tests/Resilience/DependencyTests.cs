using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RecoAspire.Gateway.Resilience;

namespace RecoAspire.Gateway.Tests;

public sealed class DependencyTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(200);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 20, 0, 0, TimeSpan.Zero));
    private readonly Dependency _service;
    private int _calls;

    public DependencyTests() => _service = new Dependency("graph", Deadline, _time, NullLogger.Instance);

    [Fact]
    public async Task An_answer_comes_back_and_the_call_had_the_deadline()
    {
        var deadline = default(DateTime?);
        var reply = await _service.CallAsync(
            options =>
            {
                deadline = options.Deadline;
                return Answer(Task.FromResult(new Empty()));
            },
            TestContext.Current.CancellationToken);

        Assert.True(reply is { Ok: true, Failed: false, Status: StatusCode.OK });
        Assert.Equal((_time.GetUtcNow() + Deadline).UtcDateTime, deadline);
    }

    [Fact]
    public async Task Eight_failures_open_the_breaker_for_a_second_and_an_answer_closes_it()
    {
        for (var i = 0; i < 8; i++) Assert.True((await FailAsync(StatusCode.Unavailable)).Failed);

        Assert.True((await SucceedAsync()).Failed);
        Assert.Equal(8, _calls);
        _time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.True((await SucceedAsync()).Ok);
        Assert.True((await SucceedAsync()).Ok);
        Assert.Equal(10, _calls);
    }

    [Theory]
    [InlineData(StatusCode.FailedPrecondition)]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.AlreadyExists)]
    public async Task A_refusal_is_the_answer_of_a_service_that_is_well(StatusCode status)
    {
        for (var i = 0; i < 20; i++)
        {
            var reply = await FailAsync(status);
            Assert.True(reply is { Ok: false, Failed: false });
            Assert.Equal(status, reply.Status);
        }

        Assert.True((await SucceedAsync()).Ok);
    }

    [Fact]
    public async Task Callers_who_hang_up_do_not_open_the_breaker()
    {
        for (var i = 0; i < 20; i++)
        {
            using var caller = new CancellationTokenSource();
            var pending = new TaskCompletionSource<Empty>();
            var call = _service.CallAsync(
                options =>
                {
                    // As a channel ends a call whose token is cancelled.
                    options.CancellationToken.Register(() => pending.TrySetException(new RpcException(new Status(StatusCode.Cancelled, "hung up"))));
                    return Answer(pending.Task);
                },
                caller.Token);
            await caller.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        Assert.True((await SucceedAsync()).Ok);
    }

    private Task<Reply<Empty>> FailAsync(StatusCode status) =>
        CallAsync(Task.FromException<Empty>(new RpcException(new Status(status, "refused"))));

    private Task<Reply<Empty>> SucceedAsync() => CallAsync(Task.FromResult(new Empty()));

    private Task<Reply<Empty>> CallAsync(Task<Empty> response) => _service.CallAsync(
        _ =>
        {
            _calls++;
            return Answer(response);
        },
        TestContext.Current.CancellationToken);

    private static AsyncUnaryCall<Empty> Answer(Task<Empty> response) =>
        new(response, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
}
