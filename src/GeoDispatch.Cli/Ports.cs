using System.Net;
using System.Net.Sockets;
using GeoDispatch.Tracking.Devices;

namespace GeoDispatch.Cli;

/// <summary>Says which port <c>up</c> could not have, why, and by which option another is chosen.</summary>
internal static class Ports
{
    /// <param name="failure">What the start of the server threw.</param>
    /// <param name="urls">As <c>--urls</c> takes them.</param>
    /// <param name="nmea">Where <c>--nmea</c> is to listen; null nowhere.</param>
    /// <param name="mqtt">The same of <c>--mqtt</c>; what is neither is of <c>--jt808</c>.</param>
    /// <returns>One line, Chinese and English; null where it is no port that failed.</returns>
    internal static string? Explain(Exception failure, string urls, IPEndPoint? nmea, IPEndPoint? mqtt)
    {
        if (failure is PortUnavailableException port)
        {
            // Of the terminals' ports NMEA alone is UDP, too: where the system chose that port, the wish does not say it.
            string option = port.Transport == "UDP" || port.Address.Equals(nmea) ? "--nmea" : port.Address.Equals(mqtt) ? "--mqtt" : "--jt808";
            return Line($"{port.Address} ({port.Transport})", option, ((SocketException)port.InnerException!).SocketErrorCode);
        }

        // Kestrel names the address in its message alone, and where it serves several they are told apart by that.
        Exception? reason = failure;
        while (reason is not null and not SocketException)
        {
            reason = reason.InnerException;
        }

        string[] served = urls.Split(';');
        return reason is SocketException socket
            ? Line(served.FirstOrDefault(url => failure.Message.Contains(url.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)) ?? urls, "--urls", socket.SocketErrorCode)
            : null;
    }

    private static string Line(string address, string option, SocketError reason) => reason switch
    {
        SocketError.AddressAlreadyInUse =>
            $"{address} 已被其他程序占用,请用 {option} 另选端口 / is taken by another program: choose another port with {option}",
        SocketError.AccessDenied =>
            $"{address} 无权监听,请用 {option} 选 1024 以上的端口 / may not be listened on: choose a port above 1024 with {option}",
        SocketError.AddressNotAvailable =>
            $"{address} 不是本机地址,请用 {option} 另选 / is no address of this machine: choose another with {option}",
        _ => $"{address} 无法监听({reason}),请用 {option} 另选 / cannot be listened on ({reason}): choose another with {option}",
    };
}
