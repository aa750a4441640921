using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Gateway.Catalog;

namespace RecoAspire.Gateway.Viewers;

/// <summary>
/// Events that this gateway has acknowledged and that the tail has not brought back yet. They count from the moment of the
/// acknowledgement: the title just watched is not recommended even by the very next request. Preferences that the profile
/// service has acknowledged are kept likewise: a limit just set holds also when that service goes away at once.
/// </summary>
public sealed class AcknowledgedEvents(ItemOrdinals ordinals, ViewerOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<(long Offset, Interaction Interaction)>> _byViewer = new(StringComparer.Ordinal);
    private readonly Queue<(long Offset, string ViewerId)> _order = new();
    private readonly Dictionary<string, (long NextOffset, Preferences Preferences)> _preferences = new(StringComparer.Ordinal);
    private readonly Queue<(long NextOffset, string ViewerId)> _preferencesOrder = new();
    private long _applied;
    private long _preferencesApplied;

    /// <summary>Remembers an acknowledged event until the tail has applied its offset.</summary>
    public void Add(long offset, Interaction interaction)
    {
        lock (_gate)
        {
            if (offset < _applied) return;
            if (!_byViewer.TryGetValue(interaction.ViewerId, out var events)) _byViewer.Add(interaction.ViewerId, events = []);
            events.Add((offset, interaction));
            _order.Enqueue((offset, interaction.ViewerId));
            while (_order.Count > options.MaxAcknowledged) Drop(_order.Dequeue());
        }
    }

    /// <summary>The view has applied everything before <paramref name="nextOffset"/>.</summary>
    public void Forget(long nextOffset)
    {
        lock (_gate)
        {
            _applied = Math.Max(_applied, nextOffset);
            // Offsets come nearly in order; one that is late waits for those before it, which is harmless.
            while (_order.TryPeek(out var first) && first.Offset < nextOffset) Drop(_order.Dequeue());
        }
    }

    /// <summary>Remembers acknowledged preferences until the tail has applied everything before <paramref name="nextOffset"/>.</summary>
    public void AddPreferences(string viewerId, Preferences preferences, long nextOffset)
    {
        lock (_gate)
        {
            if (nextOffset <= _preferencesApplied || (_preferences.TryGetValue(viewerId, out var other) && other.NextOffset > nextOffset)) return;
            _preferences[viewerId] = (nextOffset, preferences);
            _preferencesOrder.Enqueue((nextOffset, viewerId));
            while (_preferencesOrder.Count > options.MaxAcknowledged) DropPreferences(_preferencesOrder.Dequeue());
        }
    }

    /// <summary>The view has applied every change of preferences before <paramref name="nextOffset"/>.</summary>
    public void ForgetPreferences(long nextOffset)
    {
        lock (_gate)
        {
            _preferencesApplied = Math.Max(_preferencesApplied, nextOffset);
            while (_preferencesOrder.TryPeek(out var first) && first.NextOffset <= nextOffset) DropPreferences(_preferencesOrder.Dequeue());
        }
    }

    /// <summary>Applies what is waiting to a snapshot.</summary>
    public void AddTo(ViewerSnapshot snapshot)
    {
        lock (_gate)
        {
            if (_preferences.TryGetValue(snapshot.ViewerId, out var waiting)) snapshot.Preferences = waiting.Preferences;
            if (!_byViewer.TryGetValue(snapshot.ViewerId, out var events)) return;
            foreach (var (_, interaction) in events) snapshot.Apply(ordinals.GetOrAdd(interaction.ItemId), interaction);
        }
    }

    private void Drop((long Offset, string ViewerId) entry)
    {
        if (!_byViewer.TryGetValue(entry.ViewerId, out var events)) return;
        events.RemoveAll(e => e.Offset == entry.Offset);
        if (events.Count == 0) _byViewer.Remove(entry.ViewerId);
    }

    private void DropPreferences((long NextOffset, string ViewerId) entry)
    {
        if (_preferences.TryGetValue(entry.ViewerId, out var waiting) && waiting.NextOffset == entry.NextOffset) _preferences.Remove(entry.ViewerId);
    }
}
