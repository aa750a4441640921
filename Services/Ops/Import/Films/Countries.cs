using System.Globalization;
using System.Text;

namespace RecoAspire.Ops.Import.Films;

/// <summary>Names of countries, as catalogues write them, to ISO 3166-1 alpha-2. A name that is not known stays as it is.</summary>
internal static class Countries
{
    private static readonly Dictionary<string, string> Codes = Build();

    public static string CodeOf(string name) => Codes.TryGetValue(Fold(name), out var code) ? code : name.Trim();

    private static Dictionary<string, string> Build()
    {
        var codes = new Dictionary<string, string>(StringComparer.Ordinal);
        // English names come with the framework's culture data; French ones and abbreviations do not where it is trimmed.
        foreach (var culture in CultureInfo.GetCultures(CultureTypes.SpecificCultures))
        {
            var region = new RegionInfo(culture.Name);
            if (region.TwoLetterISORegionName.Length == 2 && !char.IsDigit(region.TwoLetterISORegionName[0])) codes.TryAdd(Fold(region.EnglishName), region.TwoLetterISORegionName);
        }

        const string more = "Fr FR|France FR|Belg BE|Bel BE|Be BE|Belgique BE|Belgium BE|All DE|Allemagne DE|Germany DE|West Germany DE|It IT|Ital IT|Italie IT|Esp ES|Es ES|Espagne ES"
            + "|Suis CH|Suisse CH|Can CA|Canada CA|Lux LU|Luxembourg LU|GB GB|Grande Bretagne GB|Royaume Uni GB|United Kingdom GB|UK GB|Port PT|Portugal PT|Grèce GR|Israël IL"
            + "|Tunisie TN|Maroc MA|Algérie DZ|Sénégal SN|Liban LB|Roumanie RO|Roum RO|Pays Bas NL|Suède SE|Turquie TR|Brésil BR|Pologne PL|Pol PL|Autriche AT|Bulgarie BG"
            + "|Russie RU|Danemark DK|Colombie CO|Chili CL|Argentine AR|Chine CN|Serbie RS|Irlande IE|USA US|US US|Etats Unis US|United States US|Japon JP|Corée du Sud KR"
            + "|South Korea KR|Norvège NO|Finlande FI|Hongrie HU|Tchéquie CZ|République Tchèque CZ|Czech Republic CZ|Mexique MX|Inde IN|Egypte EG|Burkina Faso BF|Mali ML"
            + "|Cameroun CM|Côte d'Ivoire CI|Georgie GE|Géorgie GE|Islande IS|Croatie HR|Slovénie SI|Slovaquie SK|Lituanie LT|Lettonie LV|Estonie EE|Ukraine UA|Hong Kong HK|Taiwan TW|Taïwan TW";
        foreach (var entry in more.Split('|')) codes[Fold(entry[..^3])] = entry[^2..];
        return codes;
    }

    private static string Fold(string name)
    {
        var folded = new StringBuilder();
        foreach (var c in name.Normalize(NormalizationForm.FormD))
        {
            if (char.IsLetter(c)) folded.Append(char.ToLowerInvariant(c));
        }

        return folded.ToString();
    }
}
