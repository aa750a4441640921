using Microsoft.Extensions.Hosting;

namespace RecoAspire.Hosting.Dashboard;

internal sealed class DashboardHost : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
