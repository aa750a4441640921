using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>One line of a resource's console.</summary>
/// <param name="LineNumber">Rises over all resources of the run.</param>
/// <param name="Content">The text; may hold colours of a terminal.</param>
/// <param name="IsErrorMessage">It came from standard error.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage)
{
    public string Resource { get; init; } = "";

    /// <summary>Which of the resource's processes wrote it.</summary>
    public string Replica { get; init; } = "";

    public DateTimeOffset At { get; init; }
}

/// <summary>
/// What the resources' consoles say: the last lines of all of them, and every new one for those who watch. At most
/// <c>Dashboard:Frontend:MaxConsoleLogCount</c> lines are kept (10,000); a longer line than 8,192 characters is cut.
/// </summary>
public sealed class ResourceLoggerService(TimeProvider time, int maxLines = 10_000)
{
    private const int MaxLineLength = 8_192;
    private readonly Lock _gate = new();
    private readonly Queue<LogLine> _lines = new();
    private readonly List<Channel<LogLine>> _watchers = [];
    private readonly List<string> _secrets = [];
    private int _next = 1;

    /// <summary>Lines that had to make room for newer ones.</summary>
    public long Dropped { get; private set; }

    /// <summary>Writes to a resource's console as the host itself.</summary>
    public ILogger GetLogger(IResource resource) => GetLogger(resource.Name);

    /// <inheritdoc cref="GetLogger(IResource)"/>
    public ILogger GetLogger(string resourceName) => new LineLogger(this, resourceName);

    /// <summary>A text that no console line may show.</summary>
    internal void AddSecret(string value)
    {
        if (value.Length < 8) return;
        lock (_gate)
        {
            if (!_secrets.Contains(value)) _secrets.Add(value);
        }
    }

    /// <summary>Takes a line, and gives it back as it may be shown.</summary>
    internal string Add(string resource, string replica, string text, bool isError)
    {
        lock (_gate)
        {
            // Before the cut, which could leave a piece of one.
            foreach (var secret in _secrets) text = text.Replace(secret, "********", StringComparison.Ordinal);
            if (text.Length > MaxLineLength) text = string.Concat(text.AsSpan(0, MaxLineLength), "...");
            var line = new LogLine(_next++, text, isError) { Resource = resource, Replica = replica, At = time.GetUtcNow() };
            _lines.Enqueue(line);
            if (_lines.Count > maxLines)
            {
                _lines.Dequeue();
                Dropped++;
            }

            foreach (var watcher in _watchers) watcher.Writer.TryWrite(line);
            return text;
        }
    }

    /// <summary>Kept lines behind a line number, oldest first; without one the last ones.</summary>
    internal List<LogLine> Read(int? after, int limit, Func<LogLine, bool> wanted)
    {
        lock (_gate)
        {
            var found = _lines.Where(l => l.LineNumber > (after ?? 0) && wanted(l));
            return [.. after is null ? found.TakeLast(limit) : found.Take(limit)];
        }
    }

    /// <summary>Kept lines of a resource.</summary>
    public async IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName)
    {
        await Task.CompletedTask;
        yield return Read(null, int.MaxValue, l => l.Resource == resourceName);
    }

    /// <summary>Kept lines of a resource and then every new one. A watcher that is 10,000 lines behind misses the oldest.</summary>
    public async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var line in WatchAllAsync(cancellationToken))
        {
            if (line.Resource == resourceName) yield return [line];
        }
    }

    internal async IAsyncEnumerable<LogLine> WatchAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            foreach (var line in _lines) channel.Writer.TryWrite(line);
            _watchers.Add(channel);
        }

        try
        {
            await foreach (var line in channel.Reader.ReadAllAsync(cancellationToken)) yield return line;
        }
        finally
        {
            lock (_gate) _watchers.Remove(channel);
        }
    }

    private sealed class LineLogger(ResourceLoggerService service, string resource) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            service.Add(resource, "", exception is null ? formatter(state, exception) : $"{formatter(state, exception)}: {exception.Message}", logLevel >= LogLevel.Error);
    }
}
