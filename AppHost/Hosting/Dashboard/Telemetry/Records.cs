namespace RecoAspire.Hosting.Dashboard.Telemetry;

/// <summary>A process that sends.</summary>
internal sealed class TelemetrySource(string service, string instance, string region, long firstSeenSecond)
{
    private int _errorLogs;

    public string Service { get; } = service;

    public string Instance { get; } = instance;

    public string Region { get; } = region;

    /// <summary>Unix seconds.</summary>
    public long FirstSeenSecond { get; } = firstSeenSecond;

    /// <summary>Unix seconds.</summary>
    public long LastSeenSecond { get; set; } = firstSeenSecond;

    /// <summary>Log records of level Error or above.</summary>
    public int ErrorLogs => _errorLogs;

    public void CountErrorLog() => CountErrorLogs(1);

    public void CountErrorLogs(int count) => Interlocked.Add(ref _errorLogs, count);
}

/// <summary>A named text.</summary>
internal readonly record struct KeyText(string Key, string Value);

/// <summary>A trace's id.</summary>
internal readonly record struct TraceId(ulong High, ulong Low)
{
    public bool IsEmpty => High == 0 && Low == 0;

    public override string ToString() => $"{High:x16}{Low:x16}";

    public static bool TryParse(string text, out TraceId id)
    {
        id = default;
        if (text.Length != 32
            || !ulong.TryParse(text.AsSpan(0, 16), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var high)
            || !ulong.TryParse(text.AsSpan(16), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var low)) return false;
        id = new TraceId(high, low);
        return true;
    }
}

/// <summary>A step of a trace.</summary>
internal sealed class Span
{
    public required TelemetrySource Source { get; init; }

    public required ulong Id { get; init; }

    /// <summary>0 = none.</summary>
    public required ulong ParentId { get; init; }

    public required string Name { get; init; }

    public required string Scope { get; init; }

    public required int Kind { get; init; }

    public required long StartNs { get; init; }

    public required long EndNs { get; init; }

    public required bool IsError { get; init; }

    public required string? StatusMessage { get; init; }

    public required KeyText[] Attributes { get; init; }

    public required SpanEvent[] Events { get; init; }

    public required SpanLink[] Links { get; init; }

    /// <summary>Estimated size, the values counted as if nobody shared them.</summary>
    public int Bytes => field > 0 ? field : field = Estimate();

    private int Estimate()
    {
        var bytes = 200 + ByteEstimate.OfShared(Name) + ByteEstimate.OfShared(Scope) + ByteEstimate.Of(Attributes) + (Links.Length * 24) + ByteEstimate.Of(StatusMessage);
        foreach (var e in Events) bytes += 64 + ByteEstimate.OfShared(e.Name) + ByteEstimate.Of(e.Attributes);
        return bytes;
    }
}

/// <summary>Something that happened during a span.</summary>
internal sealed record SpanEvent(long AtNs, string Name, KeyText[] Attributes);

/// <summary>Another span that belongs to this one.</summary>
internal readonly record struct SpanLink(TraceId TraceId, ulong SpanId);

/// <summary>A structured log record.</summary>
internal sealed class LogRecord
{
    public required TelemetrySource Source { get; init; }

    public required long AtNs { get; init; }

    /// <summary>0 Trace - 5 Critical, as .NET's levels.</summary>
    public required int Level { get; init; }

    public required string Category { get; init; }

    public required string Message { get; init; }

    public required TraceId TraceId { get; init; }

    public required ulong SpanId { get; init; }

    public required KeyText[] Attributes { get; init; }

    public required string? Exception { get; init; }

    public long Id { get; set; }

    /// <inheritdoc cref="Span.Bytes"/>
    public int Bytes => field > 0 ? field : field = 160 + ByteEstimate.OfShared(Category) + ByteEstimate.Of(Attributes) + ByteEstimate.Of(Message) + ByteEstimate.Of(Exception);
}

internal static class ByteEstimate
{
    public static int Of(string? text) => text is null ? 0 : 24 + (2 * text.Length);

    /// <summary>Names and keys are few and shared, unless they are too long for that.</summary>
    public static int OfShared(string text) => text.Length > TextCache.LongestShared ? Of(text) : 0;

    public static int Of(KeyText[] attributes)
    {
        var bytes = 24;
        foreach (var attribute in attributes) bytes += 16 + OfShared(attribute.Key) + Of(attribute.Value);
        return bytes;
    }

    /// <summary>Keys counted too.</summary>
    public static int OfAll(KeyText[] attributes)
    {
        var bytes = 24;
        foreach (var attribute in attributes) bytes += 16 + Of(attribute.Key) + Of(attribute.Value);
        return bytes;
    }
}
