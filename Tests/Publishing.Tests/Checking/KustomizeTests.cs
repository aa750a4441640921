using RecoAspire.Publishing.Checking;

namespace RecoAspire.Publishing.Tests.Checking;

/// <summary>Programs that are missing, slow, failing or wrong, in place of kustomize.</summary>
public sealed class KustomizeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("reco-kustomize-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Where_neither_program_is_there_the_error_names_both()
    {
        var error = Assert.Throws<KustomizeException>(() => Kustomize.Find([folder, ""], TimeSpan.FromSeconds(1)));
        Assert.Equal("neither kubectl nor kustomize was found (PATH): overlays cannot be rendered", error.Message);
    }

    [Theory]
    [InlineData("kubectl", "kustomize")]
    [InlineData("kustomize", "build")]
    public void Either_program_renders_with_its_own_command(string name, string verb)
    {
        Write(name, """printf 'kind: A\nverb: %s\n---\nkind: B\n' "$1" """);
        var documents = Kustomize.Find([folder], TimeSpan.FromSeconds(30)).Render("here");
        Assert.Equal(["A", "B"], documents.Select(document => document["kind"].Text));
        Assert.Equal(verb, documents[0]["verb"].Text);
    }

    [Fact]
    public void A_program_that_does_not_end_is_ended()
    {
        Write("kubectl", "exec sleep 600");
        var error = Assert.Throws<KustomizeException>(() => Kustomize.Find([folder], TimeSpan.FromMilliseconds(300)).Render("here"));
        Assert.Equal("kubectl did not end within 0.3 s", error.Message);
    }

    [Fact]
    public void What_a_failing_program_says_is_the_error()
    {
        Write("kubectl", "echo 'no such overlay' >&2; exit 1");
        Assert.Equal("no such overlay", Assert.Throws<KustomizeException>(() => Kustomize.Find([folder], TimeSpan.FromSeconds(30)).Render("here")).Message);
    }

    [Fact]
    public void Output_that_is_not_YAML_is_an_error()
    {
        Write("kubectl", "echo 'a: &x 1'");
        Assert.Equal("line 1 of the rendered overlay: an anchor: write the value out", Assert.Throws<KustomizeException>(() => Kustomize.Find([folder], TimeSpan.FromSeconds(30)).Render("here")).Message);
    }

    private void Write(string name, string script)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("scripts of a POSIX shell stand in for the program");
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
