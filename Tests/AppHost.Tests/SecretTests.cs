using Microsoft.Extensions.Time.Testing;
using RecoAspire.Hosting.Running;

namespace RecoAspire.AppHost.Tests;

/// <summary>What is secret is known as such wherever it goes, and is shown nowhere.</summary>
public sealed class SecretTests
{
    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });

    [Fact]
    public void A_value_is_secret_when_a_secret_parameter_is_in_it()
    {
        var secret = _builder.AddParameter("secret", "s3cret-value", secret: true);
        var open = _builder.AddParameter("open", "o");
        var cache = _builder.AddRedis("cache");
        var web = _builder.AddProject("web", "x.csproj").WithHttpEndpoint(name: "http");

        Assert.True(Secrets.Contains(secret.Resource));
        Assert.True(Secrets.Contains(ReferenceExpression.Create($"a{secret}")));
        Assert.True(Secrets.Contains(ReferenceExpression.Create($"{ReferenceExpression.Create($"{open}{secret:uri}")}")));
        Assert.True(Secrets.Contains(cache.Resource));
        Assert.True(Secrets.Contains(cache.Resource.UriExpression));
        Assert.True(Secrets.Contains(_builder.AddConnectionString("legacy").Resource));
        Assert.True(Secrets.Contains(_builder.AddConnectionString("composed", ReferenceExpression.Create($"Key={secret}")).Resource));

        Assert.False(Secrets.Contains("text"));
        Assert.False(Secrets.Contains(open.Resource));
        Assert.False(Secrets.Contains(ReferenceExpression.Create($"a{open}")));
        Assert.False(Secrets.Contains(web.GetEndpoint("http")));
        // The address of what has a secret connection string is no secret.
        Assert.False(Secrets.Contains(cache.GetEndpoint("tcp").Property(EndpointProperty.Port)));
        Assert.False(Secrets.Contains(_builder.AddKafka("kafka").Resource));
        Assert.Equal(["secret"], Secrets.In(ReferenceExpression.Create($"{open}{secret}")).Select(p => p.Name));
    }

    [Fact]
    public void A_console_line_shows_no_secret()
    {
        var loggers = new ResourceLoggerService(new FakeTimeProvider());
        loggers.AddSecret("s3cret-value");
        Assert.Equal("key=******** and again ********", loggers.Add("web", "web-1", "key=s3cret-value and again s3cret-value", isError: false));
        Assert.Equal("key=********", loggers.Add("web", "web-1", "key=s3cret-value", isError: false));
        Assert.DoesNotContain(loggers.Read(null, 10, _ => true), l => l.Content.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public void A_short_value_is_not_hidden_because_it_would_hide_half_the_text()
    {
        var loggers = new ResourceLoggerService(new FakeTimeProvider());
        loggers.AddSecret("a");
        Assert.Equal("a banana", loggers.Add("web", "web", "a banana", isError: false));
    }

    [Fact]
    public void A_secret_at_the_cut_of_a_long_line_leaves_no_piece()
    {
        var loggers = new ResourceLoggerService(new FakeTimeProvider());
        loggers.AddSecret("s3cret-value");
        var shown = loggers.Add("web", "web", new string('x', 8_186) + "s3cret-value", isError: false);
        Assert.DoesNotContain("s3cret", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void The_console_keeps_the_last_lines_and_counts_the_dropped_ones()
    {
        var loggers = new ResourceLoggerService(new FakeTimeProvider(), maxLines: 100);
        for (var i = 1; i <= 250; i++) loggers.Add(i % 2 == 0 ? "even" : "odd", "", $"line {i}", isError: i == 250);
        var kept = loggers.Read(null, int.MaxValue, _ => true);
        Assert.Equal(Enumerable.Range(151, 100).Select(i => $"line {i}"), kept.Select(l => l.Content));
        Assert.Equal(150, loggers.Dropped);
        Assert.True(kept[^1].IsErrorMessage);
        Assert.Equal(Enumerable.Range(151, 100), kept.Select(l => l.LineNumber));
        Assert.Equal(["line 248", "line 250"], loggers.Read(null, 2, l => l.Resource == "even").Select(l => l.Content));
        Assert.Equal(["line 201", "line 203"], loggers.Read(200, 2, l => l.Resource == "odd").Select(l => l.Content));
    }

    [Fact]
    public void A_long_line_is_cut()
    {
        var shown = new ResourceLoggerService(new FakeTimeProvider()).Add("web", "web", new string('x', 100_000), isError: false);
        Assert.Equal(8_192 + 3, shown.Length);
        Assert.EndsWith("...", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_watches_gets_the_kept_lines_and_every_new_one()
    {
        var limit = TestContext.Current.CancellationToken;
        var loggers = new ResourceLoggerService(new FakeTimeProvider());
        loggers.Add("web", "web", "before", isError: false);
        loggers.Add("other", "other", "not this", isError: false);
        await using var watching = loggers.WatchAsync("web", limit).GetAsyncEnumerator(limit);
        Assert.True(await watching.MoveNextAsync());
        Assert.Equal("before", watching.Current.Single().Content);
        loggers.Add("web", "web", "after", isError: true);
        Assert.True(await watching.MoveNextAsync());
        Assert.Equal("after", watching.Current.Single().Content);
    }
}
