using System.Text.Json;
using RecoAspire.Ops.Suite;

namespace RecoAspire.Ops.Evaluation;

/// <summary>Ranks through <c>POST /api/rank</c> of a running suite, and counts answers that had to do without something.</summary>
internal sealed class ApiRanker(GatewayClient gateway, string strategy) : IRanker
{
    private int _degraded;
    private int _otherStrategy;

    /// <summary>Answers given without one of the services.</summary>
    public int Degraded => _degraded;

    /// <summary>Answers that came about in another way than asked.</summary>
    public int OtherStrategy => _otherStrategy;

    public async Task<IReadOnlyList<string>> RankAsync(string userId, IReadOnlyList<string> itemIds, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("userId", userId);
            json.WriteString("strategy", strategy);
            json.WriteStartArray("itemIds");
            foreach (var id in itemIds) json.WriteStringValue(id);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        var answer = await gateway.SendAsync(HttpMethod.Post, "/api/rank", body.ToArray(), cancellationToken);
        if (answer.GetProperty("degraded").GetArrayLength() > 0) Interlocked.Increment(ref _degraded);
        if (answer.GetProperty("strategy").GetString() != strategy) Interlocked.Increment(ref _otherStrategy);
        List<string> order = [.. answer.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("itemId").GetString()!)];
        if (order.Count != itemIds.Count || !order.ToHashSet().SetEquals(itemIds)) throw new OpsException($"the ranking for {userId} holds {order.Count} titles, not the {itemIds.Count} that were asked for");
        return order;
    }
}
