using RecoAspire.Publishing;
using RecoAspire.Topology;

namespace RecoAspire.AppHost.Tests.Publishing.Services;

public sealed class EmbeddingTests
{
    private const string Path = "k8s/base/embedding-gpu/workload.yaml";

    [Fact]
    public void A_worker_has_four_gpus_of_the_named_kind_on_nodes_that_are_kept_for_them()
    {
        var workload = new Published().Object(Path, "StatefulSet");
        Assert.Equal(("4", "4"), (workload.Container().Text("resources/requests/nvidia.com/gpu"), workload.Container().Text("resources/limits/nvidia.com/gpu")));
        Assert.Equal(Published.Topology.Gpu.Product, workload.Pod().Text("nodeSelector/nvidia.com/gpu.product"));
        Assert.Equal("nvidia.com/gpu", workload.Pod().Items("tolerations").Single().Text("key"));
        Assert.DoesNotContain("CUDA_VISIBLE_DEVICES", workload.Environment().Keys);
        Assert.Equal("120", workload.Pod().Text("terminationGracePeriodSeconds"));
        Assert.Contains(workload.Container().Items("ports"), p => p.Text("name") == "metrics" && p.Text("containerPort") == "9090");
        Assert.Equal(["/dev/shm", "/models", "/queue", "/tmp"], workload.Container().Items("volumeMounts").Select(m => m.Text("mountPath")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void One_worker_publishes() => Assert.Equal("embedding-0", new Published().Object(Path, "StatefulSet").Environment()["Training__PublisherHost"].Text("value"));

    [Fact]
    public void Without_a_model_nothing_is_fetched_and_nothing_may_leave_the_cluster()
    {
        var published = new Published();
        Assert.Null(published.Object(Path, "StatefulSet").Pod().At("initContainers"));
        Assert.DoesNotContain("0.0.0.0/0", published.Text("k8s/base/embedding-gpu/network.yaml"));
    }

    [Fact]
    public void A_pinned_model_is_fetched_and_checked_before_the_service_starts()
    {
        var published = new Published(With("https://models.example/m.onnx", new string('A', 64)));
        var fetch = published.Object(Path, "StatefulSet").Pod().Items("initContainers").Single();
        Assert.Equal(["https://models.example/m.onnx", new string('a', 64)], fetch.Items("env").Select(e => e.Text("value")));
        Assert.Contains("sha256sum -c", fetch.Items("command").Last().ToString());
        Assert.Contains("0.0.0.0/0", published.Text("k8s/base/embedding-gpu/network.yaml"));
    }

    [Theory]
    [InlineData("http://models.example/m.onnx", 64, "url")]
    [InlineData("https://user:word@models.example/m.onnx", 64, "url")]
    [InlineData("https://models.example/m.onnx", 63, "sha256")]
    public void A_model_that_cannot_be_trusted_is_refused(string url, int digits, string field) =>
        Assert.Contains($"gpu.model.{field}", Assert.Throws<PublishException>(() => new Published(With(url, new string('0', digits)))).Message);

    private static DeploymentTopology With(string url, string sha256) =>
        Published.Topology with { Gpu = Published.Topology.Gpu with { Model = new ModelFile { Url = url, Sha256 = sha256 } } };
}
