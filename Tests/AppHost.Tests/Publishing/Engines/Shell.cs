using System.Diagnostics;

namespace RecoAspire.AppHost.Tests.Publishing.Engines;

/// <summary>Runs a script of a pod as the pod does: with <c>sh</c>, and nothing in its environment but what is given.</summary>
internal static class Shell
{
    /// <summary>What a script did.</summary>
    public sealed record Result(int ExitCode, string Output, string Errors);

    /// <param name="script">Path of the script.</param>
    /// <param name="environment">Its variables, beside PATH.</param>
    public static async Task<Result> RunAsync(string script, params (string Name, string Value)[] environment)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("needs sh");
        var start = new ProcessStartInfo("sh", [script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, await output, await errors);
    }

    /// <summary>Whether the machine has a program.</summary>
    public static void Need(string program)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(f => File.Exists(Path.Combine(f, program)))) Assert.Skip($"needs {program}");
    }

    /// <summary>A program that stands in for an image's own: a script.</summary>
    public static string Program(string folder, string name, string body)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
