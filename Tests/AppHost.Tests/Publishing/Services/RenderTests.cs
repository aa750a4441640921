using System.ComponentModel;
using System.Diagnostics;

namespace RecoAspire.AppHost.Tests.Publishing.Services;

/// <summary>What kustomize makes of the set.</summary>
public sealed class RenderTests
{
    [Fact]
    public async Task Every_folder_of_a_service_renders()
    {
        await using var folder = new TestFolder();
        var published = new Published();
        published.Save(folder.Path);
        foreach (var name in published.Workloads().Select(w => w.Folder).Concat(["platform", "ops"]))
        {
            Assert.NotEmpty(Published.Read(await RenderAsync(Path.Combine(folder.Path, "k8s", "base", name))));
        }
    }

    [Fact]
    public async Task Every_region_renders_with_its_numbers_and_with_addresses_that_roll_the_pods_when_they_change()
    {
        await using var folder = new TestFolder();
        var published = new Published();
        published.Save(folder.Path);
        foreach (var region in Published.Topology.Regions)
        {
            var overlay = Path.Combine(folder.Path, "k8s", "regions", region.Name);
            foreach (var part in published.Overlay(region.Name).Items("resources").Select(r => r.ToString()).Where(r => r.StartsWith("..", StringComparison.Ordinal)))
            {
                Assert.SkipUnless(Directory.Exists(Path.Combine(overlay, part)), $"{part} is not published.");
            }

            var objects = Published.Read(await RenderAsync(overlay)).ToList();
            var gateway = objects.Single(o => o.Text("kind") == "Deployment" && o.Text("metadata/name") == "gateway");
            var map = gateway.Environment().Values.Select(v => v.At("valueFrom/configMapKeyRef")).First(r => r?.Text("key") == "eventlog_url")!.Text("name");
            Assert.StartsWith("service-endpoints-", map);
            Assert.Contains(objects, o => o.Text("kind") == "ConfigMap" && o.Text("metadata/name") == map);
            var autoscaler = objects.Single(o => o.Text("kind") == "HorizontalPodAutoscaler" && o.Text("metadata/name") == "gateway");
            Assert.Equal($"{region.Capacity.ApiServers}", autoscaler.Text("spec/minReplicas"));
        }
    }

    private static async Task<string> RenderAsync(string folder)
    {
        var start = new ProcessStartInfo("kubectl", ["kustomize", folder]) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("kubectl is not installed.");
            throw;
        }

        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, $"{folder}: {error}");
            return await output;
        }
    }
}
