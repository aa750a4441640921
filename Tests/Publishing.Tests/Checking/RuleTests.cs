namespace RecoAspire.Publishing.Tests.Checking;

/// <summary>One thing is broken in a set that is right: exactly that is found.</summary>
public sealed class RuleTests
{
    [Fact]
    public void The_good_set_has_no_findings() => Assert.Empty(RegionSet.FindingsOf(RegionSet.Text));
}
