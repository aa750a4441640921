using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RecoAspire.Integration;

/// <summary>Every store is a view of the log: without the log nothing is there, and with it everything comes back.</summary>
[Collection("suite")]
public sealed class ReplayTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Replaying_the_log_into_empty_stores_gives_the_same_recommendations_as_before()
    {
        await using var suite = await Suite.StartAsync(demo: true);
        await suite.EventuallyAsync(
            () => suite.GetAsync("/api/status"),
            s => s.GetProperty("models").EnumerateArray().Any(m => m.GetProperty("space").GetString() == "collaborative"),
            TimeSpan.FromSeconds(120), "demo imported and model trained");
        await suite.OpsAsync("wait");
        var before = await DigestAsync(suite);

        await suite.RestartAsync(() => EmptyEveryStoreButTheLog(suite.DataRoot));
        await suite.OpsAsync("wait");
        var after = await DigestAsync(suite);

        output.WriteLine($"digest of 50 viewers' recommendations before {before} and after {after}");
        Assert.Equal(before, after);
    }

    private static void EmptyEveryStoreButTheLog(string dataRoot)
    {
        var stores = Directory.GetDirectories(dataRoot).Where(d => Path.GetFileName(d) != "eventlog").ToList();
        Assert.NotEmpty(stores);
        foreach (var store in stores) Directory.Delete(store, recursive: true);
    }

    private static async Task<string> DigestAsync(Suite suite)
    {
        var text = new StringBuilder();
        for (var viewer = 1; viewer <= 50; viewer++)
        {
            // Trends fade by the minute; what comes from the stores must not change.
            // Only whole answers are compared: on a busy machine a call may miss its deadline, which the answer then says.
            var answer = await suite.EventuallyAsync(
                () => suite.GetAsync($"/api/recommendations?userId=demo-{viewer:0000}&limit=20"),
                a => a.GetProperty("degraded").GetArrayLength() == 0, TimeSpan.FromSeconds(20), $"a whole answer for viewer {viewer}");
            text.Append(CultureInfo.InvariantCulture, $"{viewer}:");
            foreach (var item in answer.GetProperty("items").EnumerateArray()) text.Append(item.GetProperty("itemId").GetString()).Append(' ');
            text.Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
