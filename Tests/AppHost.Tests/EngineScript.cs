namespace RecoAspire.AppHost.Tests;

/// <summary>
/// Stands in for a container engine's client on a PATH of the test's own: writes down how it is called, one argument a line, and lets a
/// "container" live as long as the client, as a foreground run does.
/// </summary>
internal sealed class EngineScript : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("engine-").FullName;

    /// <param name="name">docker or podman.</param>
    /// <param name="answers">Whether the daemon behind it answers.</param>
    public EngineScript(string name = "docker", bool answers = true)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("needs /bin/sh");
        Path = System.IO.Path.Combine(_folder, name);
        Add(name, answers);
    }

    /// <summary>The client itself.</summary>
    public string Path { get; }

    /// <summary>A PATH on which it comes first.</summary>
    public string SearchPath => $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}";

    /// <summary>Another engine on the same PATH.</summary>
    public EngineScript Add(string name, bool answers)
    {
        var path = System.IO.Path.Combine(_folder, name);
        File.WriteAllText(path, $$"""
            #!/bin/sh
            call="{{_folder}}/{{name}}-$1-$$"
            for argument; do printf '%s\n' "$argument"; done >"$call.writing"
            [ "$1" = run ] && env >"$call.env"
            mv "$call.writing" "$call.call"
            [ "$1" = info ] && exit {{(answers ? 0 : 1)}}
            [ "$1" = run ] && exec sleep 1000
            exit 0
            """);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return this;
    }

    /// <summary>Arguments of every call of an engine's subcommand, in no order.</summary>
    public IReadOnlyList<string[]> Calls(string name, string command) =>
        [.. Directory.EnumerateFiles(_folder, $"{name}-{command}-*.call").Select(File.ReadAllLines)];

    /// <summary>Environment in which a run was started.</summary>
    public string[] EnvironmentOfRun(string name) => File.ReadAllLines(Directory.EnumerateFiles(_folder, $"{name}-run-*.env").Single());

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
