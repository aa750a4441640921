using System.Security.Cryptography;

namespace RecoAspire.Ops.Import.Films;

/// <summary>Reads catalogues of films: the streaming catalogues, the CNC's list, or a folder with either in it or one level below.</summary>
internal static class FilmsReader
{
    /// <exception cref="OpsException">Neither is there, or a file is damaged; exit code 2.</exception>
    public static ImportedData Read(string folder)
    {
        if (!Directory.Exists(folder)) throw new OpsException($"there is no folder '{folder}'", OpsException.BadInput);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var items = new List<ImportedItem>();
        var names = new List<string>();
        foreach (var place in Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Prepend(folder))
        {
            if (InputFile.Find(place, StreamingCatalogueReader.FileName) is { } titles)
            {
                items.AddRange(StreamingCatalogueReader.Read(titles, hash));
                names.Add("streaming catalogues");
            }

            if (InputFile.Find(place, ApprovedFilmsReader.FileName) is { } films)
            {
                items.AddRange(ApprovedFilmsReader.Read(films, hash));
                names.Add("films of the CNC");
            }
        }

        if (names.Count == 0)
            throw new OpsException($"'{folder}' holds no {StreamingCatalogueReader.FileName} and no {ApprovedFilmsReader.FileName} (plain or .gz)", OpsException.BadInput);
        return new ImportedData
        {
            Name = string.Join(" and ", names.Distinct()),
            Items = items,
            Events = [],
            UserId = _ => "",
            ItemId = _ => "",
            ContentHash = Convert.ToHexStringLower(hash.GetCurrentHash()),
        };
    }
}
