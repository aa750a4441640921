using Microsoft.Extensions.Configuration;

namespace RecoAspire.Hosting.Running;

/// <summary>The folder that one running suite owns: <c>Data:Root</c>, else <c>.data</c> beside the AppHost's folder.</summary>
public sealed class DataRoot : IDisposable
{
    private FileStream? _lock;

    private DataRoot(string path) => Path = path;

    /// <summary>Full path.</summary>
    public string Path { get; }

    public static DataRoot From(IConfiguration configuration, string appHostDirectory) =>
        new(System.IO.Path.GetFullPath(configuration["Data:Root"] is { Length: > 0 } configured ? configured : System.IO.Path.Combine(appHostDirectory, "..", ".data")));

    /// <summary>Takes the folder for this process; the lock ends with the process, however it ends.</summary>
    /// <exception cref="DistributedApplicationException">Another AppHost has it, or it cannot be written.</exception>
    public void Lock()
    {
        try
        {
            Directory.CreateDirectory(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException($"The data folder '{Path}' cannot be made ({e.Message}): give another one with --Data:Root=DIR.", e);
        }

        try
        {
            _lock = new FileStream(System.IO.Path.Combine(Path, "apphost.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new DistributedApplicationException($"Another AppHost runs on '{Path}': stop it, or give this one a folder of its own with --Data:Root=DIR.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DistributedApplicationException($"The data folder '{Path}' cannot be written ({e.Message}): give another one with --Data:Root=DIR.", e);
        }
    }

    public void Dispose() => _lock?.Dispose();
}
