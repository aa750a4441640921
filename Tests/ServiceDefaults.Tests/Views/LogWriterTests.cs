using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.ServiceDefaults.Hosting;
using RecoAspire.ServiceDefaults.Telemetry;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.ServiceDefaults.Tests.Views;

public sealed class LogWriterTests(LogFixture log) : IClassFixture<LogFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_sent_twice_has_one_offset()
    {
        var writer = new LogWriter(log.Client);
        var message = new Interaction { ViewerId = "v", ItemId = "i" };
        var first = await writer.AppendAsync("writer", "e1", "v", message, Cancellation);
        Assert.Equal(first, await writer.AppendAsync("writer", "e1", "v", message, Cancellation));
        Assert.Equal(first + 1, await writer.AppendAsync("writer", "e2", "v", message, Cancellation));
    }

    [Fact]
    public void A_record_carries_the_type_of_its_message() =>
        Assert.Equal("reco.interactions.v1.Interaction", LogWriter.ToRecord("e", "v", new Interaction()).Type);

    [Fact]
    public async Task The_trace_of_a_request_reaches_the_view_that_applies_its_record()
    {
        var applied = new TaskCompletionSource<Activity>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source == TelemetryExtensions.ActivitySource,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.OperationName == "apply traced") applied.TrySetResult(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var request = TelemetryExtensions.ActivitySource.StartActivity("a viewer's request")!;
        await new LogWriter(log.Client).AppendAsync("traced", "e1", "v", new Interaction(), Cancellation);
        using var runner = new LogViewRunner(new SampleView("traced"), log.Client, false, new Region("local"), TimeProvider.System, NullLoggerFactory.Instance);
        // The runner lives outside every request.
        Activity.Current = null;
        await runner.StartAsync(Cancellation);
        var activity = await applied.Task.WaitAsync(Cancellation);
        Assert.Equal(request.TraceId, activity.TraceId);
        Assert.Equal(request.SpanId, activity.ParentSpanId);
    }
}
