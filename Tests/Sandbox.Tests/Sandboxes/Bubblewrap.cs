using System.Diagnostics;
using System.Globalization;
using RecoAspire.Sandbox.Tests.Manifests;

namespace RecoAspire.Sandbox.Tests.Sandboxes;

/// <summary>Turns a plan into a command line of bwrap (bubblewrap).</summary>
/// <param name="folder">A folder of the tests: has <c>etc</c>, gets the data of the sandboxes.</param>
internal sealed class Bubblewrap(string folder)
{
    private const int ImageUid = 1654;
    private static readonly Lazy<string?> Unavailable = new(Probe);

    /// <summary>Why there can be no sandboxes here; null = there can.</summary>
    public static string? UnavailableBecause => Unavailable.Value;

    /// <summary>The command that starts a plan's container.</summary>
    /// <param name="plan">What it may do.</param>
    /// <param name="application">The published folder, mounted at <c>/app</c>.</param>
    /// <param name="entryPoint">The image's; a command of the plan goes before it.</param>
    /// <param name="icu">False = an image without ICU.</param>
    /// <param name="tools">Programs of this machine that a test needs inside; the image has none.</param>
    public ProcessStartInfo Command(
        SandboxPlan plan, string application, IEnumerable<string> entryPoint, bool icu = true, IEnumerable<string>? tools = null)
    {
        var start = Isolated(plan.Uid);
        // Named like the first pod of a StatefulSet, whose name tells a service what only one of its pods does.
        var host = $"{plan.Service}-0";
        // As in a container, the process is the first of its own process namespace. The network is the machine's loopback.
        Add("--unshare-pid", "--as-pid-1", "--unshare-ipc", "--unshare-uts", "--hostname", host, "--die-with-parent", "--new-session", "--clearenv");
        foreach (var (name, value) in ChiselledRoot.Environment(host)) Add("--setenv", name, value);
        foreach (var (name, value) in plan.Environment) Add("--setenv", name, value);
        foreach (var argument in ChiselledRoot.Arguments(Path.Combine(folder, "etc"), icu)) Add(argument);
        // As a container's runtime does it: devices, and 64 MB that processes may share. Here /dev would belong to the user.
        Add("--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev", "--size", "67108864", "--perms", "1777", "--tmpfs", "/dev/shm");
        Add(ChiselledRoot.Bind(application, "/app"));
        foreach (var tool in tools ?? []) Add(ChiselledRoot.Bind(tool, tool));
        foreach (var mount in plan.Mounts) AddMount(plan, mount);
        if (plan.ReadOnlyRoot) Add("--remount-ro", "/");
        Add("--chdir", "/app", "--");
        Add(plan.Command.Count > 0 ? [.. plan.Command] : [.. entryPoint]);
        Add([.. plan.Arguments]);
        return start;

        void Add(params string[] arguments)
        {
            foreach (var argument in arguments) start.ArgumentList.Add(argument);
        }

        void AddMount(SandboxPlan plan, SandboxMount mount)
        {
            var source = Path.Combine(folder, "mounts", plan.Service, Guid.NewGuid().ToString("N"));
            switch (mount.Kind)
            {
                case MountKind.Scratch:
                    if (mount.SizeLimitBytes is { } limit) Add("--size", limit.ToString(CultureInfo.InvariantCulture));
                    Add("--perms", "1777", "--tmpfs", mount.Path);
                    if (mount.ReadOnly) Add("--remount-ro", mount.Path);
                    break;
                case MountKind.Data:
                    Directory.CreateDirectory(source);
                    if (System.Environment.IsPrivilegedProcess) Run("chown", $"{plan.Uid}:{plan.Uid}", source);
                    Add(mount.ReadOnly ? "--ro-bind" : "--bind", source, mount.Path);
                    break;
                default:
                    Directory.CreateDirectory(source);
                    foreach (var (name, content) in mount.Files ?? new Dictionary<string, string>()) File.WriteAllText(Path.Combine(source, name), content);
                    Add(ChiselledRoot.Bind(source, mount.Path));
                    break;
            }
        }
    }

    // Root becomes the unprivileged user first, and only then enters a user namespace in which that user is nobody else: nothing in it ever had a capability
    // of the machine. Who is not root appears inside as that user.
    private static ProcessStartInfo Isolated(int uid)
    {
        var id = uid.ToString(CultureInfo.InvariantCulture);
        string[] bwrap = ["bwrap", "--unshare-user", "--uid", id, "--gid", id];
        string[] command = System.Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid", id, "--regid", id, "--clear-groups", "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs", .. bwrap]
            : bwrap;
        return new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
    }

    private static string? Probe()
    {
        if (!OperatingSystem.IsLinux()) return "bwrap is a program for Linux";
        try
        {
            var start = Isolated(ImageUid);
            foreach (var argument in new[] { "--ro-bind", "/", "/", "true" }) start.ArgumentList.Add(argument);
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"bwrap may not make a sandbox here: {error.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"needs bwrap (package bubblewrap) and, as root, setpriv (util-linux): {e.Message}";
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}");
    }
}
