using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using GeoDispatch.Cli.LoadTest;
using GeoDispatch.Tracking.Devices;
using GeoDispatch.Tracking.Devices.Jt808;
using Npgsql;

namespace GeoDispatch.Benchmarks.Faults;

/// <summary>Sockets that are opened at the terminals' port and say nothing that is worth keeping them open.</summary>
internal static class SilentTerminals
{
    private const int Sockets = 5_000;
    private const int SlowNumber = 300;

    /// <summary>5,000 with half a message each: the server must let go of all of them within a minute, and serve the others meanwhile.</summary>
    internal static async Task<string> HalfOpenAsync(FaultServer server)
    {
        byte[] half = Jt808Encoder.Frame("138", 0, is2019: false, new Jt808Bare(Jt808Bare.Heartbeat))[..8];
        var watch = Stopwatch.StartNew();
        var open = new List<Socket>();
        for (int number = 0; number < Sockets; number++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            open.Add(socket);
            await socket.ConnectAsync(server.Terminals);
            await socket.SendAsync(half);
        }

        double opened = watch.Elapsed.TotalSeconds;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await Task.WhenAll(open.Select(socket => UntilClosedAsync(socket, patience.Token)));
        return string.Create(
            CultureInfo.InvariantCulture, $"{Sockets} opened within {opened:0.0} s, all closed by the server {watch.Elapsed.TotalSeconds - opened:0.0} s later");
    }

    /// <summary>One that authenticates and then sends a byte a minute, and one that sends a byte a minute from its start.</summary>
    internal static async Task<string> ByteAMinuteAsync(FaultServer server)
    {
        var fleet = new SyntheticFleet("jt808", await File.ReadAllBytesAsync(Path.Combine(server.Home, "loadtest.secret")));
        var cluster = await Cli.Cluster.PrivateCluster.StartAsync(Cli.Cluster.PostgresTools.Find()!, server.Home, durable: true, default);
        await using (NpgsqlDataSource source = NpgsqlDataSource.Create(cluster.ConnectionString()))
        {
            await fleet.RegisterAsync(source, SlowNumber + 1, TimeProvider.System.GetUtcNow(), default);
        }

        Task<TimeSpan> unknown = SlowAsync(server, []);
        Task<TimeSpan> known = SlowAsync(
            server, Jt808Encoder.Frame(fleet.Phone(SlowNumber), 0, is2019: false, new Jt808Authenticate(fleet.Key(SlowNumber))));
        (double stranger, double guest) = ((await unknown).TotalSeconds, (await known).TotalSeconds);
        return string.Create(
            CultureInfo.InvariantCulture, $"a byte a minute: closed after {stranger:0} s where it did not say who it is, after {guest:0} s where it did");
    }

    private static async Task<TimeSpan> SlowAsync(FaultServer server, byte[] first)
    {
        var watch = Stopwatch.StartNew();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Terminals);
        await socket.SendAsync(first);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(11));
        Task closed = UntilClosedAsync(socket, patience.Token);
        while (!closed.IsCompleted)
        {
            try
            {
                await socket.SendAsync((byte[])[0x7E]);
            }
            catch (SocketException)
            {
                // It was closed in this moment.
            }

            await Task.WhenAny(closed, Task.Delay(TimeSpan.FromMinutes(1)));
        }

        await closed;
        return watch.Elapsed;
    }

    /// <exception cref="TimeoutException">It stayed open.</exception>
    private static async Task UntilClosedAsync(Socket socket, CancellationToken patience)
    {
        byte[] heard = new byte[256];
        try
        {
            while (await socket.ReceiveAsync(heard, patience) > 0)
            {
                // An answer; it goes on.
            }
        }
        catch (SocketException)
        {
            // Reset: closed, too.
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException("A silent terminal's connection stayed open.", late);
        }
        finally
        {
            socket.Dispose();
        }
    }
}
