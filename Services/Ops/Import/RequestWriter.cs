using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace RecoAspire.Ops.Import;

/// <summary>Writes requests of the public API, within its limits: at most 1,000 entries and 1 MB each.</summary>
internal sealed class RequestWriter
{
    /// <summary>Entries per request.</summary>
    public const int MaxEntries = 1_000;

    // The API takes 1,048,576 bytes; the largest single item stays well below the rest.
    private const int MaxBytes = 900_000;
    private readonly ArrayBufferWriter<byte> _buffer = new(256 * 1024);

    /// <summary>Writes events from <paramref name="from"/> on; returns the body and where the next request begins.</summary>
    public (ReadOnlyMemory<byte> Body, int Next) Events(ImportedData data, int from)
    {
        _buffer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteStartArray("events");
        var next = from;
        while (next < data.Events.Count && next - from < MaxEntries && json.BytesCommitted + json.BytesPending < MaxBytes) WriteEvent(json, data, data.Events[next++]);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return (_buffer.WrittenMemory, next);
    }

    /// <summary>Writes items from <paramref name="from"/> on; returns the body and where the next request begins.</summary>
    public (ReadOnlyMemory<byte> Body, int Next) Items(ImportedData data, int from)
    {
        _buffer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_buffer);
        json.WriteStartObject();
        json.WriteStartArray("items");
        var next = from;
        while (next < data.Items.Count && next - from < MaxEntries && json.BytesCommitted + json.BytesPending < MaxBytes) WriteItem(json, data.Items[next++]);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return (_buffer.WrittenMemory, next);
    }

    private static void WriteEvent(Utf8JsonWriter json, ImportedData data, in ImportedEvent e)
    {
        var user = data.UserId(e.User);
        var item = data.ItemId(e.Item);
        var type = NameOf(e.Type);
        json.WriteStartObject();
        json.WriteString("eventId", EventId(data.EventPrefix, user, item, e));
        json.WriteString("userId", user);
        json.WriteString("itemId", item);
        json.WriteString("type", type);
        if (e.UnixSeconds != 0) json.WriteString("timestamp", DateTimeOffset.FromUnixTimeSeconds(e.UnixSeconds).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        if (e.Type == EventType.Rate) json.WriteNumber("rating", e.Rating);
        if (e.PositionSeconds > 0) json.WriteNumber("positionSeconds", e.PositionSeconds);
        if (e.DurationSeconds > 0) json.WriteNumber("durationSeconds", e.DurationSeconds);
        if (data.TerritoryOf(e.User) is { Length: > 0 } territory) json.WriteString("territory", territory);
        json.WriteEndObject();
    }

    // The same input gives the same ids, so that sending it twice adds nothing. A rating is named by viewer and item alone.
    private static string EventId(string prefix, string user, string item, in ImportedEvent e)
    {
        var itemPart = item[(item.IndexOf('-') + 1)..];
        return e.Type == EventType.Rate && e.Occurrence == 0 ? $"{prefix}{user}-{itemPart}" : $"{prefix}{user}-{itemPart}-{NameOf(e.Type)}-{e.Occurrence}";
    }

    private static string NameOf(EventType type) => type switch
    {
        EventType.Rate => "rate",
        EventType.Play => "play",
        EventType.Progress => "progress",
        EventType.Complete => "complete",
        EventType.Skip => "skip",
        EventType.Like => "like",
        EventType.Dislike => "dislike",
        _ => "impression",
    };

    private static void WriteItem(Utf8JsonWriter json, ImportedItem item)
    {
        json.WriteStartObject();
        json.WriteString("id", item.Id);
        json.WriteString("kind", item.Kind);
        json.WriteString("title", item.Title);
        Text(json, "originalTitle", item.OriginalTitle);
        Text(json, "synopsis", item.Synopsis);
        List(json, "genres", item.Genres);
        List(json, "themes", item.Themes);
        if (item.Credits.Count > 0)
        {
            json.WriteStartArray("credits");
            foreach (var (name, role) in item.Credits)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteString("role", role);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        List(json, "audioLanguages", item.AudioLanguages);
        List(json, "subtitleLanguages", item.SubtitleLanguages);
        List(json, "countries", item.Countries);
        Number(json, "year", item.Year);
        Number(json, "durationSeconds", item.DurationSeconds);
        Number(json, "minimumAgeYears", item.MinimumAgeYears);
        Text(json, "seriesId", item.SeriesId);
        Text(json, "seriesTitle", item.SeriesTitle);
        Number(json, "season", item.Season);
        Number(json, "episode", item.Episode);
        Text(json, "channel", item.Channel);
        if (item.Territories.Count > 0)
        {
            json.WriteStartArray("rights");
            json.WriteStartObject();
            List(json, "territories", item.Territories);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0) json.WriteString(name, value);
    }

    private static void Number(Utf8JsonWriter json, string name, int value)
    {
        if (value != 0) json.WriteNumber(name, value);
    }

    private static void List(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0) return;
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
