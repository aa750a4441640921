using System.Diagnostics;
using System.Globalization;

namespace RecoAspire.Hosting.Running;

/// <summary>
/// A child that cannot outlive us. On Unix it runs under a few lines of <c>sh</c> that hold one end of a pipe whose other end is
/// ours: when the AppHost dies, even by SIGKILL, the pipe closes and the child is killed. (PR_SET_PDEATHSIG would be tied to the
/// thread that started the child, and exists on Linux only.) Where there is <c>setsid</c> the child leads a process group, so
/// that its own children go with it and a terminal's Ctrl+C reaches the AppHost alone.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    // Protocol of the control pipe: each line names a signal to send; its end means SIGKILL. The child's pid comes back on
    // standard output behind a \001, which no log line starts with. Signals that reach the whole process group (Ctrl+C, timeout)
    // are for the AppHost to act on: the script outlives them, by a trap that does nothing (an ignored signal would stay ignored
    // in the child), and waits on.
    private const string Script = """
        leader=$1; shift
        trap : TERM INT HUP
        exec 3<&0 </dev/null
        if command -v setsid >/dev/null 2>&1; then group=-; setsid /bin/sh -c "$leader" "$group" "$@" & else group=; /bin/sh -c "$leader" "$group" "$@" & fi
        child=$!
        exec 3<&-
        printf '\001%s\n' "$child"
        while wait "$child"; code=$?; kill -s 0 "$child" 2>/dev/null; do :; done
        [ -n "$group" ] && kill -s KILL -- "$group$child" 2>/dev/null
        exit "$code"
        """;

    // Becomes the child. It starts its watcher first, so that there is no moment at which only the script above could end it, and
    // the watcher lives in the child's group, so that the group's number stays taken until the group is killed. The watcher must
    // not hold the output open. $0 is "-" where the child leads a group.
    private const string Leader = """
        (
          trap '' TERM INT HUP
          while read -r signal <&3; do kill -s "$signal" -- "$0$$"; done
          eval "$RECO_ON_KILL"
          kill -s KILL -- "$0$$"
        ) >/dev/null 2>&1 &
        exec 3<&-
        exec "$@"
        """;

    private const string OnKill = "RECO_ON_KILL";

    private readonly Process _process;
    private readonly TaskCompletionSource<int> _pid = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<string, bool> _onLine;

    private ChildProcess(ProcessStartInfo start, Action<string, bool> onLine)
    {
        _onLine = onLine;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        // If only the shell was killed, the child still holds the output open: closing the pipe lets the watcher end it.
        _process.Exited += (_, _) =>
        {
            CloseControl();
            _exited.TrySetResult();
        };
        _process.OutputDataReceived += (_, e) => OnOutput(e.Data);
        _process.ErrorDataReceived += (_, e) => OnError(e.Data);
    }

    /// <summary>Pid of the child itself.</summary>
    public Task<int> Pid => _pid.Task;

    /// <summary>Starts a child. <paramref name="onLine"/> gets every line of its output and whether it was an error, from several threads.</summary>
    public static ChildProcess Start(Launch launch, Action<string, bool> onLine)
    {
        var start = new ProcessStartInfo
        {
            WorkingDirectory = launch.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (OperatingSystem.IsWindows())
        {
            start.FileName = launch.Command;
        }
        else
        {
            start.FileName = "/bin/sh";
            foreach (var argument in (string[])["-c", Script, "child", Leader, launch.Command]) start.ArgumentList.Add(argument);
        }

        foreach (var argument in launch.Arguments) start.ArgumentList.Add(argument.Value);
        // What was said to the AppHost about itself is not meant for its children.
        foreach (var name in start.Environment.Keys.Where(IsAppHostsOwn).ToList()) start.Environment.Remove(name);
        foreach (var variable in launch.Environment) start.Environment[variable.Name] = variable.Value;
        if (launch.OnKill is { } onKill) start.Environment[OnKill] = onKill;

        var child = new ChildProcess(start, onLine);
        child._process.Start();
        child._process.StandardInput.AutoFlush = true;
        if (OperatingSystem.IsWindows()) child._pid.TrySetResult(child._process.Id);
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Completes when it has ended and its output has been read; gives the exit code (128 + signal when killed).</summary>
    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync();
        _pid.TrySetResult(0);
        CloseControl();
        return _process.ExitCode;
    }

    /// <summary>Asks it to end; kills it and its descendants when it has not after <paramref name="patience"/>.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        // Not the process itself: it may be disposed meanwhile, when it ends by itself.
        if (_exited.Task.IsCompleted) return;
        Signal("TERM");
        try
        {
            await _exited.Task.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            Kill();
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    private static bool IsAppHostsOwn(string variable) =>
        variable is "ASPNETCORE_URLS" or "DOTNET_LAUNCH_PROFILE" || variable.StartsWith("ASPIRE_", StringComparison.Ordinal);

    private void Signal(string signal)
    {
        try
        {
            if (!OperatingSystem.IsWindows()) _process.StandardInput.WriteLine(signal);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // It has just ended.
        }
    }

    private void Kill()
    {
        if (OperatingSystem.IsWindows()) _process.Kill(entireProcessTree: true);
        else CloseControl();
    }

    private void CloseControl()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // It has just ended.
        }
    }

    private void OnOutput(string? line)
    {
        if (line is null) return;
        if (line.StartsWith('\u0001') && int.TryParse(line.AsSpan(1), CultureInfo.InvariantCulture, out var pid)) _pid.TrySetResult(pid);
        else _onLine(line, false);
    }

    private void OnError(string? line)
    {
        if (line is not null) _onLine(line, true);
    }
}
