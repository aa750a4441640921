using System.Collections.Concurrent;

namespace RecoAspire.EventLog.Stores;

/// <summary>Reading connections, as many as are used at once and no more than eight; a reader holds one for a batch, not for a stream.</summary>
internal sealed class LogReaderPool(LogFile file) : IDisposable
{
    private const int MaxReaders = 8;
    private readonly SemaphoreSlim _free = new(MaxReaders, MaxReaders);
    private readonly ConcurrentBag<LogReader> _idle = [];

    public async ValueTask<T> ReadAsync<T>(Func<LogReader, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            if (!_idle.TryTake(out var reader)) reader = new LogReader(file.Path);
            try
            {
                return read(reader);
            }
            finally
            {
                _idle.Add(reader);
            }
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose()
    {
        foreach (var reader in _idle) reader.Dispose();
        _free.Dispose();
    }
}
