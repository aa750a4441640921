namespace RecoAspire.EventLog.Log;

/// <summary>Every bound of the log, in one place.</summary>
internal static class LogLimits
{
    public const int MaxTopicChars = 64;
    public const int MaxIdChars = 128;
    public const int MaxTypeChars = 128;
    public const int MaxPayloadBytes = 256 * 1024;
    public const int MaxAppendRecords = 5_000;
    public const int MaxAppendBytes = 4 * 1024 * 1024;

    /// <summary>Each topic has its own table; a producer that invents names must not fill the file with them.</summary>
    public const int MaxTopics = 256;

    /// <summary>Pairs of consumer group and topic.</summary>
    public const int MaxGroupOffsets = 4_096;

    public const int DefaultBatchRecords = 1_000;
    public const int MaxBatchRecords = 5_000;
    public const int MaxBatchBytes = 1024 * 1024;

    /// <summary>Followers hear from an idle topic at least every 5 s; the margin covers scheduling.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(4);

    /// <summary>Appends that wait for the writer.</summary>
    public const int MaxQueuedAppends = 1_024;
    public const int MaxQueuedBytes = 64 * 1024 * 1024;

    /// <summary>What one transaction takes from the queue (the last append may go over).</summary>
    public const int MaxCommitRecords = 20_000;
    public const int MaxCommitBytes = 8 * 1024 * 1024;
}
