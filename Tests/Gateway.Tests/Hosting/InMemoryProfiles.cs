using Grpc.Core;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Gateway.Tests.Hosting;

/// <summary>The contract of the profiles, as a view of the in-memory log.</summary>
internal sealed class InMemoryProfiles(InMemoryEventLog log, LogState state) : ProfileService.ProfileServiceBase
{
    /// <summary>Profiles answer as if the log held nothing: a service in the middle of a rebuild.</summary>
    public bool Rebuilding { get; set; }

    public override Task<ViewerProfile> GetProfile(GetProfileRequest request, ServerCallContext context) =>
        Task.FromResult(Read(request.ViewerId, request.HistoryLimit));

    public override Task<ViewerProfile> UpdatePreferences(UpdatePreferencesRequest request, ServerCallContext context)
    {
        log.Append(Topics.ProfileOps, request.EventId, request.ViewerId, new ProfileOperation
        {
            ViewerId = request.ViewerId,
            OccurredAtMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            SetPreferences = request.Preferences,
        });
        return Task.FromResult(Read(request.ViewerId, 0));
    }

    public override Task<ProfileStats> GetStats(GetStatsRequest request, ServerCallContext context) =>
        Task.FromResult(new ProfileStats { Viewers = log.Read(Topics.Interactions).Select(r => r.Record.Key).Distinct().Count() });

    private ViewerProfile Read(string viewerId, int historyLimit)
    {
        if (Rebuilding) return new ViewerProfile { ViewerId = viewerId, Preferences = new Preferences() };
        var profile = new ViewerProfile
        {
            ViewerId = viewerId,
            Preferences = state.PreferencesOf(viewerId) ?? new Preferences(),
            InteractionsOffset = log.Read(Topics.Interactions).Count,
            ProfileOpsOffset = log.Read(Topics.ProfileOps).Count,
        };
        var history = new Dictionary<string, HistoryEntry>(StringComparer.Ordinal);
        var opinions = new Dictionary<string, InteractionKind>(StringComparer.Ordinal);
        foreach (var interaction in state.InteractionsOf(viewerId)) Apply(interaction, history, opinions);
        profile.History.AddRange(history.Values.OrderByDescending(e => e.LastAtMs).ThenBy(e => e.ItemId, StringComparer.Ordinal).Take(historyLimit));
        profile.HistoryTotal = history.Count;
        profile.LikedItemIds.AddRange(Of(opinions, InteractionKind.Like));
        profile.DislikedItemIds.AddRange(Of(opinions, InteractionKind.Dislike));
        profile.HiddenItemIds.AddRange(Of(opinions, InteractionKind.Hide));
        return profile;
    }

    private static IEnumerable<string> Of(Dictionary<string, InteractionKind> opinions, InteractionKind kind) =>
        opinions.Where(o => o.Value == kind).Select(o => o.Key).Order(StringComparer.Ordinal);

    private static void Apply(Interaction interaction, Dictionary<string, HistoryEntry> history, Dictionary<string, InteractionKind> opinions)
    {
        if (interaction.Kind is InteractionKind.Like or InteractionKind.Dislike or InteractionKind.Hide) opinions[interaction.ItemId] = interaction.Kind;
        else if (interaction.Kind == InteractionKind.Clear) opinions.Remove(interaction.ItemId);
        else if (interaction.Kind != InteractionKind.Impression) Watch(interaction, history);
    }

    private static void Watch(Interaction interaction, Dictionary<string, HistoryEntry> history)
    {
        if (!history.TryGetValue(interaction.ItemId, out var entry))
            history.Add(interaction.ItemId, entry = new HistoryEntry { ItemId = interaction.ItemId, Kind = interaction.Kind, FirstAtMs = interaction.OccurredAtMs });
        if (Strength(interaction.Kind) > Strength(entry.Kind)) entry.Kind = interaction.Kind;
        entry.LastAtMs = Math.Max(entry.LastAtMs, interaction.OccurredAtMs);
        entry.PositionSeconds = Math.Max(entry.PositionSeconds, interaction.PositionSeconds);
        entry.DurationSeconds = Math.Max(entry.DurationSeconds, interaction.DurationSeconds);
        if (interaction.Kind == InteractionKind.Rate) entry.Rating = interaction.Rating;
    }

    private static int Strength(InteractionKind kind) => kind switch
    {
        InteractionKind.Complete => 5,
        InteractionKind.Rate => 4,
        InteractionKind.Progress => 3,
        InteractionKind.Play => 2,
        _ => 1,
    };
}
