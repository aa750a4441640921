using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Gateway.Tests.Hosting;

namespace RecoAspire.Gateway.Tests;

/// <summary>What may be shown to whom, said a second time in the plainest way, from the log alone.</summary>
internal sealed record Oracle(
    string? Territory = null, string? Language = null, int? MaxAge = null, bool Kids = false, string? Kind = null, bool IgnorePreferences = false)
{
    public string Query =>
        (Territory is null ? "" : $"&territory={Territory}") + (Language is null ? "" : $"&language={Language}") + (MaxAge is null ? "" : $"&maxAge={MaxAge}")
        + (Kids ? "&kids=true" : "") + (Kind is null ? "" : $"&kind={Kind}");

    /// <summary>Why the item must not be shown to the viewer; null = it may.</summary>
    public string? WhyForbidden(LogState log, string viewerId, string itemId)
    {
        if (!log.Items.TryGetValue(itemId, out var item)) return "not in the catalogue";
        var preferences = IgnorePreferences ? new Preferences() : log.PreferencesOf(viewerId) ?? new Preferences();
        if (item.Kind == ItemKind.Series) return "a series";
        if (Kind is not null && !item.Kind.ToString().Equals(Kind, StringComparison.OrdinalIgnoreCase)) return "another kind";
        if (MaxAge is { } age && item.MinimumAgeYears > age) return "above the age asked for";
        if (preferences.HasAgeLimitYears && item.MinimumAgeYears > preferences.AgeLimitYears) return "above the viewer's age limit";
        if ((Kids || preferences.KidsMode) && item.MinimumAgeYears > 10) return "not for kids";
        if (!HasRights(item, Territory ?? preferences.Territory)) return "no rights";
        var wanted = Language is null ? preferences.Languages.ToList() : [Language];
        var spoken = item.AudioLanguages.Concat(item.SubtitleLanguages).ToList();
        if (wanted.Count > 0 && spoken.Count > 0 && !spoken.Any(s => wanted.Any(w => s.Split('-')[0] == w.Split('-')[0] && (s == w || s.Length == 2 || w.Length == 2))))
            return "another language";
        return WhyUnwanted(log.InteractionsOf(viewerId).Where(i => i.ItemId == itemId));
    }

    private static string? WhyUnwanted(IEnumerable<Interaction> interactions)
    {
        var unwanted = false;
        foreach (var interaction in interactions)
        {
            if (interaction.Kind is InteractionKind.Play or InteractionKind.Progress or InteractionKind.Complete or InteractionKind.Rate or InteractionKind.Skip) return "seen";
            if (interaction.Kind is InteractionKind.Hide or InteractionKind.Dislike) unwanted = true;
            if (interaction.Kind == InteractionKind.Clear) unwanted = false;
        }

        return unwanted ? "hidden or disliked" : null;
    }

    private static bool HasRights(Item item, string territory)
    {
        if (item.Rights.Count == 0) return true;
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        return item.Rights.Any(r => r.StartMs <= now && (r.EndMs == 0 || now < r.EndMs) && (r.Territories.Count == 0 || r.Territories.Contains(territory)));
    }
}
