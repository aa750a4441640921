using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Gateway.Candidates;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Filters;
using RecoAspire.Gateway.Resilience;
using RecoAspire.ServiceDefaults.Signals;

namespace RecoAspire.Gateway.Viewers;

/// <summary>
/// Puts together what is known of a viewer: the profile service's history and preferences, what this gateway knows by itself,
/// and the events it has just acknowledged. Without the profile service the gateway's own knowledge stands in.
/// </summary>
public sealed class TasteReader(ViewersView viewers, ItemOrdinals ordinals, Resilience.Services services, TimeProvider time)
{
    /// <summary>Most titles that the profile service tells.</summary>
    private const int MaxHistory = 2_000;

    /// <summary>Starts a request for a viewer.</summary>
    public async Task<RecommendationRequest> ReadAsync(
        string viewerId, RequestContext context, int limit, int historyLimit, bool french, RequestBudget budget, CancellationToken cancellationToken)
    {
        var isCaughtUp = services.ViewersCaughtUp;
        // Of a viewer who was let go here, only the profile knows what was seen: all of it, then, not the recent part.
        var call = new GetProfileRequest { ViewerId = viewerId, HistoryLimit = !isCaughtUp || viewers.MayBeForgotten(viewerId) ? MaxHistory : historyLimit };
        var reply = await services.Profile.CallAsync(o => services.ProfileClient.GetProfileAsync(call, o), budget, cancellationToken);
        // Read after the profile: what the profile does not contain yet is then certainly here.
        var snapshot = viewers.Read(viewerId);
        snapshot.MayBeForgotten |= !isCaughtUp;
        var isUnknown = snapshot.MayBeForgotten && !(reply.Ok && Remembers(reply.Value!, snapshot));
        var history = reply.Ok ? Merge(snapshot, reply.Value!) : FromSnapshot(snapshot);
        var filter = HardFilter.Create(
            snapshot.Preferences, context, snapshot.Forbidden, isUnknown, time.GetUtcNow());
        var request = new RecommendationRequest(snapshot, history, filter, limit, french, budget);
        if (reply.Failed || isUnknown) request.Degrade(services.Profile.Name);
        if (!services.LogConnected) request.Degrade("eventlog");
        return request;
    }

    // What was let go here lies before these offsets: a profile that has got so far holds it.
    private static bool Remembers(ViewerProfile profile, ViewerSnapshot snapshot) =>
        profile.InteractionsOffset >= snapshot.ForgottenInteractions && profile.ProfileOpsOffset >= snapshot.ForgottenProfileOps;

    private List<Watched> Merge(ViewerSnapshot snapshot, ViewerProfile profile)
    {
        var history = new List<Watched>(profile.History.Count + 4);
        var known = new HashSet<int>(profile.History.Count);
        var disliked = profile.DislikedItemIds.ToHashSet(StringComparer.Ordinal);
        foreach (var entry in profile.History)
        {
            var ordinal = ordinals.GetOrAdd(entry.ItemId);
            known.Add(ordinal);
            if (InteractionEffects.IsSeen(entry.Kind)) snapshot.Forbid(ordinal);
            var weight = WatchWeights.Of(entry.Kind, entry.PositionSeconds, entry.DurationSeconds, entry.Rating);
            var poor = entry.Rating is > 0 and < InteractionEffects.PoorRating || disliked.Contains(entry.ItemId);
            if (weight > 0) history.Add(new Watched(entry.ItemId, ordinal, weight, poor));
        }

        foreach (var id in profile.DislikedItemIds.Concat(profile.HiddenItemIds)) snapshot.Forbid(ordinals.GetOrAdd(id));
        // A profile that is behind (being rebuilt, say) must not bring back older wishes, nor none.
        if (profile.Preferences is not null && profile.ProfileOpsOffset > snapshot.PreferencesOffset) snapshot.Preferences = profile.Preferences;
        // Events newer than the profile's view go in front, newest first.
        for (var i = 0; i < snapshot.Recent.Length; i++)
        {
            if (known.Add(snapshot.Recent[i])) history.Insert(0, ToWatched(snapshot, i));
        }

        return history;
    }

    private List<Watched> FromSnapshot(ViewerSnapshot snapshot)
    {
        var history = new List<Watched>(snapshot.Recent.Length);
        for (var i = snapshot.Recent.Length - 1; i >= 0; i--) history.Add(ToWatched(snapshot, i));
        return history;
    }

    private Watched ToWatched(ViewerSnapshot snapshot, int i) =>
        new(ordinals.IdOf(snapshot.Recent[i]), snapshot.Recent[i], snapshot.RecentWeights[i], Poor: false);
}
