using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace RecoAspire.Benchmarks.Capacity;

/// <summary>Memory of a process, in bytes.</summary>
/// <param name="Resident">Now.</param>
/// <param name="Peak">At most since its start.</param>
internal sealed record ProcessMemory(long Resident, long Peak);

/// <summary>A .NET program in a process of its own, with what it has taken of the machine.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const int KeptLines = 30;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Process _process;

    /// <summary>Starts it.</summary>
    /// <param name="name">What reports and errors call it.</param>
    /// <param name="dll">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Its working directory.</param>
    /// <param name="environment">Variables beside those of this process.</param>
    public ServiceProcess(string name, string dll, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string> environment)
    {
        if (!File.Exists(dll)) throw new InvalidOperationException($"{dll} is missing: build in Release first");
        Name = name;
        var start = new ProcessStartInfo("dotnet", [dll, .. arguments]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (variable, value) in environment) start.Environment[variable] = value;
        _process = Process.Start(start)!;
        // Read to the end: a full pipe would stop the program.
        _process.OutputDataReceived += (_, e) => Keep(e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>The last lines that it wrote.</summary>
    public string Tail => string.Join('\n', _lines);

    /// <summary>User and system time since its start.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public ProcessMemory Memory
    {
        get
        {
            var lines = File.ReadAllLines($"/proc/{_process.Id}/status");
            return new ProcessMemory(Bytes(lines, "VmRSS:"), Bytes(lines, "VmHWM:"));
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public async Task EndedAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        if (_process.ExitCode != 0) throw new InvalidOperationException($"{Name} ended with code {_process.ExitCode}:\n{Tail}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
            using var limit = new CancellationTokenSource(StopLimit);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }

    private static long Bytes(string[] lines, string field)
    {
        var line = lines.First(l => l.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) << 10;
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        _lines.Enqueue(line);
        while (_lines.Count > KeptLines) _lines.TryDequeue(out _);
    }
}
