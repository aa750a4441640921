using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Contracts.Profile.V1;

namespace RecoAspire.Gateway.Viewers;

/// <summary>What one request knows of its viewer: a private copy.</summary>
public sealed class ViewerSnapshot(string viewerId)
{
    private readonly ViewerFacts _facts = new();
    private readonly HashSet<int> _forbidden = [];

    public string ViewerId { get; } = viewerId;

    /// <summary>Viewers had to be let go, this one perhaps among them: there may be a past that only the profile service knows.</summary>
    public bool MayBeForgotten { get; set; }

    /// <summary>Next offsets of the topics when viewers were last let go: what was lost lies before them.</summary>
    public long ForgottenInteractions { get; set; }

    /// <inheritdoc cref="ForgottenInteractions"/>
    public long ForgottenProfileOps { get; set; }

    /// <summary>Offset of the record that set <see cref="Preferences"/>; -1 = none has.</summary>
    public long PreferencesOffset { get; private set; } = -1;

    /// <summary>As the gateway's own view has them; the profile service's replace them when it has got as far.</summary>
    public Preferences Preferences { get; set; } = new();

    /// <summary>Ordinals that must not be recommended: watched, skipped, hidden or disliked.</summary>
    public IReadOnlySet<int> Forbidden => _forbidden;

    /// <summary>Titles that say something about taste, oldest first, with weights.</summary>
    public ReadOnlySpan<int> Recent => _facts.Recent;

    /// <inheritdoc cref="Recent"/>
    public ReadOnlySpan<float> RecentWeights => _facts.RecentWeights;

    public void Forbid(int item) => _forbidden.Add(item);

    internal void Load(ViewerFacts facts)
    {
        foreach (var item in facts.Seen) _forbidden.Add(item);
        foreach (var item in facts.Refused) _forbidden.Add(item);
        for (var i = 0; i < facts.RecentCount; i++) _facts.AddRecent(facts.Recent[i], facts.RecentWeights[i]);
        Preferences = facts.Preferences;
        PreferencesOffset = facts.PreferencesOffset;
        MayBeForgotten = facts.MayHavePast;
    }

    internal void Apply(int item, Interaction interaction)
    {
        InteractionEffects.Apply(_facts, item, interaction);
        if (InteractionEffects.IsSeen(interaction.Kind) || interaction.Kind is InteractionKind.Dislike or InteractionKind.Hide) _forbidden.Add(item);
    }
}
