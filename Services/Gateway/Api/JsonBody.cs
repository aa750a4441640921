using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace RecoAspire.Gateway.Api;

/// <summary>Reads a JSON body within 1 MB and names the field of whatever is wrong with it.</summary>
internal static class JsonBody
{
    /// <summary>Largest body, in bytes.</summary>
    public const int MaxBytes = 1_048_576;

    public static async Task<(T? Value, IResult? Error)> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type)
        where T : class
    {
        if (request.ContentLength > MaxBytes) return (null, TooLarge());

        var buffer = ArrayPool<byte>.Shared.Rent((int)(request.ContentLength ?? 16 * 1024) + 1);
        try
        {
            var length = 0;
            while (true)
            {
                var read = await request.Body.ReadAsync(buffer.AsMemory(length), request.HttpContext.RequestAborted);
                if (read == 0) break;
                length += read;
                if (length > MaxBytes) return (null, TooLarge());
                if (length == buffer.Length) buffer = Grow(buffer, length);
            }

            var value = JsonSerializer.Deserialize(buffer.AsSpan(0, length), type);
            return value is null ? (null, Errors.One("body", "must be a JSON object")) : (value, null);
        }
        catch (JsonException e)
        {
            return (null, Errors.One(FieldOf(e.Path), Describe(e)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static IResult TooLarge() => Errors.One("body", $"is larger than {MaxBytes} bytes");

    // "$.events[3].timestamp" -> "events[3].timestamp"
    private static string FieldOf(string? path) => path is null or "$" ? "body" : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;

    // The library's message names .NET types; callers need none of that.
    private static string Describe(JsonException e) => e.Message.Contains("could not be converted", StringComparison.Ordinal)
        ? $"has the wrong type (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})"
        : $"is not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}";
}
