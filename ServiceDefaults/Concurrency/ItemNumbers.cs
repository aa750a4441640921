using System.Collections.Concurrent;

namespace RecoAspire.ServiceDefaults.Concurrency;

/// <summary>
/// Dense numbers for item ids, so that hot paths compare integers. One writer, any
/// number of readers. A number is never given to another id while the process lives.
/// </summary>
public sealed class ItemNumbers
{
    private readonly ConcurrentDictionary<string, int> _numbers = new(concurrencyLevel: 1, capacity: 1024, StringComparer.Ordinal);
    private string[] _ids = new string[1024];

    public int Count { get; private set; }

    public int GetOrAdd(string id)
    {
        if (_numbers.TryGetValue(id, out var known)) return known;
        var number = Count;
        if (number == _ids.Length)
        {
            var grown = new string[_ids.Length * 2];
            _ids.CopyTo(grown, 0);
            Volatile.Write(ref _ids, grown);
        }

        _ids[number] = id;
        Count = number + 1;
        _numbers[id] = number;
        return number;
    }

    public bool TryGet(string id, out int number) => _numbers.TryGetValue(id, out number);

    /// <summary>The id of a number that the reader got from a published snapshot.</summary>
    public string IdOf(int number) => Volatile.Read(ref _ids)[number];
}
