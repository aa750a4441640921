using Grpc.Core;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Profile.History;
using RecoAspire.Profile.Stores;
using RecoAspire.ServiceDefaults.Sqlite;

namespace RecoAspire.Profile.Api;

/// <summary>gRPC face of the profiles.</summary>
internal sealed class ProfileApi(SqliteReaderPool<ProfileReader> readers, PreferenceUpdate update) : ProfileService.ProfileServiceBase
{
    private const int MaxHistory = 2_000;

    public override async Task<ViewerProfile> GetProfile(GetProfileRequest request, ServerCallContext context)
    {
        CheckId("viewer_id", request.ViewerId);
        if (request.HistoryLimit is < 0 or > MaxHistory)
            throw new ArgumentException($"history_limit: {request.HistoryLimit} given, 0-{MaxHistory} allowed");
        return await readers.ReadAsync(reader => reader.Read(request.ViewerId, request.HistoryLimit), context.CancellationToken);
    }

    public override async Task<ViewerProfile> UpdatePreferences(UpdatePreferencesRequest request, ServerCallContext context)
    {
        CheckId("viewer_id", request.ViewerId);
        CheckId("event_id", request.EventId);
        if (request.Preferences is null) throw new ArgumentException("preferences: missing");
        if (PreferenceChecks.Problem(request.Preferences) is { } problem) throw new ArgumentException($"preferences.{problem}");
        await update.ApplyAsync(request.ViewerId, request.EventId, request.Preferences, context.CancellationToken);
        return await readers.ReadAsync(reader => reader.Read(request.ViewerId, historyLimit: 0), context.CancellationToken);
    }

    public override async Task<ProfileStats> GetStats(GetStatsRequest request, ServerCallContext context) =>
        await readers.ReadAsync(reader => reader.Stats(), context.CancellationToken);

    private static void CheckId(string field, string id)
    {
        if (id.Length is 0 or > RecordChecks.MaxIdChars || id.Any(char.IsControl))
            throw new ArgumentException($"{field}: must be 1-{RecordChecks.MaxIdChars} characters without control characters");
    }
}
