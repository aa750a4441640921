using System.Net;
using System.Net.Sockets;

namespace RecoAspire.Hosting.Running;

/// <summary>
/// One public port in front of several processes: each connection goes to the next healthy one, or to the next at all where none is
/// healthy. It is a pipe: what travels through it (HTTP/1.1, HTTP/2, anything else over TCP) stays as it is.
/// </summary>
internal sealed class TcpProxy : IDisposable
{
    private const int MaxConnections = 4_096;
    private readonly TcpListener _listener;
    private readonly Func<IReadOnlyList<int>> _targets;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _free = new(MaxConnections);
    private int _next = -1;

    /// <param name="port">The public port, on loopback.</param>
    /// <param name="targets">Ports of the processes that may be asked now.</param>
    public TcpProxy(int port, Func<IReadOnlyList<int>> targets)
    {
        _targets = targets;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _ = AcceptAsync();
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                // Taken after the accept: an accept that fails must not use up a place.
                await _free.WaitAsync(_stopping.Token);
                _ = ForwardAsync(client);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                if (_stopping.IsCancellationRequested) return;
            }
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        try
        {
            using var one = client;
            using var other = await ConnectAsync();
            if (other is null) return;
            one.NoDelay = other.NoDelay = true;
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            await Task.WhenAll(PipeAsync(one, other, ended), PipeAsync(other, one, ended));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // One side hung up: so does the other.
        }
        finally
        {
            _free.Release();
        }
    }

    private async Task<TcpClient?> ConnectAsync()
    {
        var targets = _targets();
        for (var attempt = 0; attempt < targets.Count; attempt++)
        {
            var target = targets[(int)((uint)Interlocked.Increment(ref _next) % (uint)targets.Count)];
            var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, target, _stopping.Token);
                return client;
            }
            catch (SocketException)
            {
                client.Dispose();
            }
        }

        return null;
    }

    private static async Task PipeAsync(TcpClient from, TcpClient to, CancellationTokenSource ended)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream(), ended.Token);
            // The end of one direction is handed on; the other may still have something to say.
            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            await ended.CancelAsync();
            throw;
        }
    }
}
