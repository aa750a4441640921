using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using RecoAspire.Hosting.Running;

namespace RecoAspire.Hosting.Dashboard.Otlp;

/// <summary>Who may send telemetry: those who know the key of this run (header <c>x-otlp-api-key</c>).</summary>
internal sealed class OtlpKey(OtlpTarget target)
{
    private const string Header = "x-otlp-api-key";
    public const string Message = $"The header {Header} is missing or wrong.";

    /// <summary>The answer to a gRPC call without the key, given before its message is read: strangers must not have the AppHost unpack anything.</summary>
    public static void Refuse(HttpResponse response)
    {
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = ((int)StatusCode.Unauthenticated).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = Message;
    }

    public bool Fits(HttpRequest request) => Fits(request.Headers[Header].ToString());

    private bool Fits(string? given) =>
        target.ApiKey.Length == 0 || (given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(target.ApiKey)));
}
