namespace RecoAspire.Hosting.Dashboard.Telemetry;

/// <summary>The last traces, in the order in which their first span arrived.</summary>
internal sealed class TraceStore(int maxTraces, int maxSpansPerTrace, long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TraceId, Trace> _byId = [];
    private readonly Trace?[] _ring = new Trace?[maxTraces];
    private long _next;
    private long _oldest;

    public long SpanCount { get; private set; }

    /// <summary>Spans that made room for newer ones, or that their trace had no room for.</summary>
    public long Dropped { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Takes spans; the oldest traces go when there is no room.</summary>
    public void Add(IReadOnlyList<(TraceId Trace, Span Span)> spans)
    {
        lock (_gate)
        {
            foreach (var (id, span) in spans) Add(id, span);
        }
    }

    /// <summary>Lets the oldest traces go until the size is below this.</summary>
    public void Trim(long bytes)
    {
        lock (_gate)
        {
            while (Bytes > bytes && _oldest < _next) DropOldest();
        }
    }

    /// <summary>Traces that are wanted, newest first, and how many are wanted at all.</summary>
    public (List<TraceSummary> Found, int Total) List(Func<Trace, bool> wanted, int limit)
    {
        lock (_gate)
        {
            var found = new List<TraceSummary>();
            var total = 0;
            for (var i = _next - 1; i >= _oldest; i--)
            {
                var trace = _ring[i % _ring.Length]!;
                if (!wanted(trace)) continue;
                total++;
                if (found.Count < limit) found.Add(trace.Sum());
            }

            return (found, total);
        }
    }

    /// <summary>A trace with its spans in start order; null = not here (any more).</summary>
    public (TraceSummary Summary, List<Span> Spans)? Find(TraceId id)
    {
        lock (_gate) return _byId.TryGetValue(id, out var trace) ? (trace.Sum(), [.. trace.Spans.OrderBy(s => s.StartNs)]) : null;
    }

    private void Add(TraceId id, Span span)
    {
        var isNew = !_byId.TryGetValue(id, out var trace);
        // A trace that alone is larger than all that may be kept takes no more.
        if (trace?.Spans.Count == maxSpansPerTrace || (trace?.Bytes ?? 0) + span.Bytes > maxBytes)
        {
            Dropped++;
            return;
        }

        if (isNew)
        {
            if (_next - _oldest == _ring.Length) DropOldest();
            trace = _byId[id] = new Trace(id);
            _ring[_next++ % _ring.Length] = trace;
        }

        trace!.Add(span);
        SpanCount++;
        Bytes += span.Bytes;
        while (Bytes > maxBytes) DropOldest();
    }

    private void DropOldest()
    {
        ref var slot = ref _ring[_oldest++ % _ring.Length];
        _byId.Remove(slot!.Id);
        SpanCount -= slot.Spans.Count;
        Dropped += slot.Spans.Count;
        Bytes -= slot.Bytes;
        slot = null;
    }
}

/// <summary>The spans of one trace that have arrived.</summary>
internal sealed class Trace(TraceId id)
{
    public TraceId Id { get; } = id;

    public List<Span> Spans { get; } = [];

    public long StartNs { get; private set; } = long.MaxValue;

    public long EndNs { get; private set; }

    public int Errors { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>The span without a parent; until it arrives, the earliest.</summary>
    public Span Root => Spans.FirstOrDefault(s => s.ParentId == 0) ?? Spans.MinBy(s => s.StartNs)!;

    public void Add(Span span)
    {
        Spans.Add(span);
        StartNs = Math.Min(StartNs, span.StartNs);
        EndNs = Math.Max(EndNs, span.EndNs);
        if (span.IsError) Errors++;
        Bytes += span.Bytes;
    }

    public TraceSummary Sum()
    {
        var root = Root;
        var services = Spans.GroupBy(s => s.Source.Service)
            .Select(g => new ServiceSpans(g.Key, g.Count(), g.Count(s => s.IsError), g.Min(s => s.StartNs)))
            .OrderBy(s => s.StartNs).ToList();
        return new TraceSummary(Id, root.Name, root.Source.Service, StartNs, EndNs - StartNs, Spans.Count, Errors, services);
    }
}

/// <summary>A trace in one line.</summary>
internal sealed record TraceSummary(TraceId Id, string Name, string Service, long StartNs, long DurationNs, int Spans, int Errors, List<ServiceSpans> Services);

/// <summary>How a service took part in a trace.</summary>
internal sealed record ServiceSpans(string Name, int Spans, int Errors, long StartNs);
