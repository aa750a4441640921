using System.Globalization;
using Microsoft.Extensions.Primitives;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Gateway.Filters;

namespace RecoAspire.Gateway.Api;

/// <summary>Reads query parameters and notes what is wrong with them.</summary>
internal sealed class QueryInputs(IQueryCollection query, Errors errors)
{
    public string? Text(string name, int maxLength)
    {
        if (!query.TryGetValue(name, out StringValues values)) return null;
        if (values.Count > 1) errors.Add(name, "is given more than once");
        var text = values[0] ?? "";
        if (text.Length == 0 || text.Length > maxLength) errors.Add(name, $"must have 1-{maxLength} characters");
        if (text.AsSpan().IndexOfAnyInRange('\0', '\u001f') >= 0) errors.Add(name, "contains control characters");
        return text;
    }

    public string UserId()
    {
        var id = Text("userId", 128);
        if (!Inputs.IsId(id)) errors.Add("userId", "must have 1-128 printable characters without spaces");
        return id ?? "";
    }

    public int Limit() => Number("limit", 1, 100) ?? 20;

    public int? Number(string name, int min, int max)
    {
        if (Text(name, 11) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max) return number;
        errors.Add(name, $"must be a whole number from {min} to {max}");
        return null;
    }

    public RequestContext Context()
    {
        var territory = Text("territory", 2);
        if (territory is not null && !Inputs.IsTerritory(territory)) errors.Add("territory", "must be an ISO 3166-1 alpha-2 code in capitals, such as FR");
        var language = Text("language", 35);
        if (language is not null && !Inputs.IsLanguage(language)) errors.Add("language", "must be a BCP 47 language tag, such as fr or fr-CA");
        return new RequestContext(territory, language, Number("maxAge", 0, 18), Flag("kids"), Kind());
    }

    private bool Flag(string name)
    {
        var text = Text(name, 5);
        if (text is not (null or "true" or "false")) errors.Add(name, "must be true or false");
        return text == "true";
    }

    private ItemKind? Kind()
    {
        if (Text("kind", 32) is not { } text) return null;
        if (Inputs.TryKind(text, out var kind) && kind != ItemKind.Series) return kind;
        errors.Add("kind", $"must be one of {Inputs.KindNames} (but not series)");
        return null;
    }
}
