using Grpc.Core;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Gateway.Ranking;
using RecoAspire.Gateway.Viewers;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Gateway.Api;

/// <summary>What viewers did. Answered when the log has it on disk; sending it again changes nothing.</summary>
internal static class EventsApi
{
    private const int MaxEvents = 1_000;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/events", PostAsync)
        .WithName("events").WithTags("events")
        .WithSummary("Takes 1-1,000 events of viewers' apps")
        .WithDescription("All or none. Types: impression, play, progress, complete, skip, like, dislike, rate, hide, clear. "
            + "Idempotent by eventId: after a 503 or a lost answer, send the same batch again.")
        .Accepts<EventsRequestModel>("application/json").Produces<AcceptedModel>().ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> PostAsync(HttpContext http, LogWriter log, AcknowledgedEvents acknowledged, TimeProvider time)
    {
        var (body, error) = await JsonBody.ReadAsync(http.Request, GatewayJson.Default.EventsRequestModel);
        if (error is not null) return error;
        if (body!.Events is not { Count: >= 1 and <= MaxEvents } events) return Errors.One("events", $"must hold 1-{MaxEvents} events");

        var errors = new Errors();
        var now = time.GetUtcNow();
        var interactions = new Interaction?[events.Count];
        for (var i = 0; i < events.Count && !errors.Full; i++) interactions[i] = EventInputs.Read(events[i], $"events[{i}]", now, errors);
        if (errors.Any) return errors.ToResult();

        var request = new AppendRequest { Topic = Topics.Interactions };
        for (var i = 0; i < events.Count; i++) request.Records.Add(LogWriter.ToRecord(events[i]!.EventId!, interactions[i]!.ViewerId, interactions[i]!));
        AppendResponse response;
        try
        {
            response = await log.AppendAsync(Topics.Interactions, request.Records, http.RequestAborted);
        }
        catch (RpcException e)
        {
            return LogFailures.ToResult(e, http);
        }

        for (var i = 0; i < events.Count; i++)
        {
            acknowledged.Add(response.Offsets[i], interactions[i]!);
            RecommendationMetrics.Ingested(events[i]!.Type!);
        }

        return Results.Json(new AcceptedModel(events.Count - response.Duplicates, response.Duplicates), GatewayJson.Default.AcceptedModel);
    }
}
