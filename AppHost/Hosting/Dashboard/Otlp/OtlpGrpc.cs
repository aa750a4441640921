using Grpc.Core;
using RecoAspire.Hosting.Dashboard.Otlp.Wire;

namespace RecoAspire.Hosting.Dashboard.Otlp;

/// <summary>OTLP over gRPC: traces.</summary>
internal sealed class OtlpTraces(OtlpReader reader) : TraceService.TraceServiceBase
{
    public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context) =>
        Task.FromResult(new ExportTraceServiceResponse { PartialSuccess = OtlpAnswer.For(reader.Take(request)) });
}

/// <summary>OTLP over gRPC: logs.</summary>
internal sealed class OtlpLogs(OtlpReader reader) : LogsService.LogsServiceBase
{
    public override Task<ExportLogsServiceResponse> Export(ExportLogsServiceRequest request, ServerCallContext context) =>
        Task.FromResult(new ExportLogsServiceResponse { PartialSuccess = OtlpAnswer.For(reader.Take(request)) });
}

/// <summary>OTLP over gRPC: metrics.</summary>
internal sealed class OtlpMetrics(OtlpReader reader) : MetricsService.MetricsServiceBase
{
    public override Task<ExportMetricsServiceResponse> Export(ExportMetricsServiceRequest request, ServerCallContext context) =>
        Task.FromResult(new ExportMetricsServiceResponse { PartialSuccess = OtlpAnswer.For(reader.Take(request)) });
}

internal static class OtlpAnswer
{
    /// <summary>Says how much was not taken; nothing where all was.</summary>
    public static Partial? For(int refused) =>
        refused == 0 ? null : new Partial { Rejected = refused, ErrorMessage = "records without a valid id, of kinds that are not shown, or of more processes than are kept" };
}
