using Grpc.Core;
using Grpc.Core.Interceptors;

namespace RecoAspire.ServiceDefaults.Rpc;

/// <summary>Gives every unary call that has no deadline the default one, so that none can wait for ever.</summary>
internal sealed class DeadlineInterceptor(TimeSpan defaultDeadline, TimeProvider time) : Interceptor
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        if (context.Options.Deadline is not null) return continuation(request, context);
        var options = context.Options.WithDeadline(time.GetUtcNow().UtcDateTime + defaultDeadline);
        return continuation(request, new ClientInterceptorContext<TRequest, TResponse>(context.Method, context.Host, options));
    }
}
