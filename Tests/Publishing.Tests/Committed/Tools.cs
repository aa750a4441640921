namespace RecoAspire.Publishing.Tests.Committed;

/// <summary>Programs that tests run and that a machine may lack.</summary>
internal static class Tools
{
    public const string WhyNoKustomize = "needs kubectl or kustomize (.ci/tools fetches kubectl)";

    public static bool Kustomize { get; } = Has("kubectl") || Has("kustomize");

    private static bool Has(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Append(Path.Combine(RecoAspire.Tests.RealData.ProjectRoot, ".cache", "tools", "bin")).Any(folder => File.Exists(Path.Combine(folder, program)));
}
