using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RecoAspire.Hosting.Running;

namespace RecoAspire.AppHost.Tests;

/// <summary>Redis' local equivalent: garnet-server of the project's tool manifest, really started.</summary>
public sealed class GarnetTests
{
    [Fact]
    public async Task It_answers_those_who_know_the_password_and_shows_it_to_nobody()
    {
        await using var app = new TestApp("--engines=local", "--DcpPublisher:RandomizePorts=true");
        var cache = app.Builder.AddRedis("cache");
        app.AddShell("client", "echo my string is $ConnectionStrings__cache, password $CACHE_PASSWORD; exec sleep 1000").WithReference(cache).WaitFor(cache);
        await app.StartAsync();
        await app.WhenAsync("cache", s => s.HealthStatus == HealthStatus.Healthy);
        await app.EventuallyAsync(() => app.Console.Lines.Any(l => l.StartsWith("client   | my string is ", StringComparison.Ordinal)));

        var port = cache.GetEndpoint("tcp").Port;
        var password = (await cache.Resource.PasswordParameter!.GetValueAsync(app.Limit))!;
        Assert.StartsWith("-NOAUTH", await SayAsync(port, app.Limit, "PING"), StringComparison.Ordinal);
        Assert.StartsWith("-", await SayAsync(port, app.Limit, "AUTH wrong"), StringComparison.Ordinal);
        Assert.Equal("+OK\r\n+PONG\r\n", await SayAsync(port, app.Limit, $"AUTH {password}", "PING"));

        var orchestrator = app.Services.GetRequiredService<Orchestrator>();
        var values = app.Builder.Resources.Select(orchestrator.LaunchOf).OfType<Launch>().SelectMany(l => l.Arguments.Concat(l.Environment)).ToList();
        Assert.Contains(values, v => v.Value == password);
        Assert.All(values.Where(v => v.Value.Contains(password, StringComparison.Ordinal)), v => Assert.True(v.IsSecret, v.Name));
        Assert.DoesNotContain(app.Console.Lines, l => l.Contains(password, StringComparison.Ordinal));
        Assert.Contains($"client   | my string is 127.0.0.1:{port},password=********, password ********", app.Console.Lines);
    }

    [Fact]
    public async Task Its_data_and_its_password_outlive_the_application()
    {
        await using var folder = new TestFolder();
        await using (var first = App(folder, out var cache))
        {
            await first.StartAsync();
            await first.WhenAsync("cache", s => s.HealthStatus == HealthStatus.Healthy);
            var answer = await SayAsync(cache.GetEndpoint("tcp").Port, first.Limit, $"AUTH {await PasswordAsync(cache)}", "SET greeting hello", "COMMITAOF");
            // Written before the answer: what waits for its interval would be lost with the process.
            Assert.StartsWith("+OK\r\n+OK\r\n+", answer, StringComparison.Ordinal);
            await first.StopAsync();
        }

        await using var second = App(folder, out var again);
        await second.StartAsync();
        await second.WhenAsync("cache", s => s.HealthStatus == HealthStatus.Healthy);
        Assert.Equal("+OK\r\n$5\r\nhello\r\n", await SayAsync(again.GetEndpoint("tcp").Port, second.Limit, $"AUTH {await PasswordAsync(again)}", "GET greeting"));
    }

    private static TestApp App(TestFolder folder, out IResourceBuilder<RedisResource> cache)
    {
        var app = new TestApp("--engines=local", "--DcpPublisher:RandomizePorts=true", $"--Data:Root={folder.Path}");
        cache = app.Builder.AddRedis("cache").WithPersistence(TimeSpan.FromMilliseconds(50)).WithDataVolume();
        return app;
    }

    private static async Task<string?> PasswordAsync(IResourceBuilder<RedisResource> cache) => await cache.Resource.PasswordParameter!.GetValueAsync(TestContext.Current.CancellationToken);

    /// <summary>Gives some commands over a connection of their own and reads as many answers.</summary>
    private static async Task<string> SayAsync(int port, CancellationToken limit, params string[] commands)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, limit);
        var stream = client.GetStream();
        foreach (var command in commands) await stream.WriteAsync(Encoding.ASCII.GetBytes(Encode(command.Split(' '))), limit);
        var answer = new StringBuilder();
        var buffer = new byte[1024];
        while (Answers(answer.ToString()) < commands.Length)
        {
            var read = await stream.ReadAsync(buffer, limit);
            if (read == 0) break;
            answer.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return answer.ToString();
    }

    private static string Encode(string[] words) => $"*{words.Length}\r\n{string.Concat(words.Select(w => $"${w.Length}\r\n{w}\r\n"))}";

    // A line that announces a text belongs to the text behind it.
    private static int Answers(string text) => text.Split("\r\n")[..^1].Count(line => !line.StartsWith('$') || line == "$-1");
}
