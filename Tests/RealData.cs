namespace RecoAspire.Tests;

/// <summary>
/// Real data sets for tests. They lie beside the project (<c>../shared/data</c>) or where <c>RECO_TEST_DATA</c> says, and are
/// never part of it: a test that needs them is skipped, with this message, where they are absent.
/// </summary>
internal static class RealData
{
    private static readonly string? Root = FindRoot();

    /// <summary>Full path of a data set ("movielens/ml-1m"). Skips the test where there is no data; fails where only this set is missing.</summary>
    public static string Require(string dataSet)
    {
        if (Root is null)
            Assert.Skip($"needs the data set '{dataSet}': put it beside the project in ../shared/data or set RECO_TEST_DATA");
        var path = Path.Combine(Root, dataSet);
        Assert.True(Path.Exists(path), $"'{Root}' has no '{dataSet}'");
        return path;
    }

    /// <summary>The folder that holds RecoAspire.sln.</summary>
    public static string ProjectRoot { get; } = FindProjectRoot();

    private static string? FindRoot()
    {
        var configured = Environment.GetEnvironmentVariable("RECO_TEST_DATA");
        if (!string.IsNullOrEmpty(configured)) return configured;
        var beside = Path.GetFullPath(Path.Combine(FindProjectRoot(), "..", "shared", "data"));
        return Directory.Exists(beside) ? beside : null;
    }

    private static string FindProjectRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "RecoAspire.sln"))) return folder;
        throw new InvalidOperationException("RecoAspire.sln is in no folder above the tests");
    }
}
