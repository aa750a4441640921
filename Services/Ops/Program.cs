using System.CommandLine;
using System.Globalization;
using Grpc.Core;
using RecoAspire.Ops;
using RecoAspire.Ops.Backup;
using RecoAspire.Ops.Evaluation;
using RecoAspire.Ops.Import;
using RecoAspire.Ops.Operate;
using RecoAspire.Ops.Suite;
using Spectre.Console;

// Lines look the same on every machine: scripts read them.
CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

// Into files and pipes, lines are not wrapped at the width of a terminal that is not there.
if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 200;

var suite = new SuiteOptions();
var root = new RootCommand("Operator's tool of RecoAspire")
{
    suite.Gateway, suite.RunFilePath, suite.Verbose,
    ImportCommand.Create(suite),
    EvaluateCommand.Create(suite),
    TrainCommand.Create(suite),
    StatusCommand.Create(suite),
    ViewCommands.Wait(suite),
    ViewCommands.Rebuild(suite),
    ViewCommands.Digest(suite),
    BackupCommand.Create(suite),
};

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    await Console.Error.WriteLineAsync($"error: {parsed.Errors[0].Message} (see --help)");
    return OpsException.BadInput;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e)
{
    if (parsed.GetValue(suite.Verbose)) await Console.Error.WriteLineAsync(e.ToString());
    else await Console.Error.WriteLineAsync($"error: {Describe(e)}");
    return e is OpsException known ? known.ExitCode : OpsException.Failure;
}

static string Describe(Exception e) => e switch
{
    OperationCanceledException => "cancelled; run the same command again to go on",
    RpcException rpc => $"{rpc.StatusCode}: {rpc.Status.Detail}",
    _ => e.Message,
};
