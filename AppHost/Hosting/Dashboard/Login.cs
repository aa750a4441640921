using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace RecoAspire.Hosting.Dashboard;

/// <summary>
/// Lets in who has the token of the printed address. The cookie's name contains the port: cookies do not know ports, and two dashboards
/// on one machine must not log each other out.
/// </summary>
internal sealed class Login(DashboardOptions options)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3);
    private readonly string _cookie = $".RecoAspire.Dashboard.{options.Page.Port}";
    // Not the token itself: a stolen cookie opens this run only.
    private readonly string _session = RandomNumberGenerator.GetHexString(64, lowercase: true);

    public bool IsIn(HttpContext context) => context.Request.Cookies[_cookie] is { } given && Same(given, _session);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/login", (HttpContext context, string? t, string? returnUrl) => t is null ? Page(context) : Enter(context, t, returnUrl));
        routes.MapPost("/login", async (HttpContext context) =>
        {
            if (!context.Request.HasFormContentType) return Results.Problem(statusCode: 415, title: "The form's fields are token and returnUrl.");
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            return Enter(context, form["token"].ToString(), form["returnUrl"].ToString());
        });
    }

    private IResult Enter(HttpContext context, string token, string? returnUrl)
    {
        if (!Same(token, options.BrowserToken)) return Results.Redirect("/login?error=1");
        context.Response.Cookies.Append(_cookie, _session, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = Lifetime, Path = "/" });
        // Only to this site: "//elsewhere" and "/\elsewhere" are addresses of others, and browsers leave out tabs and line ends.
        var isLocal = returnUrl is ['/'] or ['/', not ('/' or '\\'), ..] && !returnUrl.Any(char.IsControl);
        return Results.LocalRedirect(isLocal ? returnUrl! : "/");
    }

    private static IResult Page(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return PageFiles.Answer("login.html") ?? Results.NotFound();
    }

    private static bool Same(string given, string expected) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
