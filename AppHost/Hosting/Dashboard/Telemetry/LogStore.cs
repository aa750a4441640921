namespace RecoAspire.Hosting.Dashboard.Telemetry;

/// <summary>The last log records.</summary>
internal sealed class LogStore(int maxRecords, long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly LogRecord?[] _ring = new LogRecord?[maxRecords];
    private long _next;
    private long _oldest;

    public long Count
    {
        get
        {
            lock (_gate) return _next - _oldest;
        }
    }

    public long Dropped { get; private set; }

    public long Bytes { get; private set; }

    public void Add(IReadOnlyList<LogRecord> records)
    {
        lock (_gate)
        {
            foreach (var record in records)
            {
                if (record.Bytes > maxBytes)
                {
                    Dropped++;
                    continue;
                }

                if (_next - _oldest == _ring.Length) DropOldest();
                record.Id = _next;
                _ring[_next++ % _ring.Length] = record;
                Bytes += record.Bytes;
                while (Bytes > maxBytes) DropOldest();
            }
        }
    }

    /// <summary>Lets the oldest records go until the size is below this.</summary>
    public void Trim(long bytes)
    {
        lock (_gate)
        {
            while (Bytes > bytes && _oldest < _next) DropOldest();
        }
    }

    /// <summary>Records that are wanted, newest first, with ids smaller than <paramref name="before"/>, and how many are wanted at all.</summary>
    public (List<LogRecord> Found, int Total) List(Func<LogRecord, bool> wanted, long? before, int limit)
    {
        lock (_gate)
        {
            var found = new List<LogRecord>();
            var total = 0;
            for (var i = _next - 1; i >= _oldest; i--)
            {
                var record = _ring[i % _ring.Length]!;
                if (!wanted(record)) continue;
                total++;
                if (found.Count < limit && (before is null || record.Id < before)) found.Add(record);
            }

            return (found, total);
        }
    }

    /// <summary>Ids of the spans of a trace that wrote something.</summary>
    public HashSet<ulong> SpansWithLogs(TraceId trace)
    {
        lock (_gate)
        {
            var spans = new HashSet<ulong>();
            for (var i = _oldest; i < _next; i++)
            {
                if (_ring[i % _ring.Length] is { } record && record.TraceId == trace) spans.Add(record.SpanId);
            }

            return spans;
        }
    }

    private void DropOldest()
    {
        ref var slot = ref _ring[_oldest++ % _ring.Length];
        Bytes -= slot!.Bytes;
        Dropped++;
        slot = null;
    }
}
