using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RecoAspire.Sandbox.Tests.Sandboxes;

/// <summary>
/// What the base image (.NET's chiselled "extra" image) has, taken from this machine: the C, C++, TLS and ICU libraries, the .NET and ASP.NET runtimes,
/// time zones and root certificates. No shell, no other program.
/// </summary>
internal static class ChiselledRoot
{
    private const string DotNet = "/usr/share/dotnet";

    private static readonly string[] Libraries =
    [
        "libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1",
        "libgcc_s.so.1", "libstdc++.so.6", "libssl.so.3", "libcrypto.so.3", "libz.so.1",
    ];

    private static readonly string[] IcuLibraries = ["libicudata.so.", "libicui18n.so.", "libicuuc.so."];

    /// <summary>Variables that the image and the container's runtime set themselves.</summary>
    public static IEnumerable<(string Name, string Value)> Environment(string hostName) =>
    [
        ("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
        ("HOME", "/home/app"),
        ("HOSTNAME", hostName),
        ("APP_UID", "1654"),
        ("ASPNETCORE_HTTP_PORTS", "8080"),
        ("DOTNET_RUNNING_IN_CONTAINER", "true"),
        ("DOTNET_VERSION", System.Environment.Version.ToString()),
        ("ASPNET_VERSION", System.Environment.Version.ToString()),
        ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "false"),
    ];

    /// <summary>Arguments for bwrap that build the root. What is not named is not there.</summary>
    /// <param name="etc">Folder with the few files of <c>/etc</c>.</param>
    /// <param name="icu">Without it, it is the image that is not "extra".</param>
    public static IEnumerable<string> Arguments(string etc, bool icu)
    {
        var runtime = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory());
        var version = Path.GetFileName(runtime);
        var dotnet = Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        foreach (var part in new[] { "dotnet", "host", $"shared/Microsoft.NETCore.App/{version}", $"shared/Microsoft.AspNetCore.App/{version}" })
            foreach (var argument in Bind(Path.Combine(dotnet, part), $"{DotNet}/{part}")) yield return argument;
        foreach (var argument in new[] { "--symlink", $"{DotNet}/dotnet", "/usr/bin/dotnet" }) yield return argument;

        // The interpreter that every program names, whatever the folder of the libraries.
        foreach (var loader in new[] { "/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1" }.Where(File.Exists))
            foreach (var argument in Bind(loader, loader)) yield return argument;
        foreach (var path in InstalledLibraries(icu).Append("/usr/share/zoneinfo").Append("/etc/ssl/certs").Where(Path.Exists))
            foreach (var argument in Bind(path, path)) yield return argument;
        foreach (var file in Directory.EnumerateFiles(etc))
            foreach (var argument in Bind(file, $"/etc/{Path.GetFileName(file)}")) yield return argument;
        foreach (var argument in new[] { "--dir", "/home/app" }) yield return argument;
    }

    /// <summary>Writes the files of <c>/etc</c> into a folder.</summary>
    public static void WriteEtc(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "passwd"), "root:x:0:0:root:/root:/usr/sbin/nologin\napp:x:1654:1654::/home/app:/usr/sbin/nologin\n");
        File.WriteAllText(Path.Combine(folder, "group"), "root:x:0:\napp:x:1654:\n");
        File.WriteAllText(Path.Combine(folder, "hosts"), "127.0.0.1 localhost\n");
    }

    public static string[] Bind(string from, string to) => ["--ro-bind", from, to];

    // By the loader's own table: the folders differ from one distribution to the next.
    private static IEnumerable<string> InstalledLibraries(bool icu)
    {
        var architecture = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "AArch64" : "x86-64";
        using var ldconfig = Process.Start(new ProcessStartInfo("/sbin/ldconfig", "-p") { RedirectStandardOutput = true })!;
        var lines = ldconfig.StandardOutput.ReadToEnd().Split('\n');
        ldconfig.WaitForExit();
        return lines
            .Where(line => line.Contains($",{architecture}", StringComparison.Ordinal))
            .Select(line => (Name: line.TrimStart().Split(' ')[0], Path: line[(line.IndexOf("=> ", StringComparison.Ordinal) + 3)..]))
            .Where(l => Libraries.Contains(l.Name) || (icu && IcuLibraries.Any(i => l.Name.StartsWith(i, StringComparison.Ordinal))))
            .DistinctBy(l => l.Name)
            .Select(l => l.Path);
    }
}
