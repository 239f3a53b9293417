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
    public async Task A_connection_that_says_nothing_at_all_is_closed_when_its_time_is_over()
    {
        IPEndPoint address = await ListenAsync(new Jt808Settings { Silent = TimeSpan.FromSeconds(1), Unauthenticated = TimeSpan.FromMinutes(10) });
        using TcpClient silent = await ConnectAsync(address), speaks = await ConnectAsync(address, speaks: true);
        Assert.True(await IsClosedAsync(silent));
        await CountsAsync(1);
    }

    [Theory]
    [InlineData(3, int.MaxValue)]
    [InlineData(1_000, 3)]
    public async Task When_there_is_no_more_room_the_longest_silent_gives_way_and_whoever_has_spoken_stays(int most, int mostOfAddress)
    {
        IPEndPoint address = await ListenAsync(new Jt808Settings { MostConnections = most, MostOfAddress = mostOfAddress, Silent = TimeSpan.FromMinutes(10), Unauthenticated = TimeSpan.FromMinutes(10) });
        using TcpClient speaks = await ConnectAsync(address, speaks: true), silent = await ConnectAsync(address);
        await CountsAsync(2);
        using TcpClient later = await ConnectAsync(address);
        await CountsAsync(3);
        using TcpClient next = await ConnectAsync(address, speaks: true);
        Assert.True(await IsClosedAsync(silent));
        using TcpClient last = await ConnectAsync(address, speaks: true);
        Assert.True(await IsClosedAsync(later));
        await CountsAsync(3);

        // Now all have spoken: the next is sent away, and they stay.
        await IsSentAwayAsync(address);
        await CountsAsync(3);
        speaks.Close();
        await CountsAsync(2);
    }

    [Theory]
    [InlineData(null, int.MaxValue)]
    [InlineData(1_048_576L, 1_044_576)]
    [InlineData(20_000L, 16_000)]
    [InlineData(1_024L, 768)]
    [InlineData(1L, 1)]
    public void Ports_take_no_more_than_the_process_may_open_and_leave_some_for_all_else(long? files, int most) =>
        Assert.Equal(most, new TerminalRoom(files).Most);

    [Fact]
    public async Task What_other_ports_hold_is_not_there_for_this_one_until_they_let_go()
    {
        var room = new TerminalRoom(4);
        IPEndPoint address = await ListenAsync(new Jt808Settings(), room);
        Assert.True(room.Enter());
        using TcpClient one = await ConnectAsync(address, speaks: true), two = await ConnectAsync(address, speaks: true);
        await IsSentAwayAsync(address);
        await CountsAsync(2);
        room.Leave();
        using TcpClient three = await ConnectAsync(address, speaks: true);
        await CountsAsync(3);
    }

    [Fact]
    public void The_system_tells_how_many_files_the_process_may_open() => Assert.InRange(TerminalRoom.MayOpen() ?? 0, 64, long.MaxValue);

    private static async Task<TcpClient> ConnectAsync(IPEndPoint address, bool speaks = false)
    {
        var client = new TcpClient();
        await client.ConnectAsync(address, TestContext.Current.CancellationToken);
        if (speaks)
        {
            await client.GetStream().WriteAsync(
                Jt808Encoder.Frame("13800000001", 1, false, new Jt808Bare(Jt808Bare.Heartbeat)), TestContext.Current.CancellationToken);
            // A refusal: it was heard.
            Assert.True(await client.GetStream().ReadAsync(new byte[64], TestContext.Current.CancellationToken) > 0);
        }

        return client;
    }

    private static async Task IsSentAwayAsync(IPEndPoint address)
    {
        using var refused = new TcpClient();
        try
        {
            await refused.ConnectAsync(address, TestContext.Current.CancellationToken);
            Assert.True(await IsClosedAsync(refused));
        }
        catch (SocketException)
        {
            // Before it had looked around.
        }
    }

    private async Task CountsAsync(int connections)
    {
        var watch = Stopwatch.StartNew();
        while (listener!.Connections != connections && watch.Elapsed < TimeSpan.FromSeconds(20))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        Assert.Equal(connections, listener.Connections);
    }

    private async Task<IPEndPoint> ListenAsync(Jt808Settings settings, TerminalRoom? room = null)
    {
        settings = settings with { Listen = new IPEndPoint(IPAddress.Loopback, 0) };
        var sessions = new Jt808Sessions();
        var commands = new TerminalCommands(databases, sessions, TimeProvider.System);
        // No pipeline: it is never reached.
        desk = new Jt808Desk(settings, new TerminalRegistry(databases, TimeProvider.System), sessions, commands, null!, NullLogger<Jt808Desk>.Instance);
        listener = new Jt808Listener(
            settings, room ?? new TerminalRoom(null), new Jt808Connection(settings, desk, sessions, TimeProvider.System), NullLoggerFactory.Instance, NullLogger<Jt808Listener>.Instance);
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
