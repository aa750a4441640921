namespace RecoAspire.Topology;

/// <summary>How a store reaches the other regions, and how far it may be behind.</summary>
public sealed record Replication
{
    /// <summary><c>async_replication</c> or <c>multi_master</c>.</summary>
    public required string Strategy { get; init; }

    /// <summary><c>eventual</c> where the strategy leaves a choice.</summary>
    public string? Consistency { get; init; }

    /// <summary>Above 0.</summary>
    public required int LagTargetSeconds { get; init; }
}

/// <summary>What viewers' apps are promised.</summary>
public sealed record ServiceLevels
{
    /// <summary>Share of requests answered well, such as 0.999.</summary>
    public required double Availability { get; init; }

    /// <summary>Days over which the error budget is counted.</summary>
    public required int WindowDays { get; init; }

    public required double LatencyP99Seconds { get; init; }

    /// <summary>Share of requests that may fail.</summary>
    public required double ErrorRate { get; init; }

    /// <summary>Over all regions.</summary>
    public required double PeakRequestsPerSecond { get; init; }

    /// <summary>Upper bound of every store's recovery point, in hours.</summary>
    public required double DataLossHours { get; init; }

    public required double CacheHitRate { get; init; }

    /// <summary>Share of the true nearest neighbours that a vector query must find.</summary>
    public required double Recall { get; init; }
}

/// <summary>How much may be lost and how long it may take to come back.</summary>
public sealed record RecoveryObjective
{
    public required int RpoMinutes { get; init; }

    public required int RtoMinutes { get; init; }
}

/// <summary>How a region's health is judged from outside.</summary>
public sealed record HealthCheckPolicy
{
    public required string Path { get; init; }

    /// <summary>10 or 30: Route 53 knows no other.</summary>
    public required int IntervalSeconds { get; init; }

    /// <summary>Of those checkers that let one be set: a Cloudflare monitor, the local edge. Route 53 has a fixed one.</summary>
    public required int TimeoutSeconds { get; init; }

    public required int FailureThreshold { get; init; }
}

/// <summary>What the edge may keep.</summary>
public sealed record CdnPolicy
{
    public required string Zone { get; init; }

    public required int PopularTtlSeconds { get; init; }

    /// <summary>In the servers' own cache; never in a shared one.</summary>
    public required int SessionTtlSeconds { get; init; }
}

/// <summary>What is copied when, and kept how long.</summary>
public sealed record BackupPolicy
{
    public required string Bucket { get; init; }

    /// <summary>The log: the source of every store, therefore what bounds a loss.</summary>
    public required BackupSchedule Log { get; init; }

    public required BackupSchedule VectorDb { get; init; }

    public required BackupSchedule KnowledgeGraph { get; init; }

    public required BackupSchedule UserProfiles { get; init; }

    /// <summary>Cron expression: when a restore is rehearsed.</summary>
    public required string RehearsalSchedule { get; init; }

    /// <summary>The volume that the log's copies lie on before they are shipped.</summary>
    public required int VolumeGib { get; init; }

    public required int ArchiveAfterDays { get; init; }

    public required int DeleteAfterDays { get; init; }
}

/// <summary>One store's backups.</summary>
public sealed record BackupSchedule
{
    /// <summary>Cron expression of five fields, in UTC.</summary>
    public required string Schedule { get; init; }

    public required int RetentionDays { get; init; }

    /// <summary><c>full</c> or <c>incremental</c>.</summary>
    public required string Type { get; init; }

    /// <summary><c>gzip</c> or <c>none</c>.</summary>
    public required string Compression { get; init; }
}
