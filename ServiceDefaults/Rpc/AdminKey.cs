using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Configuration;

namespace RecoAspire.ServiceDefaults.Rpc;

/// <summary>
/// The administrator's key (<c>Admin:Key</c>), which destructive calls carry as metadata <c>x-admin-key</c>.
/// Without a configured key those calls are refused: there is no default.
/// </summary>
public sealed class AdminKey(IConfiguration configuration)
{
    /// <summary>Name of the metadata entry.</summary>
    public const string MetadataKey = "x-admin-key";

    private readonly byte[]? _key = string.IsNullOrEmpty(configuration["Admin:Key"])
        ? null
        : SHA256.HashData(Encoding.UTF8.GetBytes(configuration["Admin:Key"]!));

    /// <summary>Throws UNAUTHENTICATED unless the call carries the key.</summary>
    public void Demand(ServerCallContext context)
    {
        var given = context.RequestHeaders.GetValue(MetadataKey);
        // Digests have one length, so the comparison's time says nothing about the key.
        if (_key is null || given is null || !CryptographicOperations.FixedTimeEquals(_key, SHA256.HashData(Encoding.UTF8.GetBytes(given))))
            throw new RpcException(new Status(StatusCode.Unauthenticated, "this call needs the administrator's key"));
    }
}
