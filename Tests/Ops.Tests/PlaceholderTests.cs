namespace RecoAspire.Ops.Tests;

public sealed class PlaceholderTests
{
    [Fact]
    public void The_project_is_found() => Assert.True(Directory.Exists(RecoAspire.Tests.RealData.ProjectRoot));
}
