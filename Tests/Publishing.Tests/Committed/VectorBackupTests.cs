using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace RecoAspire.Publishing.Tests.Committed;

/// <summary>The job that copies the vector store, run by a real shell with real curl against a server that speaks the snapshot interface.</summary>
public sealed class VectorBackupTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vectors-").FullName;
    private readonly HttpListener _server = new();
    private readonly int _port = FreePort();
    private readonly List<string> _requests = [];
    private bool _wrongChecksum;

    public VectorBackupTests()
    {
        _server.Prefixes.Add($"http://127.0.0.1:{_port}/");
        _server.Start();
        _ = Task.Run(ServeAsync);
        File.WriteAllText(Path.Combine(_folder, "key"), "a-key");
    }

    public void Dispose()
    {
        _server.Close();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Every_collection_of_every_node_is_copied_checked_and_forgotten_there()
    {
        var (code, output, error) = Run();
        Assert.True(code == 0, error);
        Assert.Contains("2 snapshots", output, StringComparison.Ordinal);
        var copy = Directory.GetDirectories(Path.Combine(_folder, "to")).Single();
        Assert.True(File.Exists(Path.Combine(copy, "complete")));
        Assert.Equal(2, File.ReadAllLines(Path.Combine(copy, "SHA256SUMS")).Length);
        Assert.Equal(["127.collaborative.snapshot.gz", "127.text.snapshot.gz"], Directory.GetFiles(copy, "*.gz").Select(Path.GetFileName).Order());
        lock (_requests)
        {
            Assert.Equal(2, _requests.Count(r => r.StartsWith("DELETE ", StringComparison.Ordinal)));
            Assert.All(_requests, r => Assert.EndsWith(" a-key", r, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_copy_that_differs_from_its_checksum_is_no_backup()
    {
        _wrongChecksum = true;
        var (code, _, error) = Run();
        Assert.Equal(1, code);
        Assert.Contains("the checksum differs", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Directory.GetDirectories(Path.Combine(_folder, "to")).Single(), "complete")));
    }

    private (int Code, string Output, string Error) Run()
    {
        var script = Path.Combine(CommittedSet.Root, "backup", "base", "vector-db", "backup-vector-db.sh");
        var start = new ProcessStartInfo("sh", [script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[("NODES", "127.0.0.1"), ("PORT", $"{_port}"), ("TO", Path.Combine(_folder, "to")), ("KEEP_DAYS", "30"), ("KEY_FILE", Path.Combine(_folder, "key"))])
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        return (process.ExitCode, output, error.Result);
    }

    private async Task ServeAsync()
    {
        while (_server.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _server.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            var path = context.Request.Url!.AbsolutePath;
            lock (_requests) _requests.Add($"{context.Request.HttpMethod} {path} {context.Request.Headers["api-key"]}");
            var body = Encoding.UTF8.GetBytes(Answer(context.Request.HttpMethod, path));
            context.Response.OutputStream.Write(body);
            context.Response.Close();
        }
    }

    private string Answer(string method, string path) => (method, path.Split('/')) switch
    {
        ("GET", ["", "collections"]) => """{"result":{"collections":[{"name":"text"},{"name":"collaborative"}]},"status":"ok","time":0.1}""",
        ("POST", ["", "collections", var collection, "snapshots"]) => $$"""{"result":{"name":"{{collection}}-1.snapshot","creation_time":"2026-01-01T00:00:00","size":7,"checksum":"{{(_wrongChecksum ? new string('0', 64) : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"data of {collection}"))))}}"},"status":"ok","time":0.1}""",
        ("GET", ["", "collections", var collection, "snapshots", _]) => $"data of {collection}",
        _ => """{"result":true,"status":"ok","time":0.1}""",
    };

    private static int FreePort()
    {
        using var socket = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}
