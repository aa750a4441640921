namespace RecoAspire.Gateway;

/// <summary>Configuration section <c>Gateway</c>.</summary>
public sealed class GatewayOptions
{
    /// <summary>Deadline of one call to a service while recommending, in milliseconds, 5-10,000.</summary>
    public int DependencyDeadlineMs { get; set; } = 200;

    /// <summary>
    /// All the time that the calls of one recommendation may take together, in milliseconds, 20-30,000. What has not
    /// answered by then is named in <c>degraded</c>, and the list is made from what is there. Twice a call's deadline: one
    /// slow service must not take the others' time.
    /// </summary>
    public int BudgetMs { get; set; } = 400;

    /// <summary>Deadline of a call that belongs to a longer operation (rank, profile, search), in milliseconds, 50-30,000.</summary>
    public int LongDeadlineMs { get; set; } = 2_000;

    /// <summary>History read to recommend, in titles, 10-2,000.</summary>
    public int HistoryLimit { get; set; } = 200;

    /// <summary>History read to rank, in titles, 10-2,000: the whole taste matters more than a millisecond there.</summary>
    public int RankHistoryLimit { get; set; } = 2_000;

    /// <summary>
    /// Viewers' vectors kept for half a minute, so that the same history is not folded in again; about 1 KB each. 0-10,000,000.
    /// 0, the default, asks every time: folding in takes about a millisecond, and a service that is down is noticed (and named
    /// in <c>degraded</c>) by the first request.
    /// </summary>
    public int TasteCacheEntries { get; set; }

    /// <summary>Candidates asked of each source, 20-1,000.</summary>
    public int CandidatesPerSource { get; set; } = 200;

    /// <summary>How long a cache before the gateways may keep what is the same for everybody (search, one title, similar titles), in seconds, 0-86,400; 0 = not at all.</summary>
    public int SharedCacheSeconds { get; set; } = 300;
}
