using RecoAspire.Contracts.Catalog.V1;

namespace RecoAspire.GpuEmbedding.Text;

/// <summary>What of a programme enters its text vector, and how much each field weighs.</summary>
internal static class ItemText
{
    public static Dictionary<ulong, float> Features(Item item)
    {
        var features = new Dictionary<ulong, float>();
        TextFeatures.Add(item.Title, 2f, features);
        TextFeatures.Add(item.OriginalTitle, 1f, features);
        TextFeatures.Add(item.SeriesTitle, 2f, features);
        TextFeatures.Add(item.Synopsis, 1f, features);
        foreach (var genre in item.Genres) TextFeatures.Add(genre, 1.5f, features);
        foreach (var theme in item.Themes) TextFeatures.Add(theme, 1.5f, features);
        foreach (var credit in item.Credits.Take(12)) TextFeatures.Add(credit.Name, 1f, features);
        return features;
    }
}
