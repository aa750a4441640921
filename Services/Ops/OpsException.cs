namespace RecoAspire.Ops;

/// <summary>What the person at the terminal has to know, in one line, and the exit code: 2 = the input or the call was wrong, 1 = it failed.</summary>
public sealed class OpsException : Exception
{
    public const int BadInput = 2;
    public const int Failure = 1;

    public OpsException(string message, int exitCode = Failure)
        : base(message) => ExitCode = exitCode;

    public OpsException(string message, Exception inner)
        : base(message, inner) => ExitCode = Failure;

    public int ExitCode { get; }

    /// <summary>An input file is wrong at a line.</summary>
    public static OpsException AtLine(string file, long line, string reason) => new($"{file}:{line}: {reason}", BadInput);
}
