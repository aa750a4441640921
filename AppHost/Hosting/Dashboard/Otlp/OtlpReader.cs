using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Collections;
using RecoAspire.Hosting.Dashboard.Otlp.Wire;
using RecoAspire.Hosting.Dashboard.Telemetry;

namespace RecoAspire.Hosting.Dashboard.Otlp;

/// <summary>Turns what came over the wire into what is kept.</summary>
internal sealed class OtlpReader(TelemetryStore store)
{
    private const int ErrorStatus = 2;
    private const int DeltaTemporality = 1;

    /// <summary>Returns how many spans were not taken.</summary>
    public int Take(ExportTraceServiceRequest request)
    {
        var taken = new List<(TraceId, Telemetry.Span)>();
        var refused = 0;
        foreach (var resource in request.ResourceSpans)
        {
            var source = Source(resource.Resource);
            foreach (var scope in resource.ScopeSpans)
            {
                var scopeName = store.Texts.Share(Cut(scope.Scope?.Name ?? ""));
                foreach (var span in scope.Spans)
                {
                    var id = ReadTraceId(span.TraceId);
                    if (source is null || id.IsEmpty || span.SpanId.Length != 8) refused++;
                    else taken.Add((id, ReadSpan(source, scopeName, span)));
                }
            }
        }

        store.Traces.Add(taken);
        return refused;
    }

    /// <summary>Returns how many records were not taken.</summary>
    public int Take(ExportLogsServiceRequest request)
    {
        var taken = new List<Telemetry.LogRecord>();
        var refused = 0;
        foreach (var resource in request.ResourceLogs)
        {
            var source = Source(resource.Resource);
            foreach (var scope in resource.ScopeLogs)
            {
                var category = store.Texts.Share(Cut(scope.Scope?.Name ?? ""));
                foreach (var record in scope.LogRecords)
                {
                    if (source is null) refused++;
                    else taken.Add(ReadLog(source, category, record));
                }
            }
        }

        store.Logs.Add(taken);
        return refused;
    }

    /// <summary>Returns how many points were not taken.</summary>
    public int Take(ExportMetricsServiceRequest request)
    {
        var refused = 0;
        foreach (var resource in request.ResourceMetrics)
        {
            var source = Source(resource.Resource);
            foreach (var scope in resource.ScopeMetrics)
            {
                var meter = store.Texts.Share(Cut(scope.Scope?.Name ?? ""));
                foreach (var metric in scope.Metrics) refused += source is null ? 1 : ReadMetric(source, meter, metric);
            }
        }

        store.Metrics.CountDropped(refused);
        return refused;
    }

    private TelemetrySource? Source(Wire.Resource? resource)
    {
        string service = "unknown", instance = "", region = "local";
        foreach (var attribute in resource?.Attributes ?? [])
        {
            if (attribute.Key == "service.name") service = Cut(Text(attribute.Value));
            if (attribute.Key == "service.instance.id") instance = Cut(Text(attribute.Value));
            if (attribute.Key == "cloud.region") region = Cut(Text(attribute.Value));
        }

        return store.Source(service, instance, region);
    }

    private Telemetry.Span ReadSpan(TelemetrySource source, string scope, Wire.Span span) => new()
    {
        Source = source,
        Id = ReadSpanId(span.SpanId),
        ParentId = ReadSpanId(span.ParentSpanId),
        Name = store.Texts.Share(Cut(span.Name)),
        Scope = scope,
        Kind = span.Kind,
        StartNs = (long)span.StartTimeUnixNano,
        EndNs = (long)Math.Max(span.StartTimeUnixNano, span.EndTimeUnixNano),
        IsError = span.Status?.Code == ErrorStatus,
        StatusMessage = span.Status?.Message is { Length: > 0 } message ? Cut(message) : null,
        Attributes = Attributes(span.Attributes),
        Events = span.Events.Count == 0
            ? []
            : [.. span.Events.Take(store.Limits.MaxAttributeCount).Select(e => new SpanEvent((long)e.TimeUnixNano, store.Texts.Share(Cut(e.Name)), Attributes(e.Attributes)))],
        Links = span.Links.Count == 0 ? [] : [.. span.Links.Take(store.Limits.MaxAttributeCount).Select(l => new SpanLink(ReadTraceId(l.TraceId), ReadSpanId(l.SpanId)))],
    };

    private Telemetry.LogRecord ReadLog(TelemetrySource source, string category, Wire.LogRecord record)
    {
        // Severities 1-4 are Trace, 5-8 Debug, and so on; 0 is not said.
        var level = record.SeverityNumber == 0 ? 2 : Math.Clamp((record.SeverityNumber - 1) / 4, 0, 5);
        if (level >= 4) source.CountErrorLog();
        var attributes = Attributes(record.Attributes);
        var exception = attributes.FirstOrDefault(a => a.Key == "exception.stacktrace").Value ?? attributes.FirstOrDefault(a => a.Key == "exception.message").Value;
        return new Telemetry.LogRecord
        {
            Source = source,
            AtNs = (long)(record.TimeUnixNano != 0 ? record.TimeUnixNano : record.ObservedTimeUnixNano),
            Level = level,
            Category = category,
            Message = store.Texts.Share(Cut(Text(record.Body))),
            TraceId = ReadTraceId(record.TraceId),
            SpanId = ReadSpanId(record.SpanId),
            Attributes = [.. attributes.Where(a => a.Key is not ("exception.stacktrace" or "{OriginalFormat}"))],
            Exception = exception,
        };
    }

    private int ReadMetric(TelemetrySource source, string meter, Metric metric)
    {
        var (name, unit, description) = (store.Texts.Share(Cut(metric.Name)), store.Texts.Share(Cut(metric.Unit)), store.Texts.Share(Cut(metric.Description)));
        switch (metric.DataCase)
        {
            case Metric.DataOneofCase.Gauge:
                return ReadNumbers(metric.Gauge.DataPoints, InstrumentKind.Gauge, isDelta: false);
            case Metric.DataOneofCase.Sum:
                return ReadNumbers(metric.Sum.DataPoints, metric.Sum.IsMonotonic ? InstrumentKind.Sum : InstrumentKind.Gauge, metric.Sum.AggregationTemporality == DeltaTemporality);
            case Metric.DataOneofCase.Histogram:
                return metric.Histogram.DataPoints.Sum(ReadHistogram);
            case Metric.DataOneofCase.ExponentialHistogram:
                return metric.ExponentialHistogram.DataPoints.Count;
            case Metric.DataOneofCase.Summary:
                return metric.Summary.DataPoints.Count;
            default:
                return 0;
        }

        int ReadNumbers(RepeatedField<NumberPoint> points, InstrumentKind kind, bool isDelta)
        {
            Span<double> row = stackalloc double[1];
            var notTaken = 0;
            foreach (var point in points)
            {
                // Without a value: nothing was measured, which is no error.
                if (point.ValueCase == NumberPoint.ValueOneofCase.None) continue;
                row[0] = point.ValueCase == NumberPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble;
                if (!double.IsFinite(row[0]))
                {
                    notTaken++;
                    continue;
                }

                store.Metrics.Add(source, meter, (name, unit, description, kind), Attributes(point.Attributes), [], row, isDelta, []);
            }

            return notTaken;
        }

        int ReadHistogram(HistogramPoint point)
        {
            // Without bounds there is nothing to take percentiles from.
            if (point.ExplicitBounds.Count == 0 || point.BucketCounts.Count != point.ExplicitBounds.Count + 1 || !IsRising(point.ExplicitBounds)) return 1;
            var row = new double[point.BucketCounts.Count + 2];
            (row[0], row[1]) = (point.Count, double.IsFinite(point.Sum) ? point.Sum : 0);
            for (var i = 0; i < point.BucketCounts.Count; i++) row[i + 2] = point.BucketCounts[i];
            var exemplars = point.Exemplars.Select(e => (Value: e.ValueCase == Exemplar.ValueOneofCase.AsInt ? e.AsInt : e.AsDouble, Trace: ReadTraceId(e.TraceId)))
                .Where(e => !e.Trace.IsEmpty && double.IsFinite(e.Value)).ToArray();
            store.Metrics.Add(
                source, meter, (name, unit, description, InstrumentKind.Histogram), Attributes(point.Attributes), [.. point.ExplicitBounds], row,
                metric.Histogram.AggregationTemporality == DeltaTemporality, exemplars);
            return 0;
        }
    }

    private static bool IsRising(RepeatedField<double> bounds)
    {
        for (var i = 0; i < bounds.Count; i++)
        {
            if (!double.IsFinite(bounds[i]) || (i > 0 && bounds[i] <= bounds[i - 1])) return false;
        }

        return true;
    }

    private KeyText[] Attributes(RepeatedField<KeyValue> attributes)
    {
        if (attributes.Count == 0) return [];
        var read = new KeyText[Math.Min(attributes.Count, store.Limits.MaxAttributeCount)];
        for (var i = 0; i < read.Length; i++) read[i] = new KeyText(store.Texts.Share(Cut(attributes[i].Key)), store.Texts.Share(Cut(Text(attributes[i].Value))));
        return read;
    }

    private string Cut(string text) => text.Length <= store.Limits.MaxAttributeLength ? text : string.Concat(text.AsSpan(0, store.Limits.MaxAttributeLength), "...");

    private static string Text(AnyValue? value) => value?.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        AnyValue.ValueOneofCase.IntValue => value.IntValue.ToString(CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue.ToString(CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.ArrayValue => $"[{string.Join(", ", value.ArrayValue.Values.Select(Text))}]",
        AnyValue.ValueOneofCase.KvlistValue => $"{{{string.Join(", ", value.KvlistValue.Values.Select(v => $"{v.Key}: {Text(v.Value)}"))}}}",
        AnyValue.ValueOneofCase.BytesValue => Convert.ToHexStringLower(value.BytesValue.Span),
        _ => "",
    };

    private static TraceId ReadTraceId(ByteString bytes) => bytes.Length == 16
        ? new TraceId(BinaryPrimitives.ReadUInt64BigEndian(bytes.Span), BinaryPrimitives.ReadUInt64BigEndian(bytes.Span[8..]))
        : default;

    private static ulong ReadSpanId(ByteString bytes) => bytes.Length == 8 ? BinaryPrimitives.ReadUInt64BigEndian(bytes.Span) : 0;
}
