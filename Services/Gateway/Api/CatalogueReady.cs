using RecoAspire.Gateway.Catalog;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Gateway.Api;

/// <summary>
/// Answers 503 while the catalogue is being read from the log for the first time or again: of a half-read catalogue an item may
/// be shown by rights that were taken back later in the log.
/// </summary>
internal sealed class CatalogueReady(IServiceProvider provider) : IEndpointFilter
{
    private readonly LogViewRunner _catalogue = provider.GetLogViewRunner<CatalogView>();

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (_catalogue.HasCaughtUp) return next(context);
        context.HttpContext.Response.Headers.RetryAfter = "1";
        return ValueTask.FromResult<object?>(Results.Problem(
            statusCode: StatusCodes.Status503ServiceUnavailable, title: "Starting.", detail: "The catalogue is being read. Try again in a moment."));
    }
}
