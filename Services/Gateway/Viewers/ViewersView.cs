using System.Buffers.Binary;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.Contracts.Interactions.V1;
using RecoAspire.Contracts.Profile.V1;
using RecoAspire.Gateway.Catalog;
using RecoAspire.Gateway.Popularity;
using RecoAspire.ServiceDefaults.Telemetry;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.Gateway.Viewers;

/// <summary>
/// The facts by which titles are forbidden to a viewer, in memory: so that no filter ever depends on a remote call.
/// Bounded: beyond <see cref="ViewerOptions.MaxEntries"/> the viewers not heard of for longest are let go.
/// Feeds <see cref="PopularityIndex"/> from the same records.
/// </summary>
public sealed class ViewersView(
    ItemOrdinals ordinals, PopularityIndex popularity, AcknowledgedEvents acknowledged, ViewerOptions options, ILogger<ViewersView> logger) : ILogView
{
    private static readonly Counter<long> Evictions = TelemetryExtensions.Meter.CreateCounter<long>("gateway_viewers_evicted_total");
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ViewerFacts> _viewers = new(StringComparer.Ordinal);
    private long _interactionsPosition;
    private long _profileOpsPosition;
    private long _forgottenInteractions;
    private long _forgottenProfileOps;
    private long _entries;
    private long _touch;

    /// <inheritdoc/>
    public string Name => "gateway-viewers";

    /// <inheritdoc/>
    public IReadOnlyList<string> Topics { get; } = [ServiceDefaults.Views.Topics.Interactions, ServiceDefaults.Views.Topics.ProfileOps];

    /// <summary>Records of the topic <c>interactions</c> applied.</summary>
    public long Interactions => Interlocked.Read(ref _interactionsPosition);

    /// <summary>Viewers known here.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _viewers.Count;
        }
    }

    /// <summary>True once a viewer had to be let go: from then on an unknown viewer may have a past.</summary>
    public bool HasForgotten { get; private set; }

    /// <summary>May this viewer have a past that is not known here?</summary>
    public bool MayBeForgotten(string viewerId)
    {
        if (!HasForgotten) return false;
        lock (_gate) return !_viewers.TryGetValue(viewerId, out var facts) || facts.MayHavePast;
    }

    /// <summary>Copies what is known of a viewer, acknowledged events included.</summary>
    public ViewerSnapshot Read(string viewerId)
    {
        var snapshot = new ViewerSnapshot(viewerId);
        lock (_gate)
        {
            if (_viewers.TryGetValue(viewerId, out var facts)) snapshot.Load(facts);
            else snapshot.MayBeForgotten = HasForgotten;
            snapshot.ForgottenInteractions = _forgottenInteractions;
            snapshot.ForgottenProfileOps = _forgottenProfileOps;
        }

        acknowledged.AddTo(snapshot);
        return snapshot;
    }

    /// <inheritdoc/>
    public ValueTask<long> GetPositionAsync(string topic, CancellationToken cancellationToken) =>
        ValueTask.FromResult(topic == ServiceDefaults.Views.Topics.Interactions ? _interactionsPosition : _profileOpsPosition);

    /// <inheritdoc/>
    public ValueTask ApplyAsync(string topic, IReadOnlyList<StoredRecord> records, CancellationToken cancellationToken)
    {
        var next = records[^1].Offset + 1;
        lock (_gate)
        {
            if (topic == ServiceDefaults.Views.Topics.Interactions)
            {
                foreach (var stored in records) ApplyInteraction(stored);
                Interlocked.Exchange(ref _interactionsPosition, next);
            }
            else
            {
                foreach (var stored in records) ApplyOperation(stored);
                _profileOpsPosition = next;
            }

            if (_entries > options.MaxEntries) ForgetOldest();
        }

        if (topic == ServiceDefaults.Views.Topics.Interactions) acknowledged.Forget(next);
        else acknowledged.ForgetPreferences(next);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ResetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _viewers.Clear();
            _entries = 0;
            _interactionsPosition = 0;
            _profileOpsPosition = 0;
            HasForgotten = false;
            _forgottenInteractions = 0;
            _forgottenProfileOps = 0;
            popularity.Clear();
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<ViewDigest> GetDigestAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var (viewerId, facts) in _viewers.OrderBy(v => v.Key, StringComparer.Ordinal))
            {
                hash.AppendData(Encoding.UTF8.GetBytes(viewerId));
                AppendIds(hash, facts.Seen);
                AppendIds(hash, facts.Refused);
                hash.AppendData(facts.Preferences.ToByteArray());
            }

            return ValueTask.FromResult(new ViewDigest(Convert.ToHexStringLower(hash.GetHashAndReset()), _viewers.Count));
        }
    }

    private void AppendIds(IncrementalHash hash, ReadOnlySpan<int> items)
    {
        var ids = new string[items.Length];
        for (var i = 0; i < ids.Length; i++) ids[i] = ordinals.IdOf(items[i]);
        Array.Sort(ids, StringComparer.Ordinal);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, ids.Length);
        hash.AppendData(length);
        foreach (var id in ids) hash.AppendData(Encoding.UTF8.GetBytes(id + "\n"));
    }

    private void ApplyInteraction(StoredRecord stored)
    {
        if (!TryParse(Interaction.Parser, stored, ServiceDefaults.Views.Topics.Interactions, out var interaction)) return;
        if (interaction.ViewerId.Length == 0 || interaction.ItemId.Length == 0)
        {
            ViewMetrics.Rejected(Name, ServiceDefaults.Views.Topics.Interactions);
            return;
        }

        var item = ordinals.GetOrAdd(interaction.ItemId);
        if (interaction.Kind == InteractionKind.Impression) return;
        var facts = Touch(interaction.ViewerId);
        var before = facts.Entries;
        var isFirstWatch = InteractionEffects.Apply(facts, item, interaction);
        _entries += facts.Entries - before;
        if (InteractionEffects.CountsAsWatch(interaction))
            popularity.Watched(item, interaction.Territory.Length > 0 ? interaction.Territory : facts.Preferences.Territory, interaction.OccurredAtMs, isFirstWatch);
    }

    private void ApplyOperation(StoredRecord stored)
    {
        if (!TryParse(ProfileOperation.Parser, stored, ServiceDefaults.Views.Topics.ProfileOps, out var operation)) return;
        if (operation.OperationCase != ProfileOperation.OperationOneofCase.SetPreferences || operation.ViewerId.Length == 0) return;
        var facts = Touch(operation.ViewerId);
        if (operation.OccurredAtMs < facts.PreferencesAtMs) return;
        facts.Preferences = operation.SetPreferences;
        facts.PreferencesAtMs = operation.OccurredAtMs;
        facts.PreferencesOffset = stored.Offset;
    }

    private ViewerFacts Touch(string viewerId)
    {
        if (!_viewers.TryGetValue(viewerId, out var facts))
        {
            facts = new ViewerFacts { MayHavePast = HasForgotten };
            _viewers.Add(viewerId, facts);
            _entries++;
        }

        facts.LastTouch = ++_touch;
        return facts;
    }

    // In bulk, a tenth at a time: keeping an exact order for every touch would cost more than it is worth.
    private void ForgetOldest()
    {
        HasForgotten = true;
        // Positions are set before this runs: everything that is let go lies before them.
        _forgottenInteractions = _interactionsPosition;
        _forgottenProfileOps = _profileOpsPosition;
        var target = options.MaxEntries - (options.MaxEntries / 10);
        foreach (var (viewerId, facts) in _viewers.OrderBy(v => v.Value.LastTouch).ToList())
        {
            if (_entries <= target) break;
            _viewers.Remove(viewerId);
            Evictions.Add(1);
            _entries -= facts.Entries;
        }

        logger.LogInformation("viewers' facts hit their ceiling of {MaxEntries} entries; {Count} viewers stay", options.MaxEntries, _viewers.Count);
    }

    private bool TryParse<T>(MessageParser<T> parser, StoredRecord stored, string topic, out T message)
        where T : IMessage<T>
    {
        try
        {
            message = parser.ParseFrom(stored.Record.Payload);
            return true;
        }
        catch (InvalidProtocolBufferException e)
        {
            logger.LogWarning("record {Offset} of {Topic} cannot be read: {Reason}", stored.Offset, topic, e.Message);
            ViewMetrics.Rejected(Name, topic);
            message = default!;
            return false;
        }
    }
}
