using System.Collections.Concurrent;

namespace RecoAspire.ServiceDefaults.Sqlite;

/// <summary>
/// Readers with a connection each, opened as they are needed and no more than a maximum. A user holds one for a query, never for as
/// long as a client may take: an open read transaction keeps the WAL from being reused.
/// </summary>
/// <param name="open">Opens a reader.</param>
/// <param name="maxReaders">Most readers at once; more users wait.</param>
public sealed class SqliteReaderPool<TReader>(Func<TReader> open, int maxReaders) : IDisposable
    where TReader : IDisposable
{
    private readonly SemaphoreSlim _free = new(maxReaders, maxReaders);
    private readonly ConcurrentBag<TReader> _idle = [];

    /// <summary>Runs <paramref name="read"/> with a reader of its own.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<TReader, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            if (!_idle.TryTake(out var reader)) reader = open();
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

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_idle.TryTake(out var reader)) reader.Dispose();
        _free.Dispose();
    }
}
