using System.IO.Compression;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RecoAspire.Hosting.Dashboard.Otlp.Wire;

namespace RecoAspire.Hosting.Dashboard.Otlp;

/// <summary>OTLP over HTTP with protobuf bodies: <c>POST /v1/traces</c>, <c>/v1/logs</c>, <c>/v1/metrics</c>.</summary>
internal static class OtlpHttp
{
    /// <summary>Largest request, unpacked.</summary>
    public const int MaxRequestBytes = 8 << 20;

    private const string Protobuf = "application/x-protobuf";

    public static void Map(IEndpointRouteBuilder routes, OtlpReader reader, OtlpKey key)
    {
        routes.MapPost("/v1/traces", context => TakeAsync(context, key, ExportTraceServiceRequest.Parser, r => new ExportTraceServiceResponse { PartialSuccess = OtlpAnswer.For(reader.Take(r)) }));
        routes.MapPost("/v1/logs", context => TakeAsync(context, key, ExportLogsServiceRequest.Parser, r => new ExportLogsServiceResponse { PartialSuccess = OtlpAnswer.For(reader.Take(r)) }));
        routes.MapPost("/v1/metrics", context => TakeAsync(context, key, ExportMetricsServiceRequest.Parser, r => new ExportMetricsServiceResponse { PartialSuccess = OtlpAnswer.For(reader.Take(r)) }));
    }

    private static async Task TakeAsync<TRequest>(HttpContext context, OtlpKey key, MessageParser<TRequest> parser, Func<TRequest, IMessage> take)
        where TRequest : IMessage<TRequest>
    {
        if (!key.Fits(context.Request))
        {
            await Results.Problem(statusCode: 401, title: OtlpKey.Message).ExecuteAsync(context);
            return;
        }

        if (context.Request.ContentType?.Split(';')[0].Trim() != Protobuf)
        {
            await Results.Problem(statusCode: 415, title: $"The content type must be {Protobuf}.").ExecuteAsync(context);
            return;
        }

        try
        {
            using var body = await ReadAsync(context);
            var request = parser.ParseFrom(body.GetBuffer(), 0, (int)body.Length);
            context.Response.ContentType = Protobuf;
            await context.Response.Body.WriteAsync(take(request).ToByteArray(), context.RequestAborted);
        }
        catch (BadHttpRequestException e)
        {
            await Results.Problem(statusCode: e.StatusCode, title: "The request was not taken.", detail: e.Message).ExecuteAsync(context);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidDataException)
        {
            await Results.Problem(statusCode: 400, title: "The body is no OTLP request.", detail: e.Message).ExecuteAsync(context);
        }
    }

    private static async Task<MemoryStream> ReadAsync(HttpContext context)
    {
        var packed = context.Request.Headers.ContentEncoding.ToString() switch
        {
            "" or "identity" => false,
            "gzip" => true,
            var other => throw new BadHttpRequestException($"The encoding '{other}' is not known.", StatusCodes.Status415UnsupportedMediaType),
        };
        await using var body = packed ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
        var read = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (await body.ReadAsync(buffer, context.RequestAborted) is > 0 and var count)
        {
            if (read.Length + count > MaxRequestBytes) throw new BadHttpRequestException($"The request is larger than {MaxRequestBytes >> 20} MB.", StatusCodes.Status413PayloadTooLarge);
            read.Write(buffer, 0, count);
        }

        return read;
    }
}
