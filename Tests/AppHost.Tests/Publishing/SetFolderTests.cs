using RecoAspire.Publishing;

namespace RecoAspire.AppHost.Tests.Publishing;

public sealed class SetFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("set-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_holds_what_is_written_and_a_second_time_nothing_changes()
    {
        PublishedFile[] files = [new("a.md", "é\n"), new("k8s/base/x.yaml", "x\n"), new("k8s/y.yaml", "y\n")];
        Assert.Equal(3, Set.Write(files).Count);
        Assert.Equal(["a.md", "k8s/base/x.yaml", "k8s/y.yaml"], Files);
        Assert.Equal([0xc3, 0xa9, 0x0a], File.ReadAllBytes(Path.Combine(_folder, "a.md")));
        Assert.Empty(Set.Compare(files));
        Assert.Empty(Set.Write(files));
    }

    [Fact]
    public void What_is_not_written_any_more_goes_and_what_others_put_beside_the_set_stays()
    {
        Set.Write([new("k8s/base/old/x.yaml", "x\n"), new("k8s/y.yaml", "y\n"), new("dns/z.json", "z\n")]);
        Put("README.md", "mine\n");
        Put("notes/own.txt", "mine\n");
        var changes = Set.Write([new("k8s/y.yaml", "y2\n")]);
        Assert.Equal([("dns/z.json", "z\n", null), ("k8s/base/old/x.yaml", "x\n", null), ("k8s/y.yaml", "y\n", "y2\n")], changes.Select(c => (c.Path, c.Before, c.After)));
        Assert.Equal(["README.md", "k8s/y.yaml", "notes/own.txt"], Files);
        Assert.False(Directory.Exists(Path.Combine(_folder, "k8s", "base")));
    }

    [Fact]
    public void A_file_may_become_a_folder_and_a_folder_a_file()
    {
        Set.Write([new("k8s/a", "a\n"), new("k8s/b/c", "c\n")]);
        Set.Write([new("k8s/a/d", "d\n"), new("k8s/b", "b\n")]);
        Assert.Equal(["k8s/a/d", "k8s/b"], Files);
    }

    [Fact]
    public void What_an_interrupted_publish_left_behind_is_mended()
    {
        PublishedFile[] files = [new("a.md", "a\n"), new("k8s/x.yaml", "x\n"), new("k8s/y.yaml", "y\n")];
        // Killed in the middle: one file done, two half written beside their places, an old one not yet gone.
        Put("a.md.publishing", "hal");
        Put("k8s/x.yaml", "x\n");
        Put("k8s/y.yaml.publishing", "");
        Put("k8s/old.yaml", "old\n");
        Set.Write(files);
        Assert.Equal(["a.md", "k8s/x.yaml", "k8s/y.yaml"], Files);
    }

    [Fact]
    public void A_file_that_cannot_be_written_leaves_no_half_of_it()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "a.md"));
        Assert.ThrowsAny<Exception>(() => Set.Write([new("a.md", "a\n")]));
        Assert.Empty(Files);
    }

    [Fact]
    public void A_byte_order_mark_is_a_difference()
    {
        File.WriteAllBytes(Path.Combine(_folder, "a.md"), [0xef, 0xbb, 0xbf, (byte)'a', (byte)'\n']);
        Assert.Equal("a.md", Assert.Single(Set.Compare([new("a.md", "a\n")])).Path);
    }

    [Fact]
    public async Task Two_at_once_do_not_mix()
    {
        PublishedFile[][] sets = [.. "ab".Select(c => Enumerable.Range(0, 50).Select(n => new PublishedFile($"k8s/{n:00}.yaml", $"{c}\n")).Append(new($"k8s/only-{c}.yaml", "x\n")).ToArray())];
        for (var round = 0; round < 20; round++)
        {
            using var start = new Barrier(2);
            var outcomes = await Task.WhenAll(sets.Select(files => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    try
                    {
                        Set.Write(files);
                        return null;
                    }
                    catch (IOException e)
                    {
                        return e.Message;
                    }
                },
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));
            Assert.Contains(null, outcomes);
            Assert.All(outcomes.OfType<string>(), m => Assert.Equal($"Another publish writes to '{_folder}': try again when it is done.", m));
            Assert.Single(sets, files => Set.Compare(files).Count == 0);
        }
    }

    private SetFolder Set => new(_folder);

    private IEnumerable<string> Files =>
        Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal);

    private void Put(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, path))!);
        File.WriteAllText(Path.Combine(_folder, path), text);
    }
}
