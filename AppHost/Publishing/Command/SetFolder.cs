using System.Text;

namespace RecoAspire.Publishing;

/// <summary>How a file of the set differs from what is on disk.</summary>
/// <param name="Path">Relative to the set's folder, with forward slashes.</param>
/// <param name="Before">What is there; null: nothing.</param>
/// <param name="After">What would be there; null: nothing.</param>
public sealed record FileChange(string Path, string? Before, string? After);

/// <summary>
/// The set's folder. A file is there whole or not at all, and one publish writes at a time. What an interrupted one leaves behind, the next
/// one mends.
/// </summary>
public sealed class SetFolder(string folder)
{
    private const string Unfinished = ".publishing";
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>What must change so that the folder holds exactly these files, in ordinal order of the paths.</summary>
    public IReadOnlyList<FileChange> Compare(IReadOnlyList<PublishedFile> files)
    {
        var wanted = files.Where(f => !IsSame(f)).Select(f => new FileChange(f.Path, Read(f.Path), f.Text));
        var kept = files.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        var stale = OwnPaths().Where(p => !kept.Contains(p)).Select(p => new FileChange(p, Read(p), null));
        return [.. wanted.Concat(stale).OrderBy(c => c.Path, StringComparer.Ordinal)];
    }

    /// <summary>Makes the folder hold exactly these files; files of others outside the set's own folders stay.</summary>
    /// <returns>What was changed.</returns>
    /// <exception cref="IOException">It cannot be written, or another publish is at it.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be written.</exception>
    public IReadOnlyList<FileChange> Write(IReadOnlyList<PublishedFile> files)
    {
        using var turn = TakeTurn();
        Directory.CreateDirectory(folder);
        foreach (var leftOver in Directory.EnumerateFiles(folder, $"*{Unfinished}")) File.Delete(leftOver);
        var changes = Compare(files);
        // A file may stand where a folder must be, so what is old goes first.
        foreach (var change in changes.Where(c => c.After is null)) File.Delete(Full(change.Path));
        RemoveEmptyFolders();
        foreach (var change in changes.Where(c => c.After is not null)) Replace(Full(change.Path), change.After!);
        return changes;
    }

    private static void Replace(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = path + Unfinished;
        try
        {
            File.WriteAllText(unfinished, text, Utf8);
            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    // The lock lies outside the set, so that nothing but the set is ever in its folder; the system lets go of it with the process.
    private FileStream TakeTurn()
    {
        var name = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Utf8.GetBytes($"{Environment.UserName}\n{folder}")))[..16];
        var path = Path.Combine(Path.GetTempPath(), $"recoaspire-publish-{name}.lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"Another publish writes to '{folder}': try again when it is done.", e);
        }
    }

    private IEnumerable<string> OwnPaths() => OwnFolders()
        .SelectMany(f => Directory.EnumerateFiles(f, "*", SearchOption.AllDirectories))
        .Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/'));

    private IEnumerable<string> OwnFolders() => Publisher.OwnFolders.Select(Full).Where(Directory.Exists);

    private void RemoveEmptyFolders()
    {
        // The longest first: a folder may become empty by losing its last folder.
        foreach (var empty in OwnFolders().SelectMany(f => Directory.EnumerateDirectories(f, "*", SearchOption.AllDirectories).Append(f)).OrderByDescending(f => f.Length).ToList())
        {
            if (!Directory.EnumerateFileSystemEntries(empty).Any()) Directory.Delete(empty);
        }
    }

    private bool IsSame(PublishedFile file) => File.Exists(Full(file.Path)) && File.ReadAllBytes(Full(file.Path)).AsSpan().SequenceEqual(Utf8.GetBytes(file.Text));

    private string? Read(string path) => File.Exists(Full(path)) ? File.ReadAllText(Full(path)) : null;

    private string Full(string path) => Path.Combine(folder, path);
}
