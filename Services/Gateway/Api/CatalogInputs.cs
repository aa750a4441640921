using RecoAspire.Contracts.Catalog.V1;

namespace RecoAspire.Gateway.Api;

/// <summary>Checks catalogue items and turns them into the contract's message.</summary>
internal static class CatalogInputs
{
    private static readonly Dictionary<string, CreditRole> Roles = Enum.GetValues<CreditRole>()
        .Where(r => r != CreditRole.Unspecified).ToDictionary(r => r.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    private static readonly string RoleNames = string.Join(", ", Roles.Keys);

    /// <summary>The item, or null with its errors noted under <paramref name="at"/>.</summary>
    public static Item? Read(ItemModel? model, string at, Errors errors)
    {
        if (model is null)
        {
            errors.Add(at, "must be an object");
            return null;
        }

        var kind = ItemKind.Unspecified;
        if (!Inputs.IsItemId(model.Id)) errors.Add($"{at}.id", "must have 1-128 characters of [A-Za-z0-9._:-]");
        if (model.Kind is null || !Inputs.TryKind(model.Kind, out kind)) errors.Add($"{at}.kind", $"must be one of {Inputs.KindNames}");
        if (string.IsNullOrWhiteSpace(model.Title)) errors.Add($"{at}.title", "must have 1-500 characters");
        Length(model.Title, 500, $"{at}.title", errors);
        Length(model.OriginalTitle, 500, $"{at}.originalTitle", errors);
        Length(model.Synopsis, 10_000, $"{at}.synopsis", errors);
        Length(model.SeriesTitle, 500, $"{at}.seriesTitle", errors);
        Length(model.Channel, 128, $"{at}.channel", errors);
        Names(model.Genres, $"{at}.genres", errors);
        Names(model.Themes, $"{at}.themes", errors);
        Names(model.Countries, $"{at}.countries", errors);
        Languages(model.AudioLanguages, $"{at}.audioLanguages", errors);
        Languages(model.SubtitleLanguages, $"{at}.subtitleLanguages", errors);
        if (model.Year is not (null or 0 or (>= 1880 and <= 2100))) errors.Add($"{at}.year", "must be from 1880 to 2100");
        Range(model.DurationSeconds, 86_400, $"{at}.durationSeconds", errors);
        Range(model.MinimumAgeYears, 18, $"{at}.minimumAgeYears", errors);
        Range(model.Season, 10_000, $"{at}.season", errors);
        Range(model.Episode, 100_000, $"{at}.episode", errors);
        if (!string.IsNullOrEmpty(model.SeriesId) && !Inputs.IsItemId(model.SeriesId)) errors.Add($"{at}.seriesId", "must have 1-128 characters of [A-Za-z0-9._:-]");
        var item = new Item();
        AddCredits(item, model.Credits, at, errors);
        AddRights(item, model.Rights, at, errors);
        return errors.Any ? null : Fill(item, model, kind);
    }

    private static Item Fill(Item item, ItemModel model, ItemKind kind)
    {
        item.Id = model.Id;
        item.Kind = kind;
        item.Title = model.Title!.Trim();
        item.OriginalTitle = model.OriginalTitle ?? "";
        item.Synopsis = model.Synopsis ?? "";
        item.Genres.AddRange(model.Genres ?? []);
        item.Themes.AddRange(model.Themes ?? []);
        item.AudioLanguages.AddRange(model.AudioLanguages ?? []);
        item.SubtitleLanguages.AddRange(model.SubtitleLanguages ?? []);
        item.Countries.AddRange(model.Countries ?? []);
        item.Year = model.Year ?? 0;
        item.DurationSeconds = model.DurationSeconds ?? 0;
        item.MinimumAgeYears = model.MinimumAgeYears ?? 0;
        item.SeriesId = model.SeriesId ?? "";
        item.SeriesTitle = model.SeriesTitle ?? "";
        item.Season = model.Season ?? 0;
        item.Episode = model.Episode ?? 0;
        item.Channel = model.Channel ?? "";
        return item;
    }

    private static void AddCredits(Item item, IReadOnlyList<CreditModel?>? credits, string at, Errors errors)
    {
        if (credits?.Count > 100) errors.Add($"{at}.credits", "must hold at most 100");
        for (var i = 0; i < credits?.Count && !errors.Full; i++)
        {
            var credit = credits[i];
            var role = CreditRole.Unspecified;
            if (string.IsNullOrWhiteSpace(credit?.Name) || credit.Name.Length > 200) errors.Add($"{at}.credits[{i}].name", "must have 1-200 characters");
            else if (credit.Role is null || !Roles.TryGetValue(credit.Role, out role)) errors.Add($"{at}.credits[{i}].role", $"must be one of {RoleNames}");
            else item.Credits.Add(new Credit { Name = credit.Name.Trim(), Role = role });
        }
    }

    private static void AddRights(Item item, IReadOnlyList<RightsModel?>? rights, string at, Errors errors)
    {
        if (rights?.Count > 100) errors.Add($"{at}.rights", "must hold at most 100");
        for (var i = 0; i < rights?.Count && !errors.Full; i++)
        {
            var field = $"{at}.rights[{i}]";
            if (rights[i] is not { } right)
            {
                errors.Add(field, "must be an object");
                continue;
            }

            var window = new RightsWindow { StartMs = Time(right.Start, $"{field}.start", errors), EndMs = Time(right.End, $"{field}.end", errors) };
            if (right.Territories?.Count > 300 || right.Territories?.Any(t => t is null || !Inputs.IsTerritory(t)) == true)
                errors.Add($"{field}.territories", "must be ISO 3166-1 alpha-2 codes in capitals");
            else
                window.Territories.AddRange(right.Territories ?? []);
            if (window.EndMs != 0 && window.EndMs <= window.StartMs) errors.Add($"{field}.end", "must lie after start");
            item.Rights.Add(window);
        }
    }

    private static long Time(string? text, string field, Errors errors)
    {
        if (string.IsNullOrEmpty(text)) return 0;
        if (Inputs.TryTime(text, out var time)) return time.ToUnixTimeMilliseconds();
        errors.Add(field, "must be an ISO 8601 time with an offset");
        return 0;
    }

    private static void Length(string? text, int max, string field, Errors errors)
    {
        if (text?.Length > max) errors.Add(field, $"must have at most {max} characters");
    }

    private static void Names(IReadOnlyList<string>? names, string field, Errors errors)
    {
        if (names?.Count > 32) errors.Add(field, "must hold at most 32");
        else if (names?.Any(n => string.IsNullOrWhiteSpace(n) || n.Length > 128) == true) errors.Add(field, "must hold names of 1-128 characters");
    }

    private static void Languages(IReadOnlyList<string>? languages, string field, Errors errors)
    {
        if (languages?.Count > 32) errors.Add(field, "must hold at most 32");
        else if (languages?.Any(l => l is null || !Inputs.IsLanguage(l)) == true) errors.Add(field, "must hold BCP 47 language tags");
    }

    private static void Range(int? value, int max, string field, Errors errors)
    {
        if (value < 0 || value > max) errors.Add(field, $"must be from 0 to {max}");
    }
}
