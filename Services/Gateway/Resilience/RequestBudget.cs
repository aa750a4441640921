namespace RecoAspire.Gateway.Resilience;

/// <summary>The time that one request may spend on calls altogether: each call gets at most its share, and what is left in any case.</summary>
public sealed class RequestBudget(TimeSpan total, TimeSpan perCall, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>Deadline of a call that starts now; zero = it need not start.</summary>
    public TimeSpan NextCall
    {
        get
        {
            var left = total - time.GetElapsedTime(_start);
            if (left <= TimeSpan.Zero) return TimeSpan.Zero;
            return left < perCall ? left : perCall;
        }
    }
}
