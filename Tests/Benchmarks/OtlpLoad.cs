using System.Buffers.Binary;
using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;

namespace RecoAspire.Benchmarks;

/// <summary>
/// One process' exporter: spans in batches of 512, logs and metrics once a second, over one gRPC connection, at a fixed pace. The
/// batches are serialised once; ids, times and the values that never repeat are patched into the bytes, so that what is measured is
/// the receiver.
/// </summary>
internal sealed class OtlpLoad(int service, string address, string key) : IDisposable
{
    public const int Services = 5;
    public const int BatchSpans = 512;
    private const int SpansPerTrace = 4;
    private const int Variants = 8;
    private static readonly Marshaller<byte[]> Raw = Marshallers.Create(bytes => bytes, bytes => bytes);
    private static readonly Method<byte[], byte[]> ExportTraces = Of("trace.v1.TraceService");
    private static readonly Method<byte[], byte[]> ExportLogs = Of("logs.v1.LogsService");
    private static readonly Method<byte[], byte[]> ExportMetrics = Of("metrics.v1.MetricsService");
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(address);
    private readonly CallOptions _options = new(new Metadata { { "x-otlp-api-key", key } });
    private readonly OtlpTemplate[] _templates = [.. Enumerable.Range(0, Variants).Select(v => new OtlpTemplate(service, v))];
    private readonly OtlpSignals _signals = new(service);

    public long Spans { get; private set; }

    public long Logs { get; private set; }

    /// <summary>Sends until the time is over.</summary>
    /// <param name="spansPerSecond">Of this process.</param>
    /// <param name="logsPerSecond">Of this process.</param>
    /// <param name="length">How long.</param>
    public async Task RunAsync(double spansPerSecond, int logsPerSecond, TimeSpan length)
    {
        using var calls = new CancellationTokenSource(length + TimeSpan.FromSeconds(30));
        var started = Stopwatch.GetTimestamp();
        var batchSeconds = BatchSpans / spansPerSecond;
        var lastSignals = -1;
        // Exporters are not in step with each other.
        var offset = service * batchSeconds / Services;
        for (var batch = 0; ; batch++)
        {
            var due = offset + (batch * batchSeconds);
            if (due >= length.TotalSeconds) return;
            var early = due - Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (early > 0) await Task.Delay(TimeSpan.FromSeconds(early));
            if (Stopwatch.GetElapsedTime(started) > length) return;
            var template = _templates[batch % Variants];
            template.Patch(batch);
            await SendAsync(ExportTraces, template.Bytes, calls.Token);
            Spans += BatchSpans;
            if ((int)due == lastSignals) continue;
            lastSignals = (int)due;
            await SendAsync(ExportLogs, _signals.Logs(logsPerSecond, batch), calls.Token);
            await SendAsync(ExportMetrics, _signals.Metrics(lastSignals), calls.Token);
            Logs += logsPerSecond;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    /// <summary>Id of the n-th trace of a batch: the same for all services, so that their spans meet in one trace.</summary>
    public static void WriteTraceId(Span<byte> into, int batch, int trace)
    {
        BinaryPrimitives.WriteUInt64BigEndian(into, 0x5eed_0000_0000_0000);
        BinaryPrimitives.WriteUInt64BigEndian(into[8..], ((ulong)batch << 16) + (ulong)trace + 1);
    }

    public static int TracesPerBatch => BatchSpans / SpansPerTrace;

    private async Task SendAsync(Method<byte[], byte[]> method, byte[] request, CancellationToken cancellationToken)
    {
        using var call = _channel.CreateCallInvoker().AsyncUnaryCall(method, null, _options.WithCancellationToken(cancellationToken), request);
        var answer = await call.ResponseAsync;
        if (answer.Length > 0) throw new InvalidOperationException("the receiver refused a part of what was sent");
    }

    private static Method<byte[], byte[]> Of(string name) => new(MethodType.Unary, $"opentelemetry.proto.collector.{name}", "Export", Raw, Raw);
}
