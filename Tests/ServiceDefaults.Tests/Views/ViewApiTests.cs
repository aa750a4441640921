using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using RecoAspire.Contracts.View.V1;
using RecoAspire.ServiceDefaults.Rpc;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.ServiceDefaults.Tests.Views;

public sealed class ViewApiTests(LogFixture log) : IClassFixture<LogFixture>
{
    private const string Key = "the key of this test";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rebuild_without_the_administrators_key_is_refused_and_erases_nothing()
    {
        await log.AppendAsync("admin", "a", "b");
        var view = new SampleView("admin");
        await using var service = await StartAsync(view);
        var client = new ViewService.ViewServiceClient(service.Channel);
        await client.WaitForAsync(new WaitForRequest { View = "sample", Topic = "admin", Offset = 2 }, cancellationToken: Cancellation);
        foreach (var headers in (Metadata[])[[], new() { { AdminKey.MetadataKey, "wrong" } }])
        {
            using var call = client.Rebuild(new RebuildRequest { View = "sample" }, headers, cancellationToken: Cancellation);
            var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancellation));
            Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
        }

        Assert.Equal(["a", "b"], view.Ids("admin"));
    }

    [Fact]
    public async Task Without_a_configured_key_nobody_may_rebuild()
    {
        await using var service = await StartAsync(new SampleView("nokey"), key: null);
        using var call = new ViewService.ViewServiceClient(service.Channel).Rebuild(
            new RebuildRequest { View = "sample" }, new Metadata { { AdminKey.MetadataKey, "" } }, cancellationToken: Cancellation);
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
    }

    [Fact]
    public async Task A_rebuild_reports_until_it_has_caught_up_and_gives_the_same_digest()
    {
        await log.AppendAsync("progress", LogViewRunnerTests.Ids(0, 4_000));
        await using var service = await StartAsync(new SampleView("progress"));
        var client = new ViewService.ViewServiceClient(service.Channel);
        await client.WaitForAsync(new WaitForRequest { View = "sample", Topic = "progress", Offset = 4_000 }, cancellationToken: Cancellation);
        var before = await client.GetDigestAsync(new GetDigestRequest { View = "sample" }, cancellationToken: Cancellation);
        using var call = client.Rebuild(new RebuildRequest { View = "sample" }, new Metadata { { AdminKey.MetadataKey, Key } }, cancellationToken: Cancellation);
        RebuildProgress? last = null;
        while (await call.ResponseStream.MoveNext(Cancellation)) last = call.ResponseStream.Current;
        Assert.Equal(("progress", 4_000, 4_000), (last!.Topic, last.NextOffset, last.EndOffset));
        Assert.Equal(before, await client.GetDigestAsync(new GetDigestRequest { View = "sample" }, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Waiting_for_what_does_not_come_ends_with_the_deadline()
    {
        await using var service = await StartAsync(new SampleView("late"));
        var client = new ViewService.ViewServiceClient(service.Channel);
        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.WaitForAsync(
            new WaitForRequest { View = "sample", Topic = "late", Offset = 1 }, deadline: DateTime.UtcNow.AddMilliseconds(200), cancellationToken: Cancellation));
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Fact]
    public async Task An_unknown_view_is_not_found_and_the_answer_names_those_there_are()
    {
        await using var service = await StartAsync(new SampleView("unknown"));
        var client = new ViewService.ViewServiceClient(service.Channel);
        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.GetDigestAsync(new GetDigestRequest { View = "graph" }, cancellationToken: Cancellation));
        Assert.Equal((StatusCode.NotFound, "no view 'graph' here; there is: sample"), (error.StatusCode, error.Status.Detail));
    }

    [Fact]
    public async Task Readiness_says_how_far_each_view_is()
    {
        var end = await log.AppendAsync("health", "a", "b", "c");
        await using var service = await StartAsync(new SampleView("health"));
        var client = new ViewService.ViewServiceClient(service.Channel);
        await client.WaitForAsync(new WaitForRequest { View = "sample", Topic = "health", Offset = end }, cancellationToken: Cancellation);
        var text = await service.Http.GetStringAsync("/health/ready", Cancellation);
        Assert.Contains("health 3/3", text);
        var positions = await client.GetPositionsAsync(new GetPositionsRequest(), cancellationToken: Cancellation);
        Assert.Equal((3, 3, true), (positions.Positions[0].NextOffset, positions.Positions[0].EndOffset, positions.Positions[0].Connected));
    }

    private Task<TestService> StartAsync(SampleView view, string? key = Key) => TestService.StartAsync(
        b =>
        {
            b.Services.AddSingleton(view);
            b.AddLogView<SampleView>(mustCatchUp: true);
        },
        app => app.MapGrpcService<ViewApi>(),
        new() { ["services:eventlog:http:0"] = log.Process.GrpcAddress.ToString(), ["Admin:Key"] = key });
}
