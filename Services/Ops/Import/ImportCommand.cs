using System.CommandLine;
using RecoAspire.Ops.Import.Demo;
using RecoAspire.Ops.Import.Films;
using RecoAspire.Ops.Import.MovieLens;
using RecoAspire.Ops.Suite;
using Spectre.Console;

namespace RecoAspire.Ops.Import;

/// <summary><c>import movielens|films|demo</c>: through the public API, like everybody else.</summary>
internal static class ImportCommand
{
    public static Command Create(SuiteOptions suite)
    {
        var state = new Option<string?>("--state") { Description = "Folder of the checkpoints; else RECO_STATE, else .data/imports", Recursive = true };
        return new Command("import", "Brings a catalogue and viewers' events in through the public API") { state, MovieLens(suite, state), Films(suite, state), DemoData(suite, state) };
    }

    private static Command MovieLens(SuiteOptions suite, Option<string?> state)
    {
        var folder = new Argument<string>("dir") { Description = "Folder of ml-100k, ml-1m, ml-latest-small or the NCF leave-one-out split; files plain or .gz" };
        var titles = new Option<string?>("--titles") { Description = "Folder with MovieLens 1M's movies.dat, for the split that has no titles" };
        var command = new Command("movielens", "Imports a MovieLens data set") { folder, titles };
        command.SetAction((parsed, cancellationToken) =>
        {
            using var reader = new MovieLensReader(parsed.GetValue(folder)!, parsed.GetValue(titles), TimeProvider.System);
            return SendAsync(suite, parsed, state, reader.Read(), cancellationToken);
        });
        return command;
    }

    private static Command Films(SuiteOptions suite, Option<string?> state)
    {
        var folder = new Argument<string>("dir") { Description = "Folder with titles.csv (streaming catalogues) or films-agrees-2003-2024.csv (CNC), or of such folders; files plain or .gz" };
        var command = new Command("films", "Imports catalogues of films") { folder };
        command.SetAction((parsed, cancellationToken) => SendAsync(suite, parsed, state, FilmsReader.Read(parsed.GetValue(folder)!), cancellationToken));
        return command;
    }

    private static Command DemoData(SuiteOptions suite, Option<string?> state)
    {
        var ifEmpty = new Option<bool>("--if-empty") { Description = "Do nothing when there is a catalogue" };
        var seed = new Option<int>("--seed") { Description = "The same seed on the same day gives the same data", DefaultValueFactory = _ => 1 };
        var viewers = new Option<int>("--viewers") { Description = "How many viewers, 1-100000", DefaultValueFactory = _ => 400 };
        var command = new Command("demo", "Imports a generated French-language broadcaster with viewers") { ifEmpty, seed, viewers };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(viewers) is < 1 or > 100_000) throw new OpsException("--viewers must be from 1 to 100000", OpsException.BadInput);
            using var gateway = GatewayClient.To(suite.GatewayOf(parsed));
            if (parsed.GetValue(ifEmpty))
            {
                var items = (await gateway.GetAsync("/api/status", cancellationToken)).GetProperty("catalogItems").GetInt32();
                if (items > 0)
                {
                    AnsiConsole.WriteLine($"The catalogue has {items:N0} items: the demonstration is not needed.");
                    return 0;
                }

                AnsiConsole.WriteLine("The catalogue is empty: loading the demonstration, an invented French-language broadcaster with its viewers.");
            }

            var data = DemoGenerator.Generate(parsed.GetValue(seed), parsed.GetValue(viewers), TimeProvider.System.GetUtcNow());
            await new Importer(gateway, StateFolder(parsed, state), TimeProvider.System).RunAsync(data, cancellationToken);
            AnsiConsole.WriteLine($"Viewers are demo-0001 to {data.UserId(parsed.GetValue(viewers))}. The first model is trained a few seconds from now. Try:");
            AnsiConsole.WriteLine($"  curl '{new Uri(suite.GatewayOf(parsed), "/api/recommendations?userId=demo-0001&limit=10")}'");
            return 0;
        });
        return command;
    }

    private static async Task<int> SendAsync(SuiteOptions suite, ParseResult parsed, Option<string?> state, ImportedData data, CancellationToken cancellationToken)
    {
        using var gateway = GatewayClient.To(suite.GatewayOf(parsed));
        await new Importer(gateway, StateFolder(parsed, state), TimeProvider.System).RunAsync(data, cancellationToken);
        return 0;
    }

    private static string StateFolder(ParseResult parsed, Option<string?> state) =>
        parsed.GetValue(state) ?? Environment.GetEnvironmentVariable("RECO_STATE") ?? Path.Combine(".data", "imports");
}
