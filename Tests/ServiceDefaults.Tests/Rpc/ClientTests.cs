using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RecoAspire.Contracts.View.V1;
using RecoAspire.ServiceDefaults.Rpc;

namespace RecoAspire.ServiceDefaults.Tests.Rpc;

public sealed class ClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_without_a_deadline_gets_the_default_one()
    {
        var service = new ProbeService();
        await using var host = await StartAsync(service);
        var client = new ViewService.ViewServiceClient(host.Channel.Intercept(new DeadlineInterceptor(TimeSpan.FromSeconds(30), TimeProvider.System)));
        await client.GetPositionsAsync(new GetPositionsRequest(), cancellationToken: Cancellation);
        Assert.InRange(service.Deadline - DateTime.UtcNow, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(31));
        client.GetPositions(new GetPositionsRequest(), cancellationToken: Cancellation);
        Assert.InRange(service.Deadline - DateTime.UtcNow, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(31));
    }

    [Fact]
    public async Task A_callers_own_deadline_stays()
    {
        var service = new ProbeService();
        await using var host = await StartAsync(service);
        var client = new ViewService.ViewServiceClient(host.Channel.Intercept(new DeadlineInterceptor(TimeSpan.FromSeconds(30), TimeProvider.System)));
        await client.GetPositionsAsync(new GetPositionsRequest(), deadline: DateTime.UtcNow.AddHours(1), cancellationToken: Cancellation);
        Assert.InRange(service.Deadline - DateTime.UtcNow, TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(61));
    }

    [Fact]
    public void The_deadline_comes_from_the_injected_clock()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var interceptor = new DeadlineInterceptor(TimeSpan.FromSeconds(2), time);
        DateTime? given = null;
        var method = new Method<string, string>(MethodType.Unary, "s", "m", Marshallers.StringMarshaller, Marshallers.StringMarshaller);
        interceptor.BlockingUnaryCall("", new ClientInterceptorContext<string, string>(method, null, default), (_, context) =>
        {
            given = context.Options.Deadline;
            return "";
        });
        Assert.Equal(new DateTime(2030, 1, 1, 0, 0, 2, DateTimeKind.Utc), given);
    }

    [Theory]
    [InlineData("argument", StatusCode.InvalidArgument, "limit: 0 given")]
    [InlineData("range", StatusCode.InvalidArgument, "limit: too large")]
    [InlineData("bug", StatusCode.Internal, "internal error")]
    [InlineData("rpc", StatusCode.NotFound, "no such thing")]
    public async Task Errors_reach_the_caller_with_the_right_status_and_without_secrets(string kind, StatusCode status, string detail)
    {
        await using var host = await StartAsync(new ProbeService { Fails = kind });
        var client = new ViewService.ViewServiceClient(host.Channel);
        var unary = await Assert.ThrowsAsync<RpcException>(async () => await client.GetPositionsAsync(new GetPositionsRequest(), cancellationToken: Cancellation));
        Assert.Equal((status, detail), (unary.StatusCode, unary.Status.Detail));
        using var stream = client.Rebuild(new RebuildRequest(), cancellationToken: Cancellation);
        var streaming = await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(Cancellation));
        Assert.Equal((status, detail), (streaming.StatusCode, streaming.Status.Detail));
    }

    [Fact]
    public async Task A_client_finds_its_service_by_name_and_retries_what_was_unavailable()
    {
        var service = new ProbeService { UnavailableTimes = 2 };
        await using var host = await StartAsync(service);
        await using var caller = await TestService.StartAsync(
            b => b.AddServiceGrpcClient<ViewService.ViewServiceClient>("probe", deadlineMs: 20_000),
            settings: new() { ["services:probe:http:0"] = host.GrpcAddress });
        var client = caller.Services.GetRequiredService<ViewService.ViewServiceClient>();
        await client.GetPositionsAsync(new GetPositionsRequest(), cancellationToken: Cancellation);
        Assert.Equal(3, service.Calls);
    }

    [Fact]
    public async Task A_service_that_stays_away_is_not_hammered()
    {
        var service = new ProbeService { UnavailableTimes = int.MaxValue };
        await using var host = await StartAsync(service);
        await using var caller = await TestService.StartAsync(
            b => b.AddServiceGrpcClient<ViewService.ViewServiceClient>("probe", deadlineMs: 20_000),
            settings: new() { ["services:probe:http:0"] = host.GrpcAddress });
        var client = caller.Services.GetRequiredService<ViewService.ViewServiceClient>();
        for (var i = 0; i < 50; i++)
            await Assert.ThrowsAsync<RpcException>(async () => await client.GetPositionsAsync(new GetPositionsRequest(), cancellationToken: Cancellation));
        // 150 without a budget; with one, about ten failures exhaust it and each call is then tried once.
        Assert.InRange(service.Calls, 50, 75);
    }

    private static Task<TestService> StartAsync(ProbeService service) => TestService.StartAsync(
        b => b.Services.AddSingleton(service), app => app.MapGrpcService<ProbeService>());

    internal sealed class ProbeService : ViewService.ViewServiceBase
    {
        public DateTime Deadline { get; private set; }

        public string? Fails { get; init; }

        public int UnavailableTimes { get; set; }

        public int Calls { get; private set; }

        public override Task<GetPositionsResponse> GetPositions(GetPositionsRequest request, ServerCallContext context)
        {
            Calls++;
            Deadline = context.Deadline;
            if (UnavailableTimes-- > 0) throw new RpcException(new Status(StatusCode.Unavailable, "away"));
            Fail();
            return Task.FromResult(new GetPositionsResponse());
        }

        public override Task Rebuild(RebuildRequest request, IServerStreamWriter<RebuildProgress> responseStream, ServerCallContext context)
        {
            Fail();
            return Task.CompletedTask;
        }

        private void Fail()
        {
            switch (Fails)
            {
                case "argument": throw new ArgumentException("limit: 0 given", nameof(Fails));
                case "range": throw new ArgumentOutOfRangeException(nameof(Fails), "limit: too large");
                case "bug": throw new InvalidOperationException("password=1234");
                case "rpc": throw new RpcException(new Status(StatusCode.NotFound, "no such thing"));
                default: return;
            }
        }
    }
}
