using CsCheck;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Gateway.Tests.Hosting;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Gateway.Tests;

/// <summary>No forbidden title, ever: over random catalogues, viewers, requests and faults.</summary>
public sealed class HardFilterPropertyTests(GatewayHost host) : IClassFixture<GatewayHost>
{
    private static readonly string[] Services = ["profile", "embedding", "vectorsearch", "graph"];
    private static readonly Gen<string> Territories = OneOf("FR", "CA", "BE");
    private static readonly Gen<string> Languages = OneOf("fr", "fr-CA", "en", "ar");

    private static readonly Gen<RightsWindow> Windows = Gen.Select(Territories.Array[0, 2], Gen.Int[-2, 2], Gen.Int[-2, 2], (territories, start, end) =>
    {
        var window = new RightsWindow { StartMs = AtHour(start), EndMs = AtHour(end) };
        window.Territories.AddRange(territories);
        return window;
    });

    private static readonly Gen<Item> Items = Gen.Select(
        OneOf(ItemKind.Film, ItemKind.Film, ItemKind.Episode, ItemKind.Series, ItemKind.Documentary), OneOf(0, 0, 10, 12, 16, 18), Windows.Array[0, 2],
        Languages.Array[0, 2], OneOf("circle-a", "circle-b", ""), OneOf("drame", "comédie"), (kind, age, rights, languages, circle, genre) =>
        {
            var item = new Item { Kind = kind, MinimumAgeYears = age, Genres = { genre } };
            item.Rights.AddRange(rights);
            item.AudioLanguages.AddRange(languages);
            if (circle.Length > 0) item.Themes.Add(circle);
            return item;
        });

    private static readonly Gen<Preferences> Wishes = Gen.Select(
        Languages.Array[0, 2], OneOf("FR", "CA", ""), OneOf(-1, -1, 0, 12, 16), OneOf(false, false, true), (languages, territory, age, kids) =>
        {
            var wishes = new Preferences { Territory = territory, KidsMode = kids };
            wishes.Languages.AddRange(languages);
            if (age >= 0) wishes.AgeLimitYears = age;
            return wishes;
        });

    private static readonly Gen<Oracle> Requests = Gen.Select(
        OneOf<string?>(null, null, "FR", "CA"), OneOf<string?>(null, null, "fr", "en"), OneOf<int?>(null, null, 0, 12), OneOf(false, false, true),
        OneOf<string?>(null, null, "film", "documentary"), (territory, language, age, kids, kind) => new Oracle(territory, language, age, kids, kind));

    private static readonly Gen<(Item[] Items, Preferences Wishes, (int Item, InteractionKind Kind)[] Did, Oracle Request, Fault[] Faults)> Cases = Gen.Select(
        Items.Array[8, 24],
        Wishes,
        Gen.Select(Gen.Int[0, 23], Gen.Enum<InteractionKind>()).Array[0, 8],
        Requests,
        OneOf(Fault.None, Fault.None, Fault.Absent, Fault.Broken).Array[Services.Length]);

    [Fact]
    public void No_answer_holds_a_forbidden_title_whatever_is_broken()
    {
        var answers = 0;
        var titles = 0;
        Cases.Sample(
            c =>
            {
                var (viewer, shown) = AskAsync(c.Items, c.Wishes, c.Did, c.Request, c.Faults).GetAwaiter().GetResult();
                answers++;
                titles += shown.Count;
                foreach (var id in shown)
                {
                    if (c.Request.WhyForbidden(host.Backends.State, viewer, id) is { } why) throw new InvalidOperationException($"{id} was shown to {viewer}: {why}");
                }
            },
            iter: 250,
            threads: 1,
            print: c => $"{c.Request} {c.Wishes} did [{string.Join(", ", c.Did)}] faults [{string.Join(", ", c.Faults)}]");
        // An oracle that forbade everything, or a gateway that showed nothing, would prove nothing.
        Assert.True(titles > answers, $"only {titles} titles in {answers} answers");
    }

    private async Task<(string Viewer, List<string> Shown)> AskAsync(
        Item[] items, Preferences wishes, (int Item, InteractionKind Kind)[] did, Oracle request, Fault[] faults)
    {
        var viewer = host.NewId("viewer");
        // The catalogue of the case before goes, so that every catalogue is small and strange in its own way.
        foreach (var old in host.Backends.State.Items.Keys.ToList())
            host.Backends.Log.Append(Topics.Catalog, Guid.NewGuid().ToString("N"), old, new CatalogChange { RemovedItemId = old });
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = items[i].Clone();
            items[i].Id = host.NewId("item");
            items[i].Title = $"Titre {i}";
            if (items[i].Kind == ItemKind.Episode) (items[i].SeriesId, items[i].Season, items[i].Episode) = ($"series-of-{viewer}", 1, i + 1);
        }

        for (var s = 0; s < Services.Length; s++) host.Backends.Faults[Services[s]] = faults[s];
        await host.PrefersAsync(viewer, wishes);
        foreach (var (item, kind) in did.Where(d => d.Kind != InteractionKind.Unspecified && d.Item < items.Length)) host.Did(viewer, kind, items[item].Id);
        await host.AddAsync(items);
        var shown = RecommendationTests.IdsOf(await host.GetAsync($"/api/recommendations?userId={viewer}&limit=100{request.Query}"));
        return (viewer, shown);
    }

    private static Gen<T> OneOf<T>(params T[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);

    private static long AtHour(int hours) => hours == 0 ? 0 : DateTimeOffset.UtcNow.AddHours(hours).ToUnixTimeMilliseconds();
}
