using RecoAspire.EventLog.Stores;

namespace RecoAspire.EventLog.Log;

/// <summary>A consumer group's offset that waits to be kept. The answer is the offset in force.</summary>
internal sealed class PendingGroupOffset(string group, string topic, long offset, bool force) : PendingWrite<long>
{
    private long _inForce;

    protected override long Answer => _inForce;

    public override void Apply(LogFile file, long nowMs) => _inForce = file.SetGroupOffset(group, topic, offset, force)
        ?? throw new WriteRefusedException($"the log keeps {LogLimits.MaxGroupOffsets} group offsets and takes no more", retryable: false);
}

/// <summary>Proves that the file can be written; asked for by the health check after a failure.</summary>
internal sealed class PendingProbe : PendingWrite<bool>
{
    protected override bool Answer => true;

    public override void Apply(LogFile file, long nowMs) => file.Touch();
}
