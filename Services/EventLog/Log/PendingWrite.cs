using RecoAspire.EventLog.Stores;

namespace RecoAspire.EventLog.Log;

/// <summary>A write that waits for the writer thread: applied inside a transaction, answered after it is durable.</summary>
internal abstract class PendingWrite
{
    /// <summary>How much it adds to a transaction.</summary>
    public virtual int Records => 0;

    public virtual int Bytes => 0;

    /// <summary>Applies it to the open transaction. Must not change anything when it refuses.</summary>
    /// <exception cref="WriteRefusedException">Only this write fails; the others of the transaction go on.</exception>
    public abstract void Apply(LogFile file, long nowMs);

    /// <summary>The transaction is durable.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception reason);
}

/// <summary>A pending write with its answer.</summary>
internal abstract class PendingWrite<TAnswer> : PendingWrite
{
    private readonly TaskCompletionSource<TAnswer> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The answer, once durable.</summary>
    public Task<TAnswer> Task => _done.Task;

    protected abstract TAnswer Answer { get; }

    public override void Complete() => _done.TrySetResult(Answer);

    public override void Fail(Exception reason) => _done.TrySetException(reason);
}

/// <summary>The log cannot take a write now, for a reason of its own: limits, a full disk, a full queue.</summary>
internal sealed class WriteRefusedException(string message, bool retryable) : Exception(message)
{
    /// <summary>The same write may succeed later without anybody's help.</summary>
    public bool Retryable => retryable;
}
