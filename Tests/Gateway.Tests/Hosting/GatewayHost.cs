using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RecoAspire.Contracts.Catalog.V1;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Viewers;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Gateway.Tests.Hosting;

/// <summary>A real gateway on Kestrel before in-memory services on Kestrel. One per test class, or per test with its own settings.</summary>
public sealed class GatewayHost : IAsyncLifetime
{
    private static readonly string[] ServiceNames = ["eventlog", "profile", "embedding", "vectorsearch", "graph"];
    private readonly Dictionary<string, string> _settings;
    private Backends? _backends;
    private Factory? _factory;
    private int _ids;

    public GatewayHost()
        : this([])
    {
    }

    private GatewayHost(Dictionary<string, string> settings) => _settings = settings;

    public HttpClient Api { get; private set; } = null!;

    internal Backends Backends => _backends!;

    internal IServiceProvider Services => _factory!.Services;

    /// <summary>A gateway with settings of its own ("Gateway:Viewers:MaxEntries", "1000").</summary>
    public static async Task<GatewayHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var host = new GatewayHost(settings.ToDictionary(s => s.Key, s => s.Value));
        await host.InitializeAsync();
        return host;
    }

    public async ValueTask InitializeAsync()
    {
        _backends = await Backends.StartAsync();
        var settings = new Dictionary<string, string>
        {
            ["HTTP_PORT"] = "0",
            // Tests share two cores with everything else; deadlines are tested where they are the subject.
            ["Gateway:DependencyDeadlineMs"] = "5000",
            ["Gateway:BudgetMs"] = "20000",
        };
        foreach (var service in ServiceNames) settings[$"services:{service}:http:0"] = _backends.Address;
        foreach (var (key, value) in _settings) settings[key] = value;
        _factory = new Factory(settings);
        _factory.UseKestrel();
        _factory.StartServer();
        var address = Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Api = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(address) };
        await CaughtUpAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        if (_factory is not null) await _factory.DisposeAsync();
        if (_backends is not null) await _backends.DisposeAsync();
    }

    /// <summary>Ids that no other test of this host uses.</summary>
    public string NewId(string kind) => $"{kind}-{Interlocked.Increment(ref _ids)}";

    /// <summary>Puts items into the log and waits until the gateway has them.</summary>
    public async Task AddAsync(params IEnumerable<Item> items)
    {
        foreach (var item in items)
            Backends.Log.Append(Topics.Catalog, Guid.NewGuid().ToString("N"), item.Id, new CatalogChange { Upsert = item });
        await CaughtUpAsync();
    }

    /// <summary>Puts one thing that a viewer did into the log and waits until the gateway has it.</summary>
    public async Task DidAsync(string viewerId, InteractionKind kind, params IEnumerable<string> itemIds)
    {
        foreach (var itemId in itemIds) Did(viewerId, kind, itemId);
        await CaughtUpAsync();
    }

    internal void Did(string viewerId, InteractionKind kind, string itemId, string territory = "", float rating = 4, long? atMs = null) =>
        Backends.Log.Append(Topics.Interactions, Guid.NewGuid().ToString("N"), viewerId, new Interaction
        {
            ViewerId = viewerId,
            ItemId = itemId,
            Kind = kind,
            OccurredAtMs = atMs ?? DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            Territory = territory,
            Rating = kind == InteractionKind.Rate ? rating : 0,
        });

    /// <summary>Sets a viewer's preferences through the log and waits until the gateway has them.</summary>
    public async Task PrefersAsync(string viewerId, Preferences preferences)
    {
        Backends.Log.Append(Topics.ProfileOps, Guid.NewGuid().ToString("N"), viewerId, new ProfileOperation
        {
            ViewerId = viewerId,
            OccurredAtMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            SetPreferences = preferences,
        });
        await CaughtUpAsync();
    }

    /// <summary>Waits until the gateway's views hold everything that the log holds.</summary>
    public async Task CaughtUpAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await WaitAsync(Services.GetLogViewRunner<CatalogView>(), Topics.Catalog, patience.Token);
        await WaitAsync(Services.GetLogViewRunner<ViewersView>(), Topics.Interactions, patience.Token);
        await WaitAsync(Services.GetLogViewRunner<ViewersView>(), Topics.ProfileOps, patience.Token);
    }

    public async Task<JsonElement> GetAsync(string path, string? language = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (language is not null) request.Headers.Add("Accept-Language", language);
        using var response = await Api.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    public async Task<JsonElement> SendAsync(HttpMethod method, string path, object body)
    {
        using var response = await Api.SendAsync(new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) });
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    // Of an empty topic nothing has to be applied, yet the view has caught up only once it has heard so from the log.
    private async Task WaitAsync(LogViewRunner runner, string topic, CancellationToken cancellationToken)
    {
        await runner.WaitForAsync(topic, Backends.Log.Read(topic).Count, cancellationToken);
        while (!Backends.Log.TailsHeld && !runner.HasCaughtUp) await Task.Delay(10, cancellationToken);
    }

    private sealed class Factory(Dictionary<string, string> settings) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            foreach (var (key, value) in settings) builder.UseSetting(key, value);
            builder.ConfigureLogging(logging => logging.ClearProviders());
            // Tests count calls: nobody else may make any.
            builder.ConfigureTestServices(services =>
            {
                foreach (var warmUp in services.Where(s => s.ImplementationType?.Name == "WarmUp").ToList()) services.Remove(warmUp);
            });
        }
    }
}
