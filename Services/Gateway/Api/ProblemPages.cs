using Microsoft.AspNetCore.Diagnostics;

namespace RecoAspire.Gateway.Api;

/// <summary>
/// Every error is problem+json, also those of routing and the server, whatever the caller's Accept header says; no stack trace leaves.
/// </summary>
internal static class ProblemPages
{
    public static void Use(WebApplication app)
    {
        app.UseExceptionHandler(errors => errors.Run(http =>
        {
            // What the server itself could not read (a broken chunk, headers too large) is the caller's mistake.
            var failure = http.Features.Get<IExceptionHandlerFeature>()?.Error;
            var status = failure is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError;
            return Results.Problem(statusCode: status).ExecuteAsync(http);
        }));
        app.UseStatusCodePages(pages => Results.Problem(statusCode: pages.HttpContext.Response.StatusCode).ExecuteAsync(pages.HttpContext));
    }
}
