using Grpc.Core;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Profile.Stores;
using RecoAspire.ServiceDefaults.Sqlite;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Profile.Api;

/// <summary>Writes preferences to the log, and returns when the view has them: who asks next sees what they wrote.</summary>
internal sealed class PreferenceUpdate(LogWriter log, LogViewRunner runner, SqliteReaderPool<ProfileReader> readers, TimeProvider time)
{
    private static readonly TimeSpan ApplyTimeout = TimeSpan.FromSeconds(5);

    public async Task ApplyAsync(string viewerId, string eventId, Preferences preferences, CancellationToken cancellationToken)
    {
        // The last writer wins, also when its clock runs behind the one that wrote what it replaces.
        var known = await readers.ReadAsync(reader => reader.PreferencesAtMs(viewerId), cancellationToken);
        var operation = new ProfileOperation
        {
            ViewerId = viewerId,
            OccurredAtMs = Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), known + 1),
            SetPreferences = preferences,
        };
        var offset = await log.AppendAsync(Topics.ProfileOps, eventId, viewerId, operation, cancellationToken);
        using var timeout = new CancellationTokenSource(ApplyTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await runner.WaitForAsync(Topics.ProfileOps, offset + 1, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "the preferences are kept and will be applied; the view is behind the log"));
        }
    }
}
