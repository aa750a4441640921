using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace RecoAspire.ServiceDefaults.Rpc;

/// <summary>gRPC clients that find their service by name, never wait for ever and retry within a budget.</summary>
public static class GrpcClientExtensions
{
    /// <summary>
    /// How often the addresses behind a <c>dns:///</c> name are asked for again: an address that has come is called within this
    /// time. The library never asks more often than every 15 s.
    /// </summary>
    internal static readonly TimeSpan DnsRefresh = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Registers <typeparamref name="TClient"/> for the service <paramref name="service"/>, found by service discovery
    /// (<c>services__{service}__http__0</c>). Where that is <c>dns:///host:port</c>, the calls go in turn to all addresses behind the
    /// name (a headless Service of Kubernetes), and to the others when one is gone. Unary calls get the deadline
    /// <c>Rpc:{service}:DeadlineMs</c> (default <paramref name="deadlineMs"/>). UNAVAILABLE is retried twice, 20-200 ms apart, as
    /// long as fewer than about one call in ten needs it (gRPC retry throttling): a dead service is not hammered. Only for
    /// idempotent methods, as all of ours are.
    /// </summary>
    /// <exception cref="InvalidOperationException">The address begins with <c>dns:</c> and is no <c>dns:///host:port</c>.</exception>
    public static IHttpClientBuilder AddServiceGrpcClient<TClient>(this WebApplicationBuilder builder, string service, int deadlineMs = 2_000)
        where TClient : ClientBase
    {
        var deadline = TimeSpan.FromMilliseconds(builder.Configuration.GetValue($"Rpc:{service}:DeadlineMs", deadlineMs));
        var balanced = ServiceAddress.Dns(builder.Configuration, service);
        if (balanced is not null) builder.Services.TryAddSingleton<ResolverFactory>(new DnsResolverFactory(DnsRefresh));
        var client = builder.Services
            .AddGrpcClient<TClient>(o => o.Address = balanced ?? new Uri($"http://{service}"))
            .ConfigureChannel(channel => ConfigureChannel(channel, balanced is not null))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
                KeepAlivePingDelay = TimeSpan.FromSeconds(20),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
                ConnectTimeout = TimeSpan.FromSeconds(1),
                EnableMultipleHttp2Connections = true,
            })
            // The channel lives as long as the service: rotating handlers would drop warm connections and tails.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .AddInterceptor(provider => new DeadlineInterceptor(deadline, provider.GetRequiredService<TimeProvider>()));
        // The channel's own resolver has found the addresses already; discovery would look for them again by name.
        return balanced is null ? client.AddServiceDiscovery() : client;
    }

    private static void ConfigureChannel(GrpcChannelOptions channel, bool balanced)
    {
        channel.MaxReceiveMessageSize = ServiceDefaultsExtensions.MaxGrpcMessageBytes;
        channel.MaxSendMessageSize = ServiceDefaultsExtensions.MaxGrpcMessageBytes;
        channel.ServiceConfig = RetryWithinBudget();
        // gRPC's own defaults (1 s growing to 2 min) would ignore a service for minutes after it has come back.
        channel.InitialReconnectBackoff = TimeSpan.FromMilliseconds(50);
        channel.MaxReconnectBackoff = TimeSpan.FromSeconds(1);
        if (!balanced) return;
        // A dns address does not say whether there is TLS; an http one does.
        channel.Credentials = ChannelCredentials.Insecure;
        channel.ServiceConfig.LoadBalancingConfigs.Add(new RoundRobinConfig());
    }

    private static ServiceConfig RetryWithinBudget() => new()
    {
        MethodConfigs =
        {
            new MethodConfig
            {
                Names = { MethodName.Default },
                RetryPolicy = new RetryPolicy
                {
                    MaxAttempts = 3,
                    InitialBackoff = TimeSpan.FromMilliseconds(20),
                    MaxBackoff = TimeSpan.FromMilliseconds(200),
                    BackoffMultiplier = 3,
                    RetryableStatusCodes = { StatusCode.Unavailable },
                },
            },
        },
        RetryThrottling = new RetryThrottlingPolicy { MaxTokens = 20, TokenRatio = 0.1 },
    };
}
