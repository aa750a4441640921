using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using RecoAspire.Sandbox.Tests.Manifests;
using RecoAspire.Tests;

namespace RecoAspire.Sandbox.Tests;

/// <summary>The two ways to an image, the SDK's and the Dockerfile's, lead to the same one; nothing else becomes an image.</summary>
public sealed partial class ImageTests
{
    private static readonly Dictionary<string, string> Projects = new()
    {
        ["eventlog"] = "Services/EventLog",
        ["profile"] = "Services/Profile",
        ["embedding"] = "Services/GpuEmbedding",
        ["vectorsearch"] = "Services/VectorSearch",
        ["graph"] = "Services/Graph",
        ["gateway"] = "Services/Gateway",
        ["ops"] = "Services/Ops",
    };

    public static TheoryData<string> Images => [.. Projects.Keys];

    [Theory]
    [MemberData(nameof(Images))]
    public async Task The_SDKs_image_and_the_Dockerfiles_have_the_same_base_user_ports_and_labels(string image)
    {
        var sdk = await EvaluateAsync(Projects[image], "-p:ContainerImageTag=1.4.0", "-p:ContainerRevision=abc123", "-p:ContainerSource=https://git.example/reco");
        var dockerfile = Dockerfile();

        Assert.Equal(image, sdk.Property("ContainerRepository"));
        Assert.Equal(["1.4.0"], sdk.Items("ContainerImageTags"));
        Assert.Equal(dockerfile.Base, sdk.Property("ContainerBaseImage"));
        Assert.EndsWith("-noble-chiseled-extra", dockerfile.Base);
        Assert.Equal(dockerfile.User, sdk.Property("ContainerUser"));
        Assert.Equal("1654", dockerfile.User);
        Assert.Equal(["dotnet", $"/app/{Path.GetFileName(Projects[image])}.dll"], sdk.Items("ContainerAppCommand"));
        // The tool listens to nobody; in the Dockerfile, which is the same for all, ports are only documentation.
        if (image != "ops") Assert.Equal(dockerfile.Ports, sdk.Items("ContainerPort"));

        var labels = sdk.Labels();
        Assert.All(dockerfile.Labels, label => Assert.Contains(label, labels.Keys));
        Assert.Equal("1.4.0", labels["org.opencontainers.image.version"]);
        Assert.Equal("abc123", labels["org.opencontainers.image.revision"]);
        Assert.Equal("https://git.example/reco", labels["org.opencontainers.image.source"]);
        Assert.Equal("MIT", labels["org.opencontainers.image.licenses"]);
        Assert.DoesNotContain("org.opencontainers.image.created", labels.Keys);
    }

    [Fact]
    public async Task An_image_has_a_version_as_its_tag_and_is_never_latest()
    {
        Assert.Equal(["0.1.0"], (await EvaluateAsync("Services/Gateway")).Items("ContainerImageTags"));

        foreach (var tag in new[] { "-p:ContainerImageTag=latest", "-p:ContainerImageTags=\"1.4.0;latest\"" })
        {
            var (exitCode, output) = await MsBuildAsync("Services/Gateway", "-t:ComputeContainerConfig", tag);
            Assert.NotEqual(0, exitCode);
            Assert.Contains("never tagged 'latest'", output);
        }
    }

    [Fact]
    public void Nothing_in_the_Dockerfile_is_latest_and_every_image_has_a_tag()
    {
        var text = File.ReadAllText(Path.Combine(RealData.ProjectRoot, "Services", "Dockerfile"));

        Assert.DoesNotContain("latest", text);
        Assert.Equal(2, From().Count(text));
        Assert.All(From().Matches(text), from => Assert.Matches(@"^\$\{\w+_IMAGE\}:\$\{\w+_TAG\}$", from.Groups["image"].Value));
        // Not one that moves from patch to patch.
        Assert.All(Tag().Matches(text), tag => Assert.Matches(@"^\d+\.\d+\.\d+-", tag.Groups["tag"].Value));
    }

    [Theory]
    [InlineData("Services/Contracts")]
    [InlineData("ServiceDefaults")]
    [InlineData("AppHost")]
    [InlineData("Tests/Sandbox.Tests")]
    public async Task Libraries_tests_and_the_host_become_no_images(string project)
    {
        var properties = await EvaluateAsync(project);

        Assert.NotEqual("true", properties.Property("EnableSdkContainerSupport"));
    }

    [Fact]
    public void The_build_context_leaves_out_what_no_image_needs()
    {
        var ignored = File.ReadAllLines(Path.Combine(RealData.ProjectRoot, ".dockerignore"));

        Assert.All([".git", "**/bin", "**/obj", ".data", "**/artifacts", "Tests"], entry => Assert.Contains(entry, ignored));
        Assert.DoesNotContain("Services", ignored);
    }

    [Fact]
    public void Every_service_of_the_suite_has_an_image()
    {
        Assert.All(ManifestSet.Services, service => Assert.Contains(service, Projects.Keys));
        var built = File.ReadAllText(Path.Combine(RealData.ProjectRoot, "Services", "Services.proj"));
        Assert.All(Projects.Values, project => Assert.Contains(Path.GetFileName(project), built));
    }

    private static (string Base, string User, string[] Ports, string[] Labels) Dockerfile()
    {
        var text = File.ReadAllText(Path.Combine(RealData.ProjectRoot, "Services", "Dockerfile"));
        return (
            $"{One("RUNTIME_IMAGE=(.+)")}:{One("RUNTIME_TAG=(.+)")}",
            One("^USER (.+)"),
            One("^EXPOSE (.+)").Split(' '),
            [.. Label().Matches(text).Select(m => m.Value)]);

        string One(string pattern) => Assert.Single(Regex.Matches(text, pattern, RegexOptions.Multiline)).Groups[1].Value;
    }

    private static async Task<Evaluation> EvaluateAsync(string project, params string[] properties)
    {
        var (exitCode, output) = await MsBuildAsync(
            project,
            [
                "-t:ComputeContainerConfig", "-getProperty:ContainerRepository,ContainerBaseImage,ContainerUser,EnableSdkContainerSupport",
                "-getItem:ContainerPort,ContainerLabel,ContainerAppCommand,ContainerImageTags", .. properties,
            ]);
        Assert.True(exitCode == 0, output);
        return new Evaluation(JsonDocument.Parse(output).RootElement);
    }

    private static async Task<(int ExitCode, string Output)> MsBuildAsync(string project, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", Path.Combine(RealData.ProjectRoot, project), "-nologo", "-nodeReuse:false", .. arguments])
        {
            RedirectStandardOutput = true,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    [GeneratedRegex(@"^FROM (--\S+ )?(?<image>\S+)", RegexOptions.Multiline)]
    private static partial Regex From();

    [GeneratedRegex(@"^ARG \w+_TAG=(?<tag>\S+)", RegexOptions.Multiline)]
    private static partial Regex Tag();

    [GeneratedRegex(@"org\.opencontainers\.image\.[a-z]+")]
    private static partial Regex Label();

    private sealed record Evaluation(JsonElement Json)
    {
        public string Property(string name) => Json.GetProperty("Properties").GetProperty(name).GetString()!;

        public string[] Items(string name) => [.. Json.GetProperty("Items").GetProperty(name).EnumerateArray().Select(i => i.GetProperty("Identity").GetString()!)];

        public Dictionary<string, string> Labels() => Json.GetProperty("Items").GetProperty("ContainerLabel").EnumerateArray()
            .ToDictionary(i => i.GetProperty("Identity").GetString()!, i => i.GetProperty("Value").GetString()!);
    }
}
