using System.Net;
using System.Net.Sockets;

namespace RecoAspire.Hosting.Running;

/// <summary>Which ports of this machine are free, at this moment.</summary>
internal static class TcpPort
{
    public static int AnyFree(IPAddress address)
    {
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static bool IsFree(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
