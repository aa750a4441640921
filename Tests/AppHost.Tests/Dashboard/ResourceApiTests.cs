using System.Net;
using System.Text.Json;

namespace RecoAspire.AppHost.Tests.Dashboard;

/// <summary>What runs, as the page is told, and what one can have it do.</summary>
public sealed class ResourceApiTests
{
    private const string Secret = "a-secret-that-nobody-may-see";

    [Fact]
    public async Task A_running_process_is_described()
    {
        await using var app = await WithShellAsync();
        var shell = await ShellAsync(app);
        Assert.Equal(("shell", "Executable", "Running"), (shell.Text("name"), shell.Text("type"), shell.Text("state")));
        Assert.Equal(("/bin/sh", 0), (shell.Text("source"), shell.Number("restarts")));
        var replica = Assert.Single(shell.List("replicas"));
        Assert.True(replica.Number("pid") > 0 && shell.Number("startedAt") > 0);
        Assert.Contains("PLAIN=visible", shell.List("environment").Select(v => $"{v.Text("name")}={v.Text("value")}"));
        Assert.Contains(shell.List("commands"), c => (c.Text("name"), c.Text("state")) == ("stop", "Enabled"));
    }

    [Fact]
    public async Task A_secret_is_in_no_answer()
    {
        await using var app = await WithShellAsync();
        await app.EventuallyAsync(async () => (await app.GetAsync("/api/console?resource=shell")).List("lines").Count > 0);
        foreach (var path in (string[])["/api/resources", "/api/console", "/api/session", "/api/overview", "/api/logs"])
        {
            var text = (await app.GetAsync(path)).GetRawText();
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain(DashboardApp.Token, text, StringComparison.Ordinal);
            Assert.DoesNotContain(DashboardApp.Key, text, StringComparison.Ordinal);
        }

        var shell = await ShellAsync(app);
        foreach (var name in (string[])["SECRET", "COMPOSED"])
        {
            var variable = Assert.Single(shell.List("environment"), v => v.Text("name") == name);
            Assert.Equal((null, true), (variable.Text("value"), variable.GetProperty("isSecret").GetBoolean()));
        }

        Assert.Contains(shell.List("arguments"), a => a.Text("value") is null && a.GetProperty("isSecret").GetBoolean());
    }

    [Fact]
    public async Task Commands_do_what_they_say()
    {
        await using var app = await WithShellAsync();
        Assert.Equal((true, null), await CommandAsync(app, "shell", "stop"));
        await app.Notifications.WaitForResourceAsync("shell", e => e.Snapshot.ExitCode is not null || e.Snapshot.State != KnownResourceStates.Running, app.Limit);
        await app.EventuallyAsync(async () => (await ShellAsync(app)).List("commands").Any(c => (c.Text("name"), c.Text("state")) == ("start", "Enabled")));
        Assert.Equal((true, null), await CommandAsync(app, "shell", "start"));
        await app.Notifications.WaitForResourceAsync("shell", e => e.Snapshot.State == KnownResourceStates.Running, app.Limit);
    }

    [Fact]
    public async Task A_command_of_a_replica_needs_one_of_this_resource()
    {
        await using var app = await WithShellAsync();
        var id = (await ShellAsync(app)).List("replicas")[0].Text("id");
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(app, "/api/resources/shell/commands/restart?replica=shell-nothing"));
        Assert.Equal((true, null), await CommandAsync(app, "shell", "restart", $"?replica={id}"));
    }

    [Fact]
    public async Task What_is_not_there_says_so()
    {
        await using var app = await WithShellAsync();
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(app, "/api/resources/nothing/commands/stop"));
        Assert.Equal((false, "'shell' has no command 'fly'."), await CommandAsync(app, "shell", "fly"));
        Assert.Equal((false, "'start' is not possible while 'shell' is Running."), await CommandAsync(app, "shell", "start"));
        Assert.Equal(HttpStatusCode.NotFound, await app.StatusAsync("/api/resources/shell/commands/stop"));
    }

    private static async Task<DashboardApp> WithShellAsync()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("needs /bin/sh");
        var app = new DashboardApp($"--Parameters:password={Secret}");
        var password = app.Builder.AddParameter("password", secret: true);
        // It prints its secret: the console must not show it either.
        app.Builder.AddExecutable("shell", "/bin/sh", ".", "-c", "echo \"$SECRET\"; while :; do sleep 0.1; done")
            .WithArgs(password)
            .WithEnvironment("PLAIN", "visible").WithEnvironment("SECRET", password).WithEnvironment("COMPOSED", ReferenceExpression.Create($"user:{password}@host"));
        await app.StartAsync();
        await app.Notifications.WaitForResourceAsync("shell", e => e.Snapshot.State == KnownResourceStates.Running, app.Limit);
        return app;
    }

    private static async Task<JsonElement> ShellAsync(DashboardApp app) => (await app.GetAsync("/api/resources")).List("resources").Single(r => r.Text("name") == "shell");

    private static async Task<HttpStatusCode> StatusAsync(DashboardApp app, string path)
    {
        using var answer = await app.Page.PostAsync(path, null, app.Limit);
        return answer.StatusCode;
    }

    private static async Task<(bool Success, string? Message)> CommandAsync(DashboardApp app, string resource, string command, string query = "")
    {
        using var answer = await app.Page.PostAsync($"/api/resources/{resource}/commands/{command}{query}", null, app.Limit);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var result = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(app.Limit)).RootElement;
        return (result.GetProperty("success").GetBoolean(), result.Text("message"));
    }
}
