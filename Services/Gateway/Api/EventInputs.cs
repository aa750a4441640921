using RecoAspire.Contracts.Interactions.V1;

namespace RecoAspire.Gateway.Api;

/// <summary>Checks events of viewers' apps and turns them into interactions.</summary>
internal static class EventInputs
{
    /// <summary>Clocks of devices run ahead; this much is forgiven.</summary>
    public static readonly TimeSpan MaxFuture = TimeSpan.FromMinutes(5);

    private const int MaxSeconds = 86_400;
    private static readonly DateTimeOffset Earliest = DateTimeOffset.UnixEpoch;

    private static readonly Dictionary<string, InteractionKind> Kinds = Enum.GetValues<InteractionKind>()
        .Where(k => k != InteractionKind.Unspecified).ToDictionary(k => k.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    private static readonly string KindNames = string.Join(", ", Kinds.Keys);

    /// <summary>The interaction of one event, or null with its errors noted under <paramref name="at"/>.</summary>
    public static Interaction? Read(EventModel? model, string at, DateTimeOffset now, Errors errors)
    {
        if (model is null)
        {
            errors.Add(at, "must be an object");
            return null;
        }

        if (!Inputs.IsId(model.EventId)) errors.Add($"{at}.eventId", "must have 1-128 printable characters without spaces");
        if (!Inputs.IsId(model.UserId)) errors.Add($"{at}.userId", "must have 1-128 printable characters without spaces");
        if (!Inputs.IsItemId(model.ItemId)) errors.Add($"{at}.itemId", "must have 1-128 characters of [A-Za-z0-9._:-]");
        if (model.Type is null || !Kinds.TryGetValue(model.Type, out var kind))
        {
            errors.Add($"{at}.type", $"must be one of {KindNames}");
            return null;
        }

        var occurred = Time(model.Timestamp, at, now, errors);
        var position = Seconds(model.PositionSeconds, $"{at}.positionSeconds", errors);
        var duration = Seconds(model.DurationSeconds, $"{at}.durationSeconds", errors);
        var rating = Rating(model, kind, at, errors);
        if (!string.IsNullOrEmpty(model.Territory) && !Inputs.IsTerritory(model.Territory))
            errors.Add($"{at}.territory", "must be an ISO 3166-1 alpha-2 code in capitals, such as FR");
        if (!string.IsNullOrEmpty(model.RequestId) && !Inputs.IsId(model.RequestId))
            errors.Add($"{at}.requestId", "must have 1-128 printable characters without spaces");
        if (errors.Any) return null;

        return new Interaction
        {
            ViewerId = model.UserId,
            ItemId = model.ItemId,
            Kind = kind,
            OccurredAtMs = occurred.ToUnixTimeMilliseconds(),
            PositionSeconds = position,
            DurationSeconds = duration,
            Rating = rating,
            Territory = model.Territory ?? "",
            RequestId = model.RequestId ?? "",
        };
    }

    private static DateTimeOffset Time(string? text, string at, DateTimeOffset now, Errors errors)
    {
        if (text is null) return now;
        if (!Inputs.TryTime(text, out var time) || time < Earliest) errors.Add($"{at}.timestamp", "must be an ISO 8601 time with an offset, such as 2026-03-01T20:15:00Z");
        else if (time > now + MaxFuture) errors.Add($"{at}.timestamp", "lies in the future");
        return time;
    }

    private static int Seconds(double? value, string field, Errors errors)
    {
        if (value is null) return 0;
        if (value is >= 0 and <= MaxSeconds) return (int)value.Value;
        errors.Add(field, $"must be from 0 to {MaxSeconds}");
        return 0;
    }

    private static float Rating(EventModel model, InteractionKind kind, string at, Errors errors)
    {
        if (kind != InteractionKind.Rate)
        {
            if (model.Rating is not null) errors.Add($"{at}.rating", "belongs to events of type rate only");
            return 0;
        }

        if (model.Rating is >= 0.5 and <= 5) return (float)model.Rating.Value;
        errors.Add($"{at}.rating", "must be from 0.5 to 5");
        return 0;
    }
}
