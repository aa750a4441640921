using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace RecoAspire.Integration;

/// <summary>What the resources print: into the test's output while the test runs, and the last lines for messages of failures.</summary>
internal sealed class SuiteLog(ITestOutputHelper? output) : ILoggerProvider
{
    private const int Kept = 5_000;
    private readonly ConcurrentQueue<string> _lines = new();

    public string Tail(int lines) => string.Join('\n', _lines.TakeLast(lines));

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName.Replace("Resources.", "", StringComparison.Ordinal));

    public void Dispose()
    {
        // Nothing is held.
    }

    private void Add(string line)
    {
        _lines.Enqueue(line);
        while (_lines.Count > Kept) _lines.TryDequeue(out _);
        try
        {
            output?.WriteLine(line);
        }
        catch (InvalidOperationException)
        {
            // The test is over; what stops after it has nowhere to write.
        }
    }

    private sealed class Logger(SuiteLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) log.Add($"{category} | {formatter(state, exception)}{(exception is null ? "" : $": {exception.Message}")}");
        }
    }
}
