using System.Globalization;
using RecoAspire.AppHost.Tests.Topology;
using RecoAspire.Publishing;
using RecoAspire.Tests;
using RecoAspire.Topology;

namespace RecoAspire.AppHost.Tests.Publishing;

public sealed class DeterminismTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("published-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_set_is_the_same_byte_for_byte_in_every_culture_and_folder()
    {
        // Turkish has another capital i, French another decimal point: both show in what is careless.
        var turkish = Publish("tr-TR", "first");
        var french = Publish("fr-FR", "second");
        Assert.NotEmpty(turkish);
        Assert.Equal(turkish.Keys, french.Keys);
        foreach (var (path, bytes) in turkish) Assert.True(bytes.AsSpan().SequenceEqual(french[path]), $"{path} differs");
    }

    [Fact]
    public void The_set_ends_its_lines_in_one_way_and_names_no_folder_of_a_machine()
    {
        foreach (var (path, bytes) in Publish("fr-FR", "set"))
        {
            var text = System.Text.Encoding.UTF8.GetString(bytes);
            Assert.False(text.Contains('\r'), $"{path} has a carriage return");
            Assert.True(text.EndsWith('\n'), $"{path} ends without a line end");
            Assert.False(text.Contains(_folder, StringComparison.Ordinal) || text.Contains(RealData.ProjectRoot, StringComparison.Ordinal), $"{path} names a folder of this machine");
        }
    }

    private SortedDictionary<string, byte[]> Publish(string culture, string folder)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
            Assert.Equal("1,5", 1.5.ToString(CultureInfo.CurrentCulture));
            var manifest = File.ReadAllText(Path.Combine(RealData.ProjectRoot, "aspire-manifest", "aspire-manifest.json"));
            var root = Path.Combine(_folder, folder);
            new SetFolder(root).Write([new("aspire-manifest.json", manifest), .. Publisher.Write(TopologyFile.Read(TopologyText.Path), AppModel.Parse(manifest))]);
            var files = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).ToDictionary(f => Path.GetRelativePath(root, f), File.ReadAllBytes);
            return new SortedDictionary<string, byte[]>(files, StringComparer.Ordinal);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        }
    }
}
