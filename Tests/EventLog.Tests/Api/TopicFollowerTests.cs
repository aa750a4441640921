using System.Threading.Channels;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using RecoAspire.Contracts.EventLog.V1;
using RecoAspire.EventLog.Api;
using RecoAspire.EventLog.Log;
using RecoAspire.EventLog.Stores;
using RecoAspire.ServiceDefaults.Sqlite;

namespace RecoAspire.EventLog.Tests.Api;

/// <summary>Heartbeats and closing, on an injected clock.</summary>
public sealed class TopicFollowerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TestLog _log = new();
    private readonly SqliteReaderPool<LogReader> _readers;
    private readonly Lifetime _lifetime = new();
    private readonly Sink _sink = new();
    private readonly CancellationTokenSource _reader = new();

    public TopicFollowerTests() => _readers = new SqliteReaderPool<LogReader>(() => new LogReader(_log.File.Path), 2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_idle_topic_sends_a_heartbeat_within_five_seconds_though_another_is_busy()
    {
        await _log.AppendAsync("idle", "a");
        var following = FollowAsync("idle", from: 1);
        Assert.Empty((await _sink.NextAsync()).Records);
        for (var beat = 0; beat < 3; beat++)
        {
            // The other topic wakes the follower each second; that is no reason to send nothing.
            for (var second = 0; second < 3; second++)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                await _log.AppendAsync("busy", $"{beat}-{second}");
            }

            var next = _sink.NextAsync();
            Assert.False(next.IsCompleted);
            _time.Advance(LogLimits.Heartbeat - TimeSpan.FromSeconds(3));
            var heartbeat = await next;
            Assert.Empty(heartbeat.Records);
            Assert.Equal(1, heartbeat.EndOffset);
        }

        await StopAsync(following);
    }

    [Fact]
    public async Task A_record_wakes_the_follower_without_the_clock()
    {
        var following = FollowAsync("woken", from: 0);
        Assert.Empty((await _sink.NextAsync()).Records);
        await _log.AppendAsync("woken", "a");
        Assert.Equal("a", Assert.Single((await _sink.NextAsync()).Records).Record.EventId);
        await StopAsync(following);
    }

    [Fact]
    public async Task A_closing_log_ends_its_streams()
    {
        var following = FollowAsync("closing", from: 0);
        await _sink.NextAsync();
        _lifetime.Stopping.Cancel();
        var error = await Assert.ThrowsAsync<RpcException>(() => following);
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    [Fact]
    public async Task A_damaged_record_ends_the_stream_as_data_loss()
    {
        await _log.AppendAsync("t", "a", "b");
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_log.File.Path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE records_1 SET checksum = checksum + 1 WHERE record_offset = 1";
            command.ExecuteNonQuery();
        }

        var error = await Assert.ThrowsAsync<RpcException>(() => FollowAsync("t", from: 0));
        Assert.Equal((StatusCode.DataLoss, "the log is damaged: record 1 of topic 't' is missing or altered"), (error.StatusCode, error.Status.Detail));
    }

    public void Dispose()
    {
        _reader.Dispose();
        _readers.Dispose();
        _log.Dispose();
    }

    private Task FollowAsync(string topic, long from) => new TopicFollower(_log.File, _readers, _log.Signal, _time, _lifetime)
        .SendAsync(new TailRequest { Topic = topic, FromOffset = from, Follow = true }, _sink, _reader.Token);

    private async Task StopAsync(Task following)
    {
        await _reader.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
    }

    private sealed class Sink : IServerStreamWriter<TailBatch>
    {
        private readonly Channel<TailBatch> _batches = Channel.CreateUnbounded<TailBatch>();

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(TailBatch message) => _batches.Writer.WriteAsync(message).AsTask();

        public Task WriteAsync(TailBatch message, CancellationToken cancellationToken) => WriteAsync(message);

        public Task<TailBatch> NextAsync() => _batches.Reader.ReadAsync(Cancellation).AsTask();
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationTokenSource Stopping { get; } = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => Stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => Stopping.Cancel();
    }
}
