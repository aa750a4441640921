using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RecoAspire.Hosting.Dashboard.Api;
using RecoAspire.Hosting.Dashboard.Otlp;
using RecoAspire.Hosting.Dashboard.Telemetry;
using RecoAspire.Hosting.Running;

namespace RecoAspire.Hosting.Dashboard;

/// <summary>The web page and the OTLP receiver: a small web application inside the AppHost, up before the first resource starts.</summary>
internal sealed class DashboardHost(IServiceProvider services, IConfiguration configuration, ConsoleLog console, OtlpTarget target, RunFile runFile, TimeProvider time) : IHostedService, IDisposable
{
    private const int MaxPageRequestBytes = 64 << 10;
    private const int MaxAttempts = 5;
    private readonly CancellationTokenSource _stopping = new();
    private WebApplication? _app;

    /// <summary>What has been received.</summary>
    public TelemetryStore? Store { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="DistributedApplicationException">It cannot listen where it should.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var options = await ListenAsync(cancellationToken);
        target.GrpcUrl = options.OtlpGrpc.LocalUrl;
        _ = new MemoryCeiling(Store!, (long)options.MemoryCeilingMegabytes << 20).WatchAsync(time, _stopping.Token);
        runFile.DashboardUrl = $"{options.Page.Url}/login?t={options.BrowserToken}";
        console.Host($"Now listening on: {options.Page.Url}");
        console.Host($"Login to the dashboard at {runFile.DashboardUrl}");
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        if (_app is null) return;
        // Browsers keep connections open; nobody waits for them.
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    public void Dispose() => _stopping.Dispose();

    // A port that was free may be somebody else's when it comes to listening: random ones are drawn again.
    private async Task<DashboardOptions> ListenAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var options = DashboardOptions.From(configuration);
            Store = new TelemetryStore(options.Limits, time);
            target.ApiKey = options.OtlpApiKey;
            _app = Build(options, Store);
            try
            {
                await _app.StartAsync(cancellationToken);
                return options;
            }
            catch (IOException e)
            {
                await _app.DisposeAsync();
                _app = null;
                if (!options.HasRandomPort || attempt == MaxAttempts) throw new DistributedApplicationException($"The dashboard cannot listen: {e.Message}");
            }
        }
    }

    private WebApplication Build(DashboardOptions options, TelemetryStore store)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = OtlpHttp.MaxRequestBytes;
            kestrel.Limits.MaxConcurrentConnections = 1_024;
            kestrel.Listen(options.Page.Address, options.Page.Port, l => l.Protocols = HttpProtocols.Http1);
            kestrel.Listen(options.OtlpGrpc.Address, options.OtlpGrpc.Port, l => l.Protocols = HttpProtocols.Http2);
            kestrel.Listen(options.OtlpHttp.Address, options.OtlpHttp.Port, l => l.Protocols = HttpProtocols.Http1);
        });
        // Signals are the AppHost's to act on.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddGrpc(o => o.MaxReceiveMessageSize = OtlpHttp.MaxRequestBytes);
        builder.Services.AddSingleton(store).AddSingleton(target).AddSingleton<OtlpReader>().AddSingleton<OtlpKey>();
        builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase);

        var app = builder.Build();
        var (login, key) = (new Login(options), app.Services.GetRequiredService<OtlpKey>());
        app.Use((context, next) => GuardAsync(context, next, options, login, key));
        app.MapGrpcService<OtlpTraces>();
        app.MapGrpcService<OtlpLogs>();
        app.MapGrpcService<OtlpMetrics>();
        OtlpHttp.Map(app, app.Services.GetRequiredService<OtlpReader>(), key);
        login.Map(app);
        var startedAt = time.GetUtcNow().ToUnixTimeMilliseconds();
        app.MapGet("/health", () => Results.Text("Healthy"));
        app.MapGet("/api/session", () => new
        {
            Application = "RecoAspire",
            Version = typeof(DashboardHost).Assembly.GetName().Version?.ToString(3),
            StartedAt = startedAt,
            Now = time.GetUtcNow().ToUnixTimeMilliseconds(),
            Otlp = new { Grpc = options.OtlpGrpc.Url, Http = options.OtlpHttp.Url },
            HasTraffic = store.Traces.SpanCount > 0,
        });
        new ResourcesApi(
            services.GetRequiredService<DistributedApplicationModel>(), services.GetRequiredService<ResourceNotificationService>(), services.GetRequiredService<ResourceCommandService>(),
            services.GetRequiredService<Orchestrator>(), store, services).Map(app);
        new ConsoleApi(services.GetRequiredService<ResourceLoggerService>()).Map(app);
        new TelemetryApi(store).Map(app);
        new MetricsApi(store, time).Map(app);
        app.MapFallback("{**path}", context => (PageFiles.Answer(context.Request.Path.Value!.TrimStart('/')) ?? (IsRoute(context) ? PageFiles.Answer("index.html")! : Results.NotFound())).ExecuteAsync(context));
        return app;
    }

    // Every request passes here first: the right port, a host name that is ours (a page elsewhere cannot borrow our address), a login,
    // and for changes a header that forms of other sites cannot send.
    private static Task GuardAsync(HttpContext context, RequestDelegate next, DashboardOptions options, Login login, OtlpKey key)
    {
        var (request, response) = (context.Request, context.Response);
        if (context.Connection.LocalPort != options.Page.Port)
        {
            var isGrpc = context.Connection.LocalPort == options.OtlpGrpc.Port;
            var isTelemetry = request.Path.StartsWithSegments("/v1") ? !isGrpc : isGrpc && request.Path.Value!.StartsWith("/opentelemetry.", StringComparison.Ordinal);
            if (!isTelemetry) return Results.NotFound().ExecuteAsync(context);
            if (!isGrpc || key.Fits(request)) return next(context);
            OtlpKey.Refuse(response);
            return Task.CompletedTask;
        }

        if (request.Path.StartsWithSegments("/v1") || request.Path.Value!.StartsWith("/opentelemetry.", StringComparison.Ordinal)) return Results.NotFound().ExecuteAsync(context);

        response.Headers.ContentSecurityPolicy = "default-src 'self'; frame-ancestors 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-cache";
        if (!options.Page.IsOurs(request.Host.Host, context.Connection.LocalIpAddress))
            return Results.Problem(statusCode: 421, title: "This is not the host that you asked for.").ExecuteAsync(context);
        if (request.ContentLength > MaxPageRequestBytes) return Results.Problem(statusCode: 413, title: "The request is too large.").ExecuteAsync(context);
        if (IsOpen(request.Path)) return next(context);
        if (!login.IsIn(context))
        {
            var page = request.Path.StartsWithSegments("/api")
                ? Results.Problem(statusCode: 401, title: "Log in with the address that the AppHost printed.")
                : Results.Redirect($"/login?returnUrl={Uri.EscapeDataString(request.Path + request.QueryString)}");
            return page.ExecuteAsync(context);
        }

        return HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || request.Headers["X-Requested-With"] == "dashboard"
            ? next(context)
            : Results.Problem(statusCode: 403, title: "The header X-Requested-With: dashboard is missing.").ExecuteAsync(context);
    }

    // What the login page needs.
    private static bool IsOpen(PathString path) =>
        path == "/login" || path == "/health" || path == "/style.css" || path == "/favicon.svg" || path.StartsWithSegments("/js");

    private static bool IsRoute(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) && context.Request.Path.Value!.Split('/') is ["", "" or "consolelogs" or "structuredlogs" or "traces" or "metrics", ..];

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
