using Microsoft.Extensions.Diagnostics.HealthChecks;
using RecoAspire.EventLog.Log;

namespace RecoAspire.EventLog.Api;

/// <summary>Ready = the last transaction succeeded. After a failed one, each check tries a write, so that recovery is noticed.</summary>
internal sealed class LogHealthCheck(GroupCommit writer) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (writer.Failure is null) return HealthCheckResult.Healthy();
        try
        {
            await writer.WriteAsync(new PendingProbe()).WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (WriteRefusedException e)
        {
            return HealthCheckResult.Unhealthy(e.Message);
        }
    }
}
