using Grpc.Core;
using Grpc.Net.Client.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RecoAspire.ServiceDefaults.Rpc;

/// <summary>gRPC clients that find their service by name, never wait for ever and retry within a budget.</summary>
public static class GrpcClientExtensions
{
    /// <summary>
    /// Registers <typeparamref name="TClient"/> for the service <paramref name="service"/>, found by service discovery
    /// (<c>services__{service}__http__0</c>). Unary calls get the deadline <c>Rpc:{service}:DeadlineMs</c>
    /// (default <paramref name="deadlineMs"/>). UNAVAILABLE is retried twice, 20-200 ms apart, as long as fewer than about one
    /// call in ten needs it (gRPC retry throttling): a dead service is not hammered. Only for idempotent methods, as all of ours are.
    /// </summary>
    public static IHttpClientBuilder AddServiceGrpcClient<TClient>(this WebApplicationBuilder builder, string service, int deadlineMs = 2_000)
        where TClient : ClientBase
    {
        var deadline = TimeSpan.FromMilliseconds(builder.Configuration.GetValue($"Rpc:{service}:DeadlineMs", deadlineMs));
        return builder.Services
            .AddGrpcClient<TClient>(o => o.Address = new Uri($"http://{service}"))
            .ConfigureChannel(channel =>
            {
                channel.MaxReceiveMessageSize = ServiceDefaultsExtensions.MaxGrpcMessageBytes;
                channel.MaxSendMessageSize = ServiceDefaultsExtensions.MaxGrpcMessageBytes;
                channel.ServiceConfig = RetryWithinBudget();
                // gRPC's own defaults (1 s growing to 2 min) would ignore a service for minutes after it has come back.
                channel.InitialReconnectBackoff = TimeSpan.FromMilliseconds(50);
                channel.MaxReconnectBackoff = TimeSpan.FromSeconds(1);
            })
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
            .AddServiceDiscovery()
            .AddInterceptor(provider => new DeadlineInterceptor(deadline, provider.GetRequiredService<TimeProvider>()));
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
