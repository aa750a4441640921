using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace RecoAspire.Gateway.Tests.Hosting;

internal enum Fault
{
    None,

    /// <summary>UNAVAILABLE at once.</summary>
    Absent,

    /// <summary>No answer before the caller's deadline.</summary>
    Slow,

    /// <summary>INTERNAL.</summary>
    Broken,
}

/// <summary>What is wrong with which service ("profile", "embedding", "vectorsearch", "graph", "eventlog").</summary>
internal sealed class Faults : Interceptor
{
    private readonly ConcurrentDictionary<string, Fault> _faults = new();
    private readonly ConcurrentDictionary<string, int> _calls = new();

    public Fault this[string service]
    {
        get => _faults.GetValueOrDefault(service);
        set => _faults[service] = value;
    }

    /// <summary>Calls that reached a service, whatever became of them.</summary>
    public int CallsOf(string service) => _calls.GetValueOrDefault(service);

    public void Clear() => _faults.Clear();

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        await StumbleAsync(context);
        return await continuation(request, context);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        await StumbleAsync(context);
        await continuation(request, responseStream, context);
    }

    private async Task StumbleAsync(ServerCallContext context)
    {
        // "/reco.profile.v1.ProfileService/GetProfile"
        var service = context.Method.Split('.')[1];
        _calls.AddOrUpdate(service, 1, (_, n) => n + 1);
        switch (this[service])
        {
            case Fault.Absent: throw new RpcException(new Status(StatusCode.Unavailable, "absent"));
            case Fault.Broken: throw new RpcException(new Status(StatusCode.Internal, "broken"));
            case Fault.Slow:
                await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
                break;
        }
    }
}
