namespace RecoAspire.ServiceDefaults.Telemetry;

/// <summary>
/// The one list of metric names that dashboards, alerts and autoscaling rely on. Names are those of the
/// deployment guide; they appear under exactly these names at <c>/metrics</c>.
/// </summary>
public static class MetricNames
{
    /// <summary>Name of the meter that every service of the suite uses.</summary>
    public const string Meter = "RecoAspire";

    /// <summary>Counter; label <c>variant</c>. Recommendation answers given.</summary>
    public const string Recommendations = "recommendations_total";

    /// <summary>Histogram in seconds; label <c>variant</c>. Time to answer a recommendation request.</summary>
    public const string RecommendationLatency = "recommendation_latency_seconds";

    /// <summary>Histogram in seconds; label <c>space</c>. Time to answer one vector query.</summary>
    public const string VectorSearchLatency = "vector_search_latency_seconds";

    /// <summary>Gauge, 0-100; label <c>gpu_id</c>.</summary>
    public const string GpuUtilization = "gpu_utilization_percent";

    /// <summary>Counters; label <c>cache</c>.</summary>
    public const string CacheHits = "cache_hits_total";

    /// <inheritdoc cref="CacheHits"/>
    public const string CacheMisses = "cache_misses_total";

    /// <summary>Gauge: requests answered per second over the last ten seconds.</summary>
    public const string HttpRequestsPerSecond = "http_requests_per_second";

    /// <summary>Counter; labels <c>source</c>, <c>dependency</c>. Answers given without a dependency.</summary>
    public const string Degraded = "recommendations_degraded_total";

    /// <summary>Counter; label <c>kind</c>. Events acknowledged.</summary>
    public const string Events = "events_ingested_total";

    /// <summary>Gauge in records; labels <c>view</c>, <c>topic</c>. How far a view is behind the log.</summary>
    public const string ViewLag = "view_lag_records";

    /// <summary>Histogram in seconds; label <c>view</c>. Age of a record when a view applies it.</summary>
    public const string ViewFreshness = "view_freshness_seconds";

    /// <summary>
    /// Gauge in seconds; labels <c>store</c> (the view, by the guide's name where it has one: <c>vector_db</c>,
    /// <c>knowledge_graph</c>, <c>user_profiles</c>), <c>from</c>, <c>to</c> (regions). How long the oldest record that a view has not
    /// applied has been waiting since the log took it; 0 when the view has everything. Of records that the log holds and has not
    /// sent yet it is an upper bound (the age of the last one applied). While the log is not heard from, it is at least that silence:
    /// nobody knows what it has taken since. A silence of less than 6 s on an open stream says nothing, since heartbeats come every
    /// 4 s. Taken from the clocks of two machines: their difference is in it.
    /// </summary>
    public const string ReplicationLag = "replication_lag_seconds";

    /// <summary>
    /// Gauge, 0-1; label <c>space</c>. Share of the ten best of a sampled query that the search found, against a plain exact
    /// computation over the same vectors; ties count. At most one sample a minute and space; absent before the first.
    /// </summary>
    public const string VectorSearchRecall = "vector_search_recall";

    /// <summary>Counter; labels <c>view</c>, <c>topic</c>. Records that a view could not read and skipped.</summary>
    public const string ViewRejected = "view_rejected_records_total";

    /// <summary>Counter; label <c>topic</c>. Records that the log has taken, duplicates not counted.</summary>
    public const string LogAppended = "eventlog_appended_records_total";

    /// <summary>Histogram in records: how many one commit made durable.</summary>
    public const string LogBatch = "eventlog_commit_records";

    /// <summary>Histogram in seconds: a commit with its fsync.</summary>
    public const string LogCommit = "eventlog_commit_seconds";

    /// <summary>Gauge: writes that wait for the log's writer.</summary>
    public const string LogQueue = "eventlog_queue_writes";

    /// <summary>Bucket boundaries of latency histograms, in seconds. 0.1 and 0.15 are the SLO and its alert.</summary>
    public static readonly double[] LatencyBucketsSeconds =
        [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5];
}
