using Spectre.Console;

namespace RecoAspire.Ops.Suite;

/// <summary>Progress of a long command: a bar for people, a line every tenth for files and pipes.</summary>
internal static class Steps
{
    /// <summary>Runs <paramref name="work"/> with a reporter of (done, total).</summary>
    public static async Task RunAsync(string what, Func<Action<long, long>, Task> work)
    {
        if (AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected)
        {
            await AnsiConsole.Progress().StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(what));
                await work((done, total) =>
                {
                    task.MaxValue = Math.Max(1, total);
                    task.Value = done;
                });
                task.Value = task.MaxValue;
            });
            return;
        }

        var shown = -1L;
        await work((done, total) =>
        {
            var tenth = total == 0 ? 10 : done * 10 / total;
            if (tenth == shown) return;
            shown = tenth;
            Console.WriteLine($"{what}: {tenth * 10} %");
        });
    }
}
