using Grpc.Core;
using RecoAspire.Contracts.View.V1;
using RecoAspire.ServiceDefaults.Rpc;

namespace RecoAspire.ServiceDefaults.Views;

/// <summary>gRPC face of the views of a service.</summary>
public sealed class ViewApi(IEnumerable<LogViewRunner> runners, AdminKey adminKey) : ViewService.ViewServiceBase
{
    /// <inheritdoc/>
    public override Task<GetPositionsResponse> GetPositions(GetPositionsRequest request, ServerCallContext context)
    {
        var response = new GetPositionsResponse();
        foreach (var runner in runners) response.Positions.AddRange(runner.GetPositions());
        return Task.FromResult(response);
    }

    /// <inheritdoc/>
    public override async Task<WaitForResponse> WaitFor(WaitForRequest request, ServerCallContext context)
    {
        await Find(request.View).WaitForAsync(request.Topic, request.Offset, context.CancellationToken);
        return new WaitForResponse();
    }

    /// <inheritdoc/>
    public override async Task Rebuild(RebuildRequest request, IServerStreamWriter<RebuildProgress> responseStream, ServerCallContext context)
    {
        adminKey.Demand(context);
        var runner = Find(request.View);
        await runner.ResetAsync(context.CancellationToken);
        while (true)
        {
            var done = runner.HasCaughtUp;
            foreach (var p in runner.GetPositions())
            {
                var progress = new RebuildProgress { Topic = p.Topic, NextOffset = p.NextOffset, EndOffset = p.EndOffset };
                await responseStream.WriteAsync(progress, context.CancellationToken);
            }

            if (done) return;
            await Task.Delay(100, context.CancellationToken);
        }
    }

    /// <inheritdoc/>
    public override async Task<GetDigestResponse> GetDigest(GetDigestRequest request, ServerCallContext context)
    {
        var digest = await Find(request.View).GetDigestAsync(context.CancellationToken);
        return new GetDigestResponse { Sha256 = digest.Sha256, Entries = digest.Entries };
    }

    private LogViewRunner Find(string name) => runners.FirstOrDefault(r => r.Name == name)
        ?? throw new RpcException(new Status(StatusCode.NotFound, $"no view '{name}' here; there is: {string.Join(", ", runners.Select(r => r.Name))}"));
}
