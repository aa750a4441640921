using System.Text.RegularExpressions;
using RecoAspire.Contracts.Profile.V1;

namespace RecoAspire.Profile.History;

/// <summary>Limits of preferences.</summary>
internal static partial class PreferenceChecks
{
    public const int MaxLanguages = 16;
    public const int MaxAgeYears = 18;
    private const int MaxLanguageChars = 35;

    /// <summary>What is wrong, beginning with the field's name; null = nothing.</summary>
    public static string? Problem(Preferences preferences)
    {
        if (preferences.Languages.Count > MaxLanguages) return $"languages: {preferences.Languages.Count} given, at most {MaxLanguages} allowed";
        for (var i = 0; i < preferences.Languages.Count; i++)
        {
            var language = preferences.Languages[i];
            if (language.Length > MaxLanguageChars || !LanguageTag().IsMatch(language))
                return $"languages[{i}]: must be a BCP 47 language tag such as \"fr\" or \"fr-CA\"";
        }

        if (preferences.Territory.Length > 0 && !Territory().IsMatch(preferences.Territory))
            return "territory: must be empty or two capital letters (ISO 3166-1 alpha-2)";
        if (preferences.HasAgeLimitYears && preferences.AgeLimitYears is < 0 or > MaxAgeYears)
            return $"age_limit_years: {preferences.AgeLimitYears} given, 0-{MaxAgeYears} allowed";
        return null;
    }

    // The shape of RFC 5646: a language and subtags; whether they are registered is not for us to say.
    [GeneratedRegex(@"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\z")]
    private static partial Regex LanguageTag();

    [GeneratedRegex(@"^[A-Z]{2}\z")]
    private static partial Regex Territory();
}
