using System.Diagnostics;
using System.Globalization;
using RecoAspire.Sandbox.Tests.Manifests;

namespace RecoAspire.Sandbox.Tests.Sandboxes;

/// <summary>A container's process in its sandbox.</summary>
internal sealed class SandboxProcess : IDisposable
{
    private readonly Process _bwrap;
    private readonly List<string> _lines = [];
    private readonly Lazy<int> _pid;

    private SandboxProcess(SandboxPlan plan, ProcessStartInfo command)
    {
        Plan = plan;
        _bwrap = new Process { StartInfo = command };
        _bwrap.OutputDataReceived += (_, e) => Keep(e.Data);
        _bwrap.ErrorDataReceived += (_, e) => Keep(e.Data);
        _pid = new Lazy<int>(() => FirstInside(_bwrap.Id) ?? throw new InvalidOperationException($"{plan.Service} has no process\n{Output}"));
    }

    public SandboxPlan Plan { get; }

    /// <summary>Process id on this machine; inside it is 1.</summary>
    public int Pid => _pid.Value;

    public bool HasExited => _bwrap.HasExited;

    public string Output
    {
        get
        {
            lock (_lines) return string.Join('\n', _lines);
        }
    }

    public static SandboxProcess Start(SandboxPlan plan, ProcessStartInfo command)
    {
        var sandbox = new SandboxProcess(plan, command);
        var started = new TaskCompletionSource();
        // The sandbox dies with the thread that made it (that is how the kernel understands "parent"), so that none survives the tests.
        new Thread(() =>
        {
            try
            {
                sandbox._bwrap.Start();
                sandbox._bwrap.BeginOutputReadLine();
                sandbox._bwrap.BeginErrorReadLine();
                started.SetResult();
                sandbox._bwrap.WaitForExit();
            }
            catch (System.ComponentModel.Win32Exception e)
            {
                started.TrySetException(e);
            }
        })
        { IsBackground = true, Name = $"sandbox of {plan.Service}" }.Start();
        started.Task.GetAwaiter().GetResult();
        return sandbox;
    }

    /// <summary>SIGTERM, as the kubelet sends it; then what the process ended with, and after how long.</summary>
    public async Task<(int ExitCode, TimeSpan Took)> TerminateAsync(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        using (var kill = Process.Start("kill", ["-TERM", Pid.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(cancellationToken);
        return (await WaitForExitAsync(Plan.GracePeriod, cancellationToken), clock.Elapsed);
    }

    /// <summary>Exit code of the process. Fails the test when it has not ended in time.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        both.CancelAfter(limit);
        try
        {
            await _bwrap.WaitForExitAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Assert.Fail($"{Plan.Service} has not ended in {limit.TotalSeconds:0} s\n{Output}");
        }

        return _bwrap.ExitCode;
    }

    /// <summary>A field of <c>/proc/PID/status</c> as the machine sees the process ("VmRSS" in kB).</summary>
    public string Status(string field) => File.ReadLines($"/proc/{Pid}/status")
        .First(l => l.StartsWith($"{field}:", StringComparison.Ordinal))[(field.Length + 1)..].Trim();

    /// <summary>Mount points and whether they can be written, as the process sees them.</summary>
    public IEnumerable<(string Path, bool Writable)> MountPoints() => File.ReadLines($"/proc/{Pid}/mountinfo")
        .Select(line => line.Split(' '))
        .Select(fields => (fields[4], fields[5].Split(',').Contains("rw")));

    public void Dispose()
    {
        if (!_bwrap.HasExited) _bwrap.Kill(entireProcessTree: true);
        _bwrap.WaitForExit();
        _bwrap.Dispose();
    }

    // bwrap waits outside of the namespace that it has made; its descendant with the number 1 in it is the container's process.
    private static int? FirstInside(int pid)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(10); Thread.Sleep(10))
        {
            if (Descendants(pid).Where(IsFirst).Cast<int?>().FirstOrDefault() is { } found) return found;
            if (!Directory.Exists($"/proc/{pid}")) return null;
        }

        return null;
    }

    private static IEnumerable<int> Descendants(int pid)
    {
        string children;
        try
        {
            children = File.ReadAllText($"/proc/{pid}/task/{pid}/children");
        }
        catch (IOException)
        {
            yield break;
        }

        foreach (var child in children.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => int.Parse(c, CultureInfo.InvariantCulture)))
        {
            yield return child;
            foreach (var below in Descendants(child)) yield return below;
        }
    }

    private static bool IsFirst(int pid)
    {
        try
        {
            // The last number is the one in the innermost namespace; bwrap itself is 1 for a moment before it becomes the program.
            return File.ReadLines($"/proc/{pid}/status").Any(l => l.StartsWith("NSpid:", StringComparison.Ordinal) && l.Split('\t') is [_, _, .., "1"])
                && File.ReadAllText($"/proc/{pid}/comm").Trim() != "bwrap";
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_lines)
        {
            if (_lines.Count == 200) _lines.RemoveAt(0);
            _lines.Add(line);
        }
    }
}
