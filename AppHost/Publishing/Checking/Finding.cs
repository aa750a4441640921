namespace RecoAspire.Publishing.Checking;

/// <summary>One thing that is wrong with a published set.</summary>
/// <param name="Path">File or folder, relative to the set's root, with forward slashes.</param>
/// <param name="Line">Line in that file, from 1; 0 where no line can be named.</param>
/// <param name="Message">What is wrong, with the object and the field.</param>
public sealed record Finding(string Path, int Line, string Message)
{
    /// <summary>One line: <c>path:line: message</c>.</summary>
    public override string ToString() => Line > 0 ? $"{Path}:{Line}: {Message}" : $"{Path}: {Message}";
}
