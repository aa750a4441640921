using Grpc.Core;
using Polly;
using Polly.CircuitBreaker;

namespace RecoAspire.Gateway.Resilience;

/// <summary>
/// One service that the gateway calls: a deadline for every call and a circuit breaker, so that a service that is down costs
/// nothing. Half of at least 8 calls failing within 5 s opens it for 1 s; then one call tries again.
/// </summary>
public sealed class Dependency
{
    private readonly ResiliencePipeline _pipeline;
    private readonly TimeSpan _deadline;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public Dependency(string name, TimeSpan deadline, TimeProvider time, ILogger logger)
    {
        Name = name;
        _deadline = deadline;
        _time = time;
        _logger = logger;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = 8,
                SamplingDuration = TimeSpan.FromSeconds(5),
                BreakDuration = TimeSpan.FromSeconds(1),
                ShouldHandle = new PredicateBuilder().Handle<RpcException>(e => IsFailure(e.StatusCode)),
                OnOpened = _ =>
                {
                    logger.LogWarning("{Dependency} does not answer; going on without it", name);
                    return ValueTask.CompletedTask;
                },
                OnClosed = _ =>
                {
                    logger.LogInformation("{Dependency} answers again", name);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>Name as it appears in <c>degraded</c>.</summary>
    public string Name { get; }

    /// <summary>Calls it within what the request's budget allows. Never throws except for the caller's own cancellation.</summary>
    public Task<Reply<T>> CallAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call, RequestBudget budget, CancellationToken cancellationToken)
        where T : class
    {
        var deadline = budget.NextCall;
        // A call that cannot succeed any more says nothing about the service: the breaker does not hear of it.
        if (deadline == TimeSpan.Zero) return Task.FromResult(new Reply<T>(null, StatusCode.DeadlineExceeded, Failed: true));
        return CallAsync(call, cancellationToken, deadline);
    }

    /// <summary>Calls it within a deadline of the caller's. Never throws except for the caller's own cancellation.</summary>
    public async Task<Reply<T>> CallAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellationToken, TimeSpan? deadline = null)
        where T : class
    {
        try
        {
            var value = await _pipeline.ExecuteAsync(
                async token =>
                {
                    using var running = call(new CallOptions(deadline: _time.GetUtcNow().UtcDateTime + (deadline ?? _deadline), cancellationToken: token));
                    try
                    {
                        return await running.ResponseAsync;
                    }
                    catch (RpcException) when (token.IsCancellationRequested)
                    {
                        // A caller who hangs up says nothing about the service: the breaker must not count it.
                        throw new OperationCanceledException(token);
                    }
                },
                cancellationToken);
            return new Reply<T>(value, StatusCode.OK, Failed: false);
        }
        catch (BrokenCircuitException)
        {
            return new Reply<T>(null, StatusCode.Unavailable, Failed: true);
        }
        catch (RpcException e)
        {
            if (IsFailure(e.StatusCode)) _logger.LogDebug("{Dependency}: {Status} {Detail}", Name, e.StatusCode, e.Status.Detail);
            return new Reply<T>(null, e.StatusCode, IsFailure(e.StatusCode));
        }
    }

    // These are answers of a service that is well.
    private static bool IsFailure(StatusCode status) =>
        status is not (StatusCode.OK or StatusCode.FailedPrecondition or StatusCode.NotFound or StatusCode.InvalidArgument or StatusCode.AlreadyExists);
}
