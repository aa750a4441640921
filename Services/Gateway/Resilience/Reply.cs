using Grpc.Core;

namespace RecoAspire.Gateway.Resilience;

/// <summary>What came of a remote call: a value, a refusal that is an answer (such as "no model yet"), or a failure.</summary>
public readonly record struct Reply<T>(T? Value, StatusCode Status, bool Failed)
    where T : class
{
    /// <summary>The value is there.</summary>
    public bool Ok => Value is not null;
}
