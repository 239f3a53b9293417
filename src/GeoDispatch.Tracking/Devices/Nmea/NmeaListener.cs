using System.Buffers;
using System.Net;
using System.Net.Sockets;
using GeoDispatch.Tracking.Fixes;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace GeoDispatch.Tracking.Devices.Nmea;

/// <summary>
/// The port of terminals that send NMEA 0183. A datagram stands for itself: it names its terminal with the key, its last line needs no end, and
/// it is answered one <c>OK1</c> when all of it is stored.
/// </summary>
internal sealed partial class NmeaListener(
    NmeaSettings settings, TerminalRoom room, NmeaConnection handler, ILoggerFactory logging, ILogger<NmeaListener> log)
    : TerminalListener(settings, room, logging, log)
{
    /// <summary>Longer than any network carries in one piece.</summary>
    private const int MostDatagramBytes = 4_096;

    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim room = new(settings.MostDatagrams);
    private Socket? datagrams;
    private Task receiving = Task.CompletedTask;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        if (Address is { } address)
        {
            datagrams = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };
            try
            {
                datagrams.Bind(address);
            }
            catch (SocketException failure)
            {
                throw new PortUnavailableException(address, "UDP", failure);
            }

            receiving = ReceiveAsync(datagrams);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await receiving;
        await base.StopAsync(cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        datagrams?.Dispose();
        room.Dispose();
        stopping.Dispose();
    }

    private protected override Task ServeAsync(ConnectionContext connection, CancellationToken stopping) => handler.ServeAsync(connection, stopping);

    private async Task ReceiveAsync(Socket socket)
    {
        byte[] buffer = new byte[65_536];
        EndPoint any = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult received = await socket.ReceiveFromAsync(buffer, any, stopping.Token);
                if (received.ReceivedBytes <= MostDatagramBytes && room.Wait(0))
                {
                    _ = AnswerAsync(socket, buffer[..received.ReceivedBytes], received.RemoteEndPoint);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // An answer of ours reached nobody: the system tells so here, and the next datagram is none the worse.
            }
        }
    }

    private async Task AnswerAsync(Socket socket, byte[] datagram, EndPoint remote)
    {
        try
        {
            await Task.Yield();
            var buffer = new ReadOnlySequence<byte>([.. datagram, (byte)'\n']);
            int faults = 0;
            var stream = new NmeaStream();
            (List<(NmeaName? Name, AvlFix Fix)> said, _) = NmeaConnection.Take(stream, ref buffer, ref faults);
            bool isStored = said.Count > 0;
            foreach ((NmeaName? name, AvlFix[] fixes) in NmeaConnection.ByName(said, stream.Name))
            {
                isStored &= name is not null && await handler.StoreAsync(name, fixes, remote.ToString()!, stopping.Token) == fixes.Length;
            }

            if (isStored)
            {
                await socket.SendToAsync(NmeaConnection.Acknowledgement, remote, stopping.Token);
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Nobody there to be told, or we go: the terminal sends again what was not answered.
        }
        catch (Exception failure)
        {
            LogFailure(log, remote, failure);
        }
        finally
        {
            room.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A datagram of a terminal at {Remote} failed.")]
    private static partial void LogFailure(ILogger logger, EndPoint remote, Exception failure);
}
