using RecoAspire.Ops.Suite;

namespace RecoAspire.Ops.Evaluation;

/// <summary>Makes sure that what is to be guessed has not been told: a suite with all of MovieLens 1M knows the answers.</summary>
internal static class HeldOutTitles
{
    private const int Viewers = 200;

    /// <summary>Looks at the histories of up to 200 viewers, evenly spread: how many hold the title held out for them, of how many looked at.</summary>
    public static async Task<(int Seen, int Asked)> CountInHistoriesAsync(GatewayClient gateway, IReadOnlyList<LeaveOneOutCase> cases, CancellationToken cancellationToken)
    {
        var asked = Math.Min(Viewers, cases.Count);
        var seen = 0;
        for (var i = 0; i < asked; i++)
        {
            var one = cases[(int)((long)i * cases.Count / asked)];
            var profile = await gateway.GetAsync($"/api/users/{Uri.EscapeDataString(one.UserId)}/profile", cancellationToken);
            if (profile.GetProperty("history").EnumerateArray().Any(h => h.GetProperty("itemId").GetString() == one.ItemId)) seen++;
        }

        return (seen, asked);
    }
}
