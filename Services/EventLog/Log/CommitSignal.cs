namespace RecoAspire.EventLog.Log;

/// <summary>Wakes everybody who waits for new records. Take <see cref="Next"/> before looking at the log, so that nothing is missed.</summary>
internal sealed class CommitSignal
{
    private volatile TaskCompletionSource _next = Create();

    /// <summary>Completes at the next commit.</summary>
    public Task Next => _next.Task;

    public void Raise() => Interlocked.Exchange(ref _next, Create()).TrySetResult();

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
