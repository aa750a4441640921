using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using RecoAspire.Ops.Import;

namespace RecoAspire.Ops.Tests;

public sealed class ImporterTests
{
    private const int Events = 4_321;

    private static ImportedData Data(int events = Events, string hash = "a") => new()
    {
        Name = "test",
        Viewers = 7,
        Items = [.. Enumerable.Range(0, 1_500).Select(i => new ImportedItem { Id = $"t-{i}", Kind = "film", Title = $"Été {i}", Year = 2000 })],
        Events = [.. Enumerable.Range(0, events).Select(i => new ImportedEvent(i % 7, i / 7, EventType.Rate, 1_000_000_000 + i, 4))],
        UserId = u => $"t-{u}",
        ItemId = i => $"t-{i}",
        ContentHash = new string(hash[0], 64),
    };

    private static async Task ImportAsync(LocalGateway gateway, string state, ImportedData data, CancellationToken? cancellationToken = null)
    {
        using var client = gateway.Client();
        await new Importer(client, state, TimeProvider.System).RunAsync(data, cancellationToken ?? TestContext.Current.CancellationToken);
    }

    private static void AssertComplete(LocalGateway gateway, ImportedData data)
    {
        Assert.Equal(data.Items.Count, gateway.Items.Count);
        Assert.Equal(data.Events.Count, gateway.Events.Count);
        // Each viewer's events in the order in which they happened.
        foreach (var own in gateway.Events.GroupBy(e => e.GetProperty("userId").GetString()))
        {
            var times = own.Select(e => e.GetProperty("timestamp").GetDateTimeOffset()).ToList();
            Assert.Equal(times.Order(), times);
        }
    }

    [Fact]
    public async Task Everything_arrives_once_in_order_in_requests_within_the_limits()
    {
        using var scratch = new Scratch();
        await using var gateway = await LocalGateway.StartAsync();
        await ImportAsync(gateway, scratch.State, Data());

        AssertComplete(gateway, Data());
        Assert.Equal(2 + 5, gateway.Requests);
        Assert.Equal("Été 7", gateway.Items["t-7"].GetProperty("title").GetString());
        Assert.Equal("t-0-0", gateway.Events[0].GetProperty("eventId").GetString());
    }

    [Fact]
    public async Task A_second_import_sends_nothing()
    {
        using var scratch = new Scratch();
        await using var gateway = await LocalGateway.StartAsync();
        await ImportAsync(gateway, scratch.State, Data());
        var before = gateway.Requests;
        await ImportAsync(gateway, scratch.State, Data());
        Assert.Equal(before, gateway.Requests);
    }

    [Fact]
    public async Task Another_log_or_another_input_is_imported_from_its_beginning()
    {
        using var scratch = new Scratch();
        await using var first = await LocalGateway.StartAsync();
        await ImportAsync(first, scratch.State, Data());
        await using var second = await LocalGateway.StartAsync();
        second.LogId = "log-2/../of another region";
        await ImportAsync(second, scratch.State, Data());
        AssertComplete(second, Data());

        var before = second.Requests;
        await ImportAsync(second, scratch.State, Data(hash: "b"));
        Assert.Equal(before + 7, second.Requests);
        AssertComplete(second, Data());
    }

    [Fact]
    public async Task A_gateway_that_cannot_take_events_for_a_while_is_waited_for()
    {
        using var scratch = new Scratch();
        await using var gateway = await LocalGateway.StartAsync();
        gateway.Before = (number, http) =>
        {
            if (number is not (2 or 4 or 5)) return Task.FromResult(true);
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.FromResult(false);
        };
        await ImportAsync(gateway, scratch.State, Data());
        AssertComplete(gateway, Data());
        Assert.Equal(7 + 3, gateway.Requests);
    }

    [Fact]
    public async Task A_connection_that_is_cut_after_the_log_has_the_events_loses_and_doubles_nothing()
    {
        using var scratch = new Scratch();
        await using var gateway = await LocalGateway.StartAsync();
        gateway.After = (number, _) => number is 1 or 3 or 6;
        await ImportAsync(gateway, scratch.State, Data());
        AssertComplete(gateway, Data());
    }

    [Fact]
    public async Task An_import_that_is_stopped_goes_on_where_the_log_had_acknowledged()
    {
        using var scratch = new Scratch();
        await using var gateway = await LocalGateway.StartAsync();
        using var stop = new CancellationTokenSource();
        gateway.Before = async (number, _) =>
        {
            if (number == 5) await stop.CancelAsync();
            return number != 5;
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ImportAsync(gateway, scratch.State, Data(), stop.Token));
        Assert.Equal(2_000, gateway.Events.Count);

        gateway.Before = null;
        var before = gateway.Requests;
        await ImportAsync(gateway, scratch.State, Data());
        AssertComplete(gateway, Data());
        Assert.Equal(before + 3, gateway.Requests);
    }

    [Fact]
    public async Task A_checkpoint_that_is_lost_or_damaged_costs_time_and_nothing_else()
    {
        using var scratch = new Scratch();
        await using var gateway = await LocalGateway.StartAsync();
        await ImportAsync(gateway, scratch.State, Data());
        var file = Assert.Single(Directory.GetFiles(scratch.State));
        var good = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        foreach (var bad in (string[])["", "{", "null", good.Replace("\"Version\":1", "\"Version\":9", StringComparison.Ordinal), good.Replace($"{Events}", $"{Events + 1}", StringComparison.Ordinal)])
        {
            Assert.NotEqual(good, bad);
            await File.WriteAllTextAsync(file, bad, TestContext.Current.CancellationToken);
            await ImportAsync(gateway, scratch.State, Data());
            AssertComplete(gateway, Data());
            Assert.Equal(good, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }

        Assert.Equal(7 * 6, gateway.Requests);
    }

    [Fact]
    public async Task What_the_api_refuses_is_reported_and_not_tried_again()
    {
        using var scratch = new Scratch();
        await using var gateway = await LocalGateway.StartAsync();
        var data = new ImportedData
        {
            Name = "test",
            Items = [new ImportedItem { Id = "no spaces allowed", Kind = "film", Title = "x" }],
            Events = [],
            UserId = _ => "",
            ItemId = _ => "",
            ContentHash = new string('c', 64),
        };
        var error = await Assert.ThrowsAsync<OpsException>(() => ImportAsync(gateway, scratch.State, data));
        Assert.Contains("400", error.Message, StringComparison.Ordinal);
        Assert.Contains("items[0]", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, gateway.Requests);
    }

    [Fact]
    public async Task Long_items_are_spread_over_requests_below_one_megabyte()
    {
        using var scratch = new Scratch();
        await using var gateway = await LocalGateway.StartAsync();
        var data = new ImportedData
        {
            Name = "test",
            Items = [.. Enumerable.Range(0, 400).Select(i => new ImportedItem { Id = $"l-{i}", Kind = "film", Title = $"{i}", Synopsis = new string('é', 10_000) })],
            Events = [],
            UserId = _ => "",
            ItemId = _ => "",
            ContentHash = new string('d', 64),
        };
        await ImportAsync(gateway, scratch.State, data);
        Assert.Equal(400, gateway.Items.Count);
        Assert.InRange(gateway.LargestBodyBytes, 500_000, 1_048_576);
    }

    [Fact]
    public async Task While_the_gateway_does_not_know_its_log_nothing_is_sent()
    {
        using var scratch = new Scratch();
        await using var gateway = await LocalGateway.StartAsync();
        gateway.LogId = "";
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMinutes(3) };
        using var client = gateway.Client();
        var error = await Assert.ThrowsAsync<OpsException>(() => new Importer(client, scratch.State, time).RunAsync(Data(), TestContext.Current.CancellationToken));
        Assert.Contains("cannot reach the event log", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, gateway.Requests);
    }

    [Fact]
    public async Task Events_without_a_known_time_are_sent_without_one()
    {
        using var scratch = new Scratch();
        await using var gateway = await LocalGateway.StartAsync();
        var data = Data(events: 1);
        var timeless = new ImportedData { Name = "t", Items = data.Items, Events = [new ImportedEvent(1, 1, EventType.Rate, 0, 0.5f)], UserId = data.UserId, ItemId = data.ItemId, ContentHash = data.ContentHash };
        await ImportAsync(gateway, scratch.State, timeless);
        var sent = Assert.Single(gateway.Events);
        Assert.False(sent.TryGetProperty("timestamp", out JsonElement _));
        Assert.Equal(0.5, sent.GetProperty("rating").GetDouble());
    }
}
