using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using RecoAspire.Hosting.Dashboard.Otlp.Wire;
using WireSpan = RecoAspire.Hosting.Dashboard.Otlp.Wire.Span;

namespace RecoAspire.Benchmarks;

/// <summary>A serialised batch of spans with the places of what changes from one sending to the next.</summary>
internal sealed class OtlpTemplate
{
    private const int SpansPerTrace = 4;
    private static readonly string[] Names = ["gateway", "profile", "vectorsearch", "graph", "embedding"];
    private static readonly string[] Routes = ["/api/recommendations", "/api/similar/{id}", "/api/search", "/api/events", "/api/items/{id}"];
    private readonly List<(int Trace, int Index, int TraceAt, int IdAt, int ParentAt, int StartAt, int[] UniqueAt, int[] TimesAt)> _places = [];
    private readonly int _service;

    public OtlpTemplate(int service, int variant)
    {
        _service = service;
        var random = new Random((variant * 100) + service);
        var scope = new ScopeSpans { Scope = new Scope { Name = "RecoAspire" } };
        for (var i = 0; i < OtlpLoad.BatchSpans; i++) scope.Spans.Add(Span(random, i));
        var request = new ExportTraceServiceRequest { ResourceSpans = { new ResourceSpans { Resource = Resource(service), ScopeSpans = { scope } } } };
        Bytes = request.ToByteArray();
        FindPlaces(scope);
    }

    public byte[] Bytes { get; }

    public static Resource Resource(int service) => new()
    {
        Attributes = { Text("service.name", $"load-{Names[service]}"), Text("service.instance.id", $"load-{service}"), Text("cloud.region", "load") },
    };

    public static KeyValue Text(string key, string value) => new() { Key = key, Value = new AnyValue { StringValue = value } };

    public void Patch(int batch)
    {
        var now = (ulong)(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 2_000) * 1_000_000;
        foreach (var (trace, index, traceAt, idAt, parentAt, startAt, uniqueAt, timesAt) in _places)
        {
            OtlpLoad.WriteTraceId(Bytes.AsSpan(traceAt), batch, trace);
            WriteId(idAt, batch, trace, (_service * SpansPerTrace) + index);
            if (parentAt > 0) WriteId(parentAt, batch, trace, index == 0 ? 0 : (_service * SpansPerTrace) + index - 1);
            var start = now + (ulong)((trace * 700_000) + (index * 90_000) + (_service * 400_000));
            BinaryPrimitives.WriteUInt64LittleEndian(Bytes.AsSpan(startAt), start);
            BinaryPrimitives.WriteUInt64LittleEndian(Bytes.AsSpan(startAt + 9), start + 2_000_000 - (ulong)(index * 300_000));
            foreach (var at in timesAt) BinaryPrimitives.WriteUInt64LittleEndian(Bytes.AsSpan(at), start + 100_000);
            for (var i = 0; i < uniqueAt.Length; i++)
                ((uint)((batch * 40_503) + (trace * 977) + (index * 13) + i)).TryFormat(Bytes.AsSpan(uniqueAt[i], 8), out _, "x8", CultureInfo.InvariantCulture);
        }
    }

    // 8-12 attributes: some always the same, some of a few values, two that never repeat (marked "@@@@@@@@").
    private WireSpan Span(Random random, int i)
    {
        var index = i % SpansPerTrace;
        var route = Routes[random.Next(Routes.Length)];
        var isRoot = index == 0 && _service == 0;
        var span = new WireSpan
        {
            TraceId = Marker(16, i),
            SpanId = Marker(8, i),
            ParentSpanId = isRoot ? ByteString.Empty : Marker(8, i + 100_000),
            Name = index == 0 ? $"GET {route}" : $"{Names[_service]}.Step{index}",
            Kind = index == 0 ? 2 : 1 + (random.Next(2) * 2),
            StartTimeUnixNano = Time(i),
            EndTimeUnixNano = Time(i) + 1,
            Attributes =
            {
                Text("http.request.method", "GET"),
                Text("http.route", route),
                Text("server.address", "localhost"),
                Text("network.protocol.version", "2"),
                new KeyValue { Key = "http.response.status_code", Value = new AnyValue { IntValue = 200 } },
                new KeyValue { Key = "server.port", Value = new AnyValue { IntValue = 5_000 + _service } },
                Text("url.full", $"http://localhost:8080{route}?userId=demo-@@@@@@@@&limit=20"),
                Text("enduser.id", "user-@@@@@@@@"),
            },
        };
        if (random.Next(2) == 0) span.Attributes.Add(Text("reco.strategy", $"strategy-{random.Next(12)}"));
        if (random.Next(2) == 0) span.Attributes.Add(new KeyValue { Key = "reco.score", Value = new AnyValue { DoubleValue = random.NextDouble() } });
        if (random.Next(2) == 0) span.Attributes.Add(new KeyValue { Key = "reco.cached", Value = new AnyValue { BoolValue = random.Next(2) == 0 } });
        if (random.Next(2) == 0) span.Attributes.Add(Text("rpc.method", $"Find{random.Next(20)}"));
        if (random.Next(50) == 0)
        {
            span.Status = new WireSpan.Types.Status { Code = 2, Message = "The profile store did not answer in time." };
            span.Events.Add(Event(i, "exception", Text("exception.type", "System.TimeoutException"), Text("exception.message", "The operation has timed out."), Text("exception.stacktrace", new string('x', 900))));
        }
        else if (random.Next(10) == 0)
        {
            span.Events.Add(Event(i, "cache miss", Text("reco.key", $"key-{random.Next(1_000)}")));
        }

        return span;
    }

    private static WireSpan.Types.Event Event(int i, string name, params KeyValue[] attributes) => new() { TimeUnixNano = Time(i), Name = name, Attributes = { attributes } };

    private void FindPlaces(ScopeSpans scope)
    {
        var unique = "@@@@@@@@"u8;
        var from = 0;
        for (var i = 0; i < scope.Spans.Count; i++)
        {
            var span = scope.Spans[i];
            var traceAt = Find(span.TraceId.Span, from);
            // The id is the first field, behind its tag and length.
            var end = traceAt - 2 + span.CalculateSize();
            var parentAt = span.ParentSpanId.IsEmpty ? 0 : Find(span.ParentSpanId.Span, traceAt);
            var start = new byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(start, Time(i));
            var startAt = Find(start, traceAt);
            var (uniques, times) = (new List<int>(), new List<int>());
            for (var at = traceAt; Bytes.AsSpan(at, end - at).IndexOf(unique) is >= 0 and var found; at += found + unique.Length) uniques.Add(at + found);
            if (span.Events.Count > 0) times.Add(Find(start, startAt + 17));
            _places.Add((i / SpansPerTrace, i % SpansPerTrace, traceAt, Find(span.SpanId.Span, traceAt + 16), parentAt, startAt, [.. uniques], [.. times]));
            from = traceAt + 16;
        }
    }

    private int Find(ReadOnlySpan<byte> what, int from) => Bytes.AsSpan(from).IndexOf(what) is >= 0 and var at ? from + at : throw new InvalidOperationException("the marker is not in the message");

    private void WriteId(int at, int batch, int trace, int number) => BinaryPrimitives.WriteUInt64BigEndian(Bytes.AsSpan(at), ((ulong)batch << 32) + ((ulong)trace << 8) + (ulong)number + 1);

    private static ulong Time(int i) => 0x0123_4567_0000_0000 + ((ulong)i << 8) + 0xA5;

    private static ByteString Marker(int length, int i) => ByteString.CopyFrom(Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture).PadLeft(length, '~')));
}
