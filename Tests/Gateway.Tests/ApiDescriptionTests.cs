using System.Net;
using System.Text.RegularExpressions;
using RecoAspire.Gateway.Tests.Hosting;
using RecoAspire.Tests;

namespace RecoAspire.Gateway.Tests;

public sealed partial class ApiDescriptionTests(GatewayHost host) : IClassFixture<GatewayHost>
{
    /// <summary>Set it to 1 to write the document anew after a wanted change of the API.</summary>
    private const string Regenerate = "RECO_UPDATE_OPENAPI";

    [Fact]
    public async Task The_committed_OpenAPI_document_is_the_one_that_is_served()
    {
        var path = Path.Combine(RealData.ProjectRoot, "Services", "Gateway", "openapi.json");
        var served = (await host.Api.GetStringAsync("/openapi/v1.json")).ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(Regenerate) == "1") await File.WriteAllTextAsync(path, served);
        Assert.True(File.Exists(path), $"{path} is missing: run this test with {Regenerate}=1");
        Assert.True(
            await File.ReadAllTextAsync(path) == served,
            $"the API has changed: if that is wanted, run this test with {Regenerate}=1 and commit Services/Gateway/openapi.json");
    }

    [Fact]
    public async Task The_root_leads_to_a_page_that_needs_nothing_from_elsewhere()
    {
        using var root = await host.Api.GetAsync("/");
        Assert.Equal(HttpStatusCode.Redirect, root.StatusCode);
        Assert.Equal("/scalar", root.Headers.Location?.ToString());

        var address = new Uri(host.Api.BaseAddress!, "/scalar");
        using var first = await host.Api.GetAsync(address);
        if (first.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
            address = new Uri(address, first.Headers.Location!);
        var html = await host.Api.GetStringAsync(address);
        var scripts = Sources().Matches(html).Select(m => m.Groups[1].Value).ToList();
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            var at = new Uri(address, script);
            Assert.Equal(host.Api.BaseAddress!.Authority, at.Authority);
            using var response = await host.Api.GetAsync(at);
            Assert.True(response.IsSuccessStatusCode, $"{at}: {response.StatusCode}");
        }

        // Nothing is loaded by address either: styles, fonts, images.
        Assert.DoesNotMatch("""<(link|img|iframe)[^>]+(href|src)="https?://""", html);
        Assert.Contains("\"withDefaultFonts\":false", html.Replace(" ", "", StringComparison.Ordinal));
    }

    [GeneratedRegex("<script[^>]+src=\"([^\"]+)\"")]
    private static partial Regex Sources();
}
