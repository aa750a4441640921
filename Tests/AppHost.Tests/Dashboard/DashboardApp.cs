using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using RecoAspire.Hosting.Dashboard;
using RecoAspire.Hosting.Dashboard.Otlp.Wire;
using RecoAspire.Hosting.Dashboard.Telemetry;
using RecoAspire.Hosting.Running;

namespace RecoAspire.AppHost.Tests.Dashboard;

/// <summary>An application with its dashboard on free ports, and those who talk to it: a browser, a stranger, and exporters.</summary>
internal sealed class DashboardApp : IAsyncDisposable
{
    public const string Key = "the-key-of-this-run";
    public const string Token = "the-token-of-this-run";
    private readonly CancellationTokenSource _limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private DistributedApplication? _app;
    private GrpcChannel? _channel;

    public DashboardApp(params string[] arguments)
    {
        // A test that hangs fails instead; nothing is asserted about time.
        _limit.CancelAfter(TimeSpan.FromMinutes(2));
        // The test's own process is larger than an AppHost: it must not lose telemetry for it.
        Builder = DistributedApplication.CreateBuilder(
            [$"--Data:Root={DataRoot}", "--DcpPublisher:RandomizePorts=true", $"--AppHost:OtlpApiKey={Key}", $"--AppHost:BrowserToken={Token}", "--Dashboard:MemoryCeilingMegabytes=100000", .. arguments]);
        Builder.Services.AddSingleton(new ConsoleLog(Console, colour: false));
    }

    public string DataRoot { get; } = Path.Combine(Path.GetTempPath(), $"dashboard-{Guid.NewGuid():N}");

    public LineWriter Console { get; } = new();

    public IDistributedApplicationBuilder Builder { get; }

    public CancellationToken Limit => _limit.Token;

    /// <summary>Logged in, as the page's own script.</summary>
    public HttpClient Page { get; private set; } = null!;

    /// <summary>Has the address and nothing else.</summary>
    public HttpClient Stranger { get; private set; } = null!;

    /// <summary>Sends OTLP over HTTP with the right key.</summary>
    public HttpClient Exporter { get; private set; } = null!;

    public string GrpcAddress { get; private set; } = "";

    public TelemetryStore Store { get; private set; } = null!;

    public ResourceLoggerService Loggers => _app!.Services.GetRequiredService<ResourceLoggerService>();

    public ResourceNotificationService Notifications => _app!.ResourceNotifications;

    public static async Task<DashboardApp> StartedAsync(params string[] arguments)
    {
        var app = new DashboardApp(arguments);
        await app.StartAsync();
        return app;
    }

    /// <summary>Time stands still but for the test.</summary>
    public FakeTimeProvider StopTime()
    {
        var time = new FakeTimeProvider(Messages.Start);
        Builder.Services.AddSingleton<TimeProvider>(time);
        return time;
    }

    public async Task StartAsync()
    {
        _app = Builder.Build();
        await _app.StartAsync(Limit);
        Store = _app.Services.GetServices<IHostedService>().OfType<DashboardHost>().Single().Store!;
        var address = new Uri(new Uri(_app.Services.GetRequiredService<RunFile>().DashboardUrl!).GetLeftPart(UriPartial.Authority));
        Page = Client(address);
        Page.DefaultRequestHeaders.Add("X-Requested-With", "dashboard");
        Stranger = Client(address);
        using var login = await Page.GetAsync($"/login?t={Token}", Limit);
        var otlp = (await GetAsync("/api/session")).GetProperty("otlp");
        GrpcAddress = otlp.Text("grpc")!;
        Exporter = Client(new Uri(otlp.Text("http")!));
        Exporter.DefaultRequestHeaders.Add("x-otlp-api-key", Key);
        _channel = GrpcChannel.ForAddress(GrpcAddress);
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await Page.GetAsync(path, Limit);
        var text = await answer.Content.ReadAsStringAsync(Limit);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Status and title of an answer that says no.</summary>
    public async Task<(HttpStatusCode Status, string Title)> RefusedAsync(string path)
    {
        using var answer = await Page.GetAsync(path, Limit);
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Limit)).RootElement.Text("title")!);
    }

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await Page.GetAsync(path, Limit);
        return answer.StatusCode;
    }

    public async Task<Partial?> SendAsync(ExportTraceServiceRequest request, string? key = Key) =>
        (await CallAsync("trace.v1.TraceService", request, ExportTraceServiceResponse.Parser, key)).PartialSuccess;

    public async Task<Partial?> SendAsync(ExportLogsServiceRequest request, string? key = Key) =>
        (await CallAsync("logs.v1.LogsService", request, ExportLogsServiceResponse.Parser, key)).PartialSuccess;

    public async Task<Partial?> SendAsync(ExportMetricsServiceRequest request, string? key = Key) =>
        (await CallAsync("metrics.v1.MetricsService", request, ExportMetricsServiceResponse.Parser, key)).PartialSuccess;

    public Task<HttpResponseMessage> PostAsync(string path, byte[] body, string contentType = "application/x-protobuf", string? encoding = null)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        if (encoding is not null) content.Headers.ContentEncoding.Add(encoding);
        // A large body is announced: an answer that does not wait for it closes the connection under the sender otherwise.
        return Exporter.SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content, Headers = { ExpectContinue = body.Length > 1 << 20 } }, Limit);
    }

    /// <summary>Waits for something that nobody announces.</summary>
    public async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        while (!await condition()) await Task.Delay(20, Limit);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in (IDisposable?[])[Page, Stranger, Exporter, _channel]) client?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
        }

        _limit.Dispose();
        if (Directory.Exists(DataRoot)) Directory.Delete(DataRoot, recursive: true);
    }

    private static HttpClient Client(Uri address) => new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = address };

    private async Task<TAnswer> CallAsync<TRequest, TAnswer>(string service, TRequest request, MessageParser<TAnswer> parser, string? key)
        where TRequest : class, IMessage
        where TAnswer : class, IMessage<TAnswer>
    {
        var method = new Method<TRequest, TAnswer>(
            MethodType.Unary, $"opentelemetry.proto.collector.{service}", "Export", Marshallers.Create<TRequest>(r => r.ToByteArray(), _ => throw new NotSupportedException()), Marshallers.Create(a => a.ToByteArray(), parser.ParseFrom));
        var headers = new Metadata();
        if (key is not null) headers.Add("x-otlp-api-key", key);
        return await _channel!.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(headers, cancellationToken: Limit), request);
    }
}

internal static class JsonExtensions
{
    public static string? Text(this JsonElement element, string name) => element.GetProperty(name).GetString();

    public static double? Number(this JsonElement element, string name) => element.GetProperty(name) is { ValueKind: not JsonValueKind.Null } number ? number.GetDouble() : null;

    public static List<JsonElement> List(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray()];

    /// <summary>"key=value" of attributes or dimensions.</summary>
    public static IEnumerable<string> Pairs(this JsonElement element, string name) => element.List(name).Select(a => $"{a.Text("key")}={a.Text("value")}");
}
