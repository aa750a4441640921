using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace RecoAspire.Ops.Suite;

/// <summary>
/// The public API as an operator's tool uses it. Writes are repeated while the platform is away (refused connections, 429, 503)
/// for up to two minutes, with the same content: the API is idempotent.
/// </summary>
public sealed class GatewayClient(HttpClient http, TimeProvider time) : IDisposable
{
    /// <summary>How long a platform that is away is waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public static GatewayClient To(Uri gateway) => new(
        new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 32 }) { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(60) }, TimeProvider.System);

    /// <summary>Sends a body and returns the answer's JSON.</summary>
    /// <exception cref="OpsException">The API refused it, or was away for too long.</exception>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            string reason;
            var asked = TimeSpan.Zero;
            try
            {
                using var request = new HttpRequestMessage(method, path);
                request.Content = new ReadOnlyMemoryContent(body);
                request.Content.Headers.ContentType = Json;
                using var response = await http.SendAsync(request, cancellationToken);
                if (response.IsSuccessStatusCode) return await ReadAsync(response, cancellationToken);
                if (response.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests))
                    throw new OpsException($"{method} {path}: {(int)response.StatusCode} {Shorten(await response.Content.ReadAsStringAsync(cancellationToken))}");
                reason = $"it answers {(int)response.StatusCode}";
                asked = response.Headers.RetryAfter?.Delta ?? TimeSpan.Zero;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                reason = e.Message;
            }

            if (time.GetElapsedTime(started) > Patience) throw new OpsException($"the gateway at {http.BaseAddress} did not take it within {Patience.TotalSeconds:0} s: {reason}");
            // Twice as long each time, at least what the platform asks for, and spread so that several tools do not come back together.
            var pause = TimeSpan.FromMilliseconds(100 << Math.Min(attempt, 6));
            if (asked > pause) pause = asked;
            if (pause > LongestPause) pause = LongestPause;
            await Task.Delay(pause * (0.75 + (Random.Shared.NextDouble() / 2)), time, cancellationToken);
        }
    }

    /// <exception cref="OpsException">It cannot be reached, or says no.</exception>
    public async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(path, cancellationToken);
            if (response.IsSuccessStatusCode) return await ReadAsync(response, cancellationToken);
            throw new OpsException($"GET {path}: {(int)response.StatusCode} {Shorten(await response.Content.ReadAsStringAsync(cancellationToken))}");
        }
        catch (HttpRequestException e)
        {
            throw new OpsException($"the gateway at {http.BaseAddress} cannot be reached: {e.Message}", e);
        }
    }

    public void Dispose() => http.Dispose();

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var document = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
        return document.RootElement.Clone();
    }

    private static string Shorten(string text) => text.Length > 400 ? text[..400] + "…" : text;
}
