using StackExchange.Redis;

namespace RecoAspire.Gateway.Search;

/// <summary>The cache that several gateways share, over Redis' protocol, where the connection string <c>cache</c> names one.</summary>
public static class SharedCache
{
    public static void Add(WebApplicationBuilder builder)
    {
        if (builder.Configuration.GetConnectionString("cache") is not { Length: > 0 } connection) return;
        var options = ConfigurationOptions.Parse(connection);
        // A cache that is down must cost nothing: no waiting in a queue, no start that fails.
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ConnectTimeout = 1_000;
        options.AsyncTimeout = 200;
        builder.Services.AddStackExchangeRedisCache(o =>
        {
            o.ConfigurationOptions = options;
            o.InstanceName = "gateway:";
        });
    }
}
