using Grpc.Core;

namespace RecoAspire.Gateway.Api;

/// <summary>Answers for writes that the log did not take.</summary>
internal static class LogFailures
{
    /// <summary>503 with Retry-After when it may help to try again; the log's own words when the request was wrong.</summary>
    public static IResult ToResult(RpcException e, HttpContext http)
    {
        if (e.StatusCode == StatusCode.InvalidArgument) return Errors.One("body", e.Status.Detail);
        http.Response.Headers.RetryAfter = "1";
        return Results.Problem(
            statusCode: StatusCodes.Status503ServiceUnavailable,
            title: "Not stored.",
            detail: "The event log does not take writes at the moment; nothing of this request counts until it has been acknowledged. Send the same request again.");
    }
}
