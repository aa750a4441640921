using System.Text;
using Microsoft.Extensions.Configuration;

namespace RecoAspire.Hosting.Publishing;

/// <summary>Where the manifest goes: <c>--output-path</c>, a file that ends in .json or a folder; for <c>publish</c> the project's own folder.</summary>
internal sealed class ManifestFile(DistributedApplicationModel model, DistributedApplicationExecutionContext executionContext, IConfiguration configuration, string appHostDirectory)
{
    /// <exception cref="UsageException">No place, or a publisher that is not the manifest's.</exception>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        var publisher = configuration["publisher"];
        if (publisher is not (null or "manifest")) throw new UsageException($"There is no publisher '{publisher}'; the one there is: manifest.");
        var path = Path.GetFullPath(configuration["output-path"] switch
        {
            { Length: > 0 } file when file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) => file,
            { Length: > 0 } folder => Path.Combine(folder, "aspire-manifest.json"),
            _ when publisher is null => Path.Combine(appHostDirectory, "..", "aspire-manifest", "aspire-manifest.json"),
            _ => throw new UsageException("--publisher manifest needs --output-path: a file that ends in .json, or a folder."),
        });
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var text = await new ManifestWriter(executionContext, Path.GetDirectoryName(path)!).WriteAsync(model, cancellationToken);
            var temporary = $"{path}.tmp";
            await File.WriteAllTextAsync(temporary, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellationToken);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException($"The manifest '{path}' cannot be written: {e.Message}", e);
        }

        // Whoever starts the app host as a step of something larger says by itself what it has written where.
        if (publisher is not null) Console.WriteLine($"Manifest written: {path}");
    }
}
