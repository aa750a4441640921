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

    /// <exception cref="RpcException">Unauthenticated.</exception>
    public void Demand(ServerCallContext context)
    {
        if (!Fits(context.RequestHeaders.GetValue(Header))) throw new RpcException(new Status(StatusCode.Unauthenticated, $"The header {Header} is missing or wrong."));
    }

    public bool Fits(HttpRequest request) => Fits(request.Headers[Header].ToString());

    private bool Fits(string? given) =>
        target.ApiKey.Length == 0 || (given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(target.ApiKey)));
}
