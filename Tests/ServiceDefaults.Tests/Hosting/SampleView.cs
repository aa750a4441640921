using System.Security.Cryptography;
using System.Text;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.ServiceDefaults.Views;

namespace RecoAspire.ServiceDefaults.Tests;

/// <summary>The smallest honest view: the event ids of its topics, in memory. It can be told to fail or to stand still.</summary>
internal sealed class SampleView(params string[] topics) : ILogView
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<string>> _ids = topics.ToDictionary(t => t, _ => new List<string>());

    public string Name => "sample";

    public IReadOnlyList<string> Topics => topics;

    /// <summary>Runs before records are applied.</summary>
    public Func<Task> BeforeApply { get; set; } = () => Task.CompletedTask;

    public List<string> Ids(string topic)
    {
        lock (_gate) return [.. _ids[topic]];
    }

    /// <summary>Content that a persisted store would find at its start.</summary>
    public void Preload(string topic, params string[] ids) => _ids[topic].AddRange(ids);

    public ValueTask<long> GetPositionAsync(string topic, CancellationToken cancellationToken)
    {
        lock (_gate) return ValueTask.FromResult((long)_ids[topic].Count);
    }

    public async ValueTask ApplyAsync(string topic, IReadOnlyList<StoredRecord> records, CancellationToken cancellationToken)
    {
        await BeforeApply();
        lock (_gate)
        {
            Assert.Equal(_ids[topic].Count, records[0].Offset);
            _ids[topic].AddRange(records.Select(r => r.Record.EventId));
        }
    }

    public ValueTask ResetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            foreach (var ids in _ids.Values) ids.Clear();
        return ValueTask.CompletedTask;
    }

    public ValueTask<ViewDigest> GetDigestAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var all = _ids.OrderBy(p => p.Key, StringComparer.Ordinal).SelectMany(p => p.Value.Order(StringComparer.Ordinal).Prepend(p.Key)).ToList();
            var sha = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', all)));
            return ValueTask.FromResult(new ViewDigest(Convert.ToHexStringLower(sha), _ids.Values.Sum(v => v.Count)));
        }
    }
}
