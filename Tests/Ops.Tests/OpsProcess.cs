using System.Diagnostics;
using RecoAspire.Tests;

namespace RecoAspire.Ops.Tests;

/// <summary>The tool as people start it: a process with arguments, two streams and an exit code.</summary>
internal static class OpsProcess
{
    private static readonly Dictionary<string, string> NoVariables = [];

    public sealed record Result(int ExitCode, string Output, string Error);

    // Its own output folder, with the assemblies that it ships: beside the tests lie those of the servers, too.
    private static readonly string Dll = Path.Combine(
        RealData.ProjectRoot, "Services", "Ops", "bin", Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!, "net10.0", "Ops.dll");

    public static Process Start(string workingDirectory, params string[] arguments) => Start(workingDirectory, NoVariables, arguments);

    public static Process Start(string workingDirectory, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = workingDirectory };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Dll);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment.Remove("RECO_GATEWAY");
        start.Environment.Remove("RECO_STATE");
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public static Task<Result> RunAsync(string workingDirectory, params string[] arguments) => RunAsync(workingDirectory, NoVariables, arguments);

    public static async Task<Result> RunAsync(string workingDirectory, IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        using var process = Start(workingDirectory, variables, arguments);
        var cancellation = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return new Result(process.ExitCode, await output, await error);
    }
}
