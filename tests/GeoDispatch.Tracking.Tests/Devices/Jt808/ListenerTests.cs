using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Devices;
using GeoDispatch.Tracking.Devices.Jt808;
using Microsoft.Extensions.Logging.Abstractions;

namespace GeoDispatch.Tracking.Tests.Devices.Jt808;

/// <summary>What a stranger can cost, over real sockets. Nobody here gets far enough to need a database.</summary>
public sealed class ListenerTests : IAsyncLifetime
{
    private readonly Databases databases = new("Host=127.0.0.1;Port=1;Username=nobody;Database=none");
    private Jt808Desk? desk;
    private Jt808Listener? listener;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (listener is not null)
        {
            await listener.StopAsync(TestContext.Current.CancellationToken);
            await listener.DisposeAsync();
        }

        desk?.Dispose();
        await databases.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_that_sends_a_byte_now_and_then_is_closed_when_its_time_is_over()
    {
        IPEndPoint address = await ListenAsync(new Jt808Settings { Unauthenticated = TimeSpan.FromSeconds(1) });
        using var drip = new TcpClient();
        await drip.ConnectAsync(address, TestContext.Current.CancellationToken);
        byte[] message = Jt808Encoder.Frame("13800000001", 1, false, new Jt808Other(0x0900, new byte[900]));
        int sent = 0;
        Task<bool> closed = IsClosedAsync(drip);
        while (!closed.IsCompleted && sent < message.Length)
        {
            try
            {
                await drip.GetStream().WriteAsync(message.AsMemory(sent++, 1), TestContext.Current.CancellationToken);
            }
            catch (IOException)
            {
                break;
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.True(await closed);
        Assert.InRange(sent, 1, 800);
    }

    [Fact]
    public async Task A_stranger_that_keeps_talking_is_answered_by_a_refusal_and_closed_all_the_same()
    {
        IPEndPoint address = await ListenAsync(new Jt808Settings { Unauthenticated = TimeSpan.FromSeconds(1), Idle = TimeSpan.FromMinutes(10) });
        using var stranger = new TcpClient();
        await stranger.ConnectAsync(address, TestContext.Current.CancellationToken);
        await stranger.GetStream().WriteAsync(
            Jt808Encoder.Frame("13800000001", 1, false, new Jt808Bare(Jt808Bare.Heartbeat)), TestContext.Current.CancellationToken);
        byte[] answer = new byte[64];
        int length = await stranger.GetStream().ReadAsync(answer, TestContext.Current.CancellationToken);
        Assert.Equal(
            new Jt808Reply(false, 1, Jt808Bare.Heartbeat, Jt808Result.Failed),
            Jt808Decoder.Read(Assert.Single(Reading.Of(answer[..length]).Frames)));
        Assert.True(await IsClosedAsync(stranger));
    }

    [Fact]
    public async Task More_connections_than_there_is_room_for_are_closed_and_the_others_stay()
    {
        IPEndPoint address = await ListenAsync(new Jt808Settings { MostConnections = 3 });
        var clients = new List<TcpClient>();
        try
        {
            for (int client = 0; client < 5; client++)
            {
                clients.Add(new TcpClient());
                try
                {
                    await clients[^1].ConnectAsync(address, TestContext.Current.CancellationToken);
                }
                catch (SocketException) when (client >= 3)
                {
                    // Sent away before it had looked around.
                    continue;
                }

                Assert.True(client < 3 || await IsClosedAsync(clients[^1]));
            }

            Assert.Equal(3, listener!.Connections);
            clients[0].Close();
            var watch = Stopwatch.StartNew();
            while (listener.Connections > 2 && watch.Elapsed < TimeSpan.FromSeconds(20))
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }

            Assert.Equal(2, listener.Connections);
        }
        finally
        {
            clients.ForEach(static client => client.Dispose());
        }
    }

    private async Task<IPEndPoint> ListenAsync(Jt808Settings settings)
    {
        settings = settings with { Listen = new IPEndPoint(IPAddress.Loopback, 0) };
        var sessions = new Jt808Sessions();
        var commands = new TerminalCommands(databases, sessions, TimeProvider.System);
        // No pipeline: it is never reached.
        desk = new Jt808Desk(settings, new TerminalRegistry(databases, TimeProvider.System), sessions, commands, null!, NullLogger<Jt808Desk>.Instance);
        listener = new Jt808Listener(
            settings, new Jt808Connection(settings, desk, sessions, TimeProvider.System), NullLoggerFactory.Instance, NullLogger<Jt808Listener>.Instance);
        await listener.StartAsync(TestContext.Current.CancellationToken);
        return listener.Address!;
    }

    private static async Task<bool> IsClosedAsync(TcpClient client)
    {
        byte[] rest = new byte[256];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            while (await client.GetStream().ReadAsync(rest, limit.Token) > 0)
            {
            }

            return true;
        }
        catch (IOException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
