using RecoAspire.Sandbox.Tests.Manifests;
using RecoAspire.Sandbox.Tests.Sandboxes;

namespace RecoAspire.Sandbox.Tests;

/// <summary>The sandboxes hold: a program of this machine, put into a service's sandbox, tries what the service may not do.</summary>
public sealed class IsolationTests(PublishedServices published)
{
    private const string Touch = "/usr/bin/touch";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static TheoryData<string> Services => [.. ManifestSet.Services];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Services))]
    public async Task With_a_services_grants_nothing_can_be_written_outside_of_its_mounts(string service)
    {
        PublishedServices.Require();
        var plan = ManifestSet.Load(ManifestSet.Folder).Plan(new SandboxValues(ManifestSet.Services), service).Single();
        string[] forbidden = ["/x", "/app/x", "/etc/x", "/etc/passwd", "/usr/bin/x", "/usr/share/dotnet/x", "/home/app/x", "/dev/x", "/sys/x", "/proc/sys/x"];
        string[] allowed = [.. plan.Mounts.Where(m => !m.ReadOnly).Select(m => $"{m.Path}/x")];

        var (exitCode, output) = await RunAsync(plan, [Touch, .. forbidden]);
        Assert.Equal(1, exitCode);
        Assert.Equal(forbidden, output.Split('\n').Select(line => line.Split('\'')[1]));

        Assert.Contains("/tmp/x", allowed);
        Assert.Equal((0, ""), await RunAsync(plan, [Touch, .. allowed]));
    }

    [Fact]
    public async Task Mounted_files_can_be_read_and_not_written()
    {
        PublishedServices.Require();
        var plan = Plan([new("/config", MountKind.Files, ReadOnly: true, Files: new Dictionary<string, string> { ["a.json"] = "{}" })]);

        Assert.Equal((0, "{}"), await RunAsync(plan, ["/usr/bin/cat", "/config/a.json"]));
        var (exitCode, output) = await RunAsync(plan, [Touch, "/config/a.json", "/config/b.json"]);
        Assert.Equal(1, exitCode);
        Assert.Equal(2, output.Split('\n').Length);
    }

    [Fact]
    public async Task A_mount_that_the_manifest_makes_read_only_is()
    {
        PublishedServices.Require();
        var plan = Plan([new("/data", MountKind.Data, ReadOnly: true), new("/scratch", MountKind.Scratch, ReadOnly: true)]);

        var (exitCode, output) = await RunAsync(plan, [Touch, "/data/x", "/scratch/x"]);
        Assert.Equal(1, exitCode);
        Assert.Equal(2, output.Split('\n').Length);
    }

    [Fact]
    public async Task Scratch_space_ends_where_the_manifest_says()
    {
        PublishedServices.Require();
        var plan = Plan([new("/tmp", MountKind.Scratch, SizeLimitBytes: 1 << 20)]);

        Assert.Equal(0, (await RunAsync(plan, ["/bin/dd", "if=/dev/zero", "of=/tmp/x", "bs=1024", "count=1000"])).ExitCode);
        var (exitCode, output) = await RunAsync(plan, ["/bin/dd", "if=/dev/zero", "of=/tmp/x", "bs=1024", "count=1100"]);
        Assert.Equal(1, exitCode);
        Assert.Contains("No space left", output);
    }

    [Fact]
    public async Task Nothing_of_this_machines_environment_comes_in()
    {
        PublishedServices.Require();
        var plan = Plan([]) with { Environment = new Dictionary<string, string> { ["HTTP_PORT"] = "8080" } };

        var (_, output) = await RunAsync(plan, ["/usr/bin/env"]);

        string[] expected = [.. ChiselledRoot.Environment("probe-0").Select(v => v.Name), "HTTP_PORT", "PWD"];
        Assert.Equal(expected.Order(StringComparer.Ordinal), output.Split('\n').Select(l => l.Split('=')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Without_ICU_no_service_starts_so_the_image_has_to_be_the_one_that_brings_it()
    {
        PublishedServices.Require();
        var plan = Plan([new("/tmp", MountKind.Scratch)]) with { Arguments = ["--help"] };

        using var without = SandboxProcess.Start(
            plan, published.Bubblewrap.Command(plan, published.Application("ops"), PublishedServices.EntryPoint("ops"), icu: false));

        Assert.NotEqual(0, await without.WaitForExitAsync(Limit, Cancellation));
        Assert.Contains("ICU", without.Output);
    }

    private static SandboxPlan Plan(SandboxMount[] mounts) => new(
        "probe", 1654, ReadOnlyRoot: true, mounts, new Dictionary<string, string>(), [], [], new Dictionary<string, int>(), [], Limit, []);

    private async Task<(int ExitCode, string Output)> RunAsync(SandboxPlan plan, string[] command)
    {
        plan = plan with { Command = [], Arguments = [] };
        using var sandbox = SandboxProcess.Start(plan, published.Bubblewrap.Command(plan, published.Application("ops"), command, tools: [command[0]]));
        return (await sandbox.WaitForExitAsync(Limit, Cancellation), sandbox.Output);
    }
}
