using System.Net.Sockets;
using System.Text;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Devices;
using Npgsql;

namespace GeoDispatch.Host.Tests.Devices;

public sealed partial class ProtocolTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_receiver_by_tcp_waits_for_approval_and_each_of_its_places_is_acknowledged_after_it_is_stored()
    {
        string terminal = NewTerminal();
        using (var stranger = new TcpClient())
        {
            await stranger.ConnectAsync(server.NmeaAddress, Cancellation);
            await stranger.GetStream().WriteAsync(Lines($"$PGID,{terminal}", NmeaLine.Rmc(Now, 37.4, 118.6)), Cancellation);
            await Eventually.GetAsync(
                () => server.Database.CountAsync("tracking.terminal WHERE protocol = 'nmea' AND terminal = $1 AND state = 'waiting'", terminal), one => one == 1, "is not listed");
        }

        (string key, Guid device) = await LetInAsync("nmea", terminal, 2);
        using var receiver = new TcpClient();
        await receiver.ConnectAsync(server.NmeaAddress, Cancellation);
        DateTimeOffset time = Now.AddSeconds(-10);
        await receiver.GetStream().WriteAsync(
            Lines(NmeaLine.Checked($"PGID,{terminal}.{key}"), NmeaLine.Gga(time, 37.434567, 118.674521, 12), NmeaLine.Rmc(time, 37.434567, 118.674521, 34.3, 271)),
            Cancellation);
        Assert.Equal("OK1\r\n", await HearAsync(receiver, 5));
        Assert.Equal(1, await server.Database.CountAsync(
            "tracking.fix WHERE device_id = $1 AND altitude_m = 12 AND abs(speed_kmh - 63.5) < 0.1 AND heading_degrees = 271 AND abs(lat - 37.434567) < 1e-6 AND abs(lon - 118.674521) < 1e-6 AND fix_time = $2",
            device, time));

        // The same again and the next one, cut anywhere: two answers, one new place. Without reception nobody moves.
        byte[] more = Lines(NmeaLine.Gga(time, 37.434567, 118.674521, 12), NmeaLine.Rmc(time, 37.434567, 118.674521, 34.3, 271), NmeaLine.Rmc(time.AddSeconds(5), 0, 0, isFixed: false));
        await receiver.GetStream().WriteAsync(more.AsMemory(0, 100), Cancellation);
        await receiver.GetStream().WriteAsync(more.AsMemory(100), Cancellation);
        Assert.Equal("OK1\r\nOK1\r\n", await HearAsync(receiver, 10));
        Assert.Equal(2, await server.Database.CountAsync("tracking.fix WHERE device_id = $1", device));
        Assert.Equal(time.UtcDateTime, await server.Database.ReadAsync<DateTime>("SELECT fix_time FROM tracking.latest_fix WHERE device_id = $1", device));
    }

    [Fact]
    public async Task A_datagram_names_its_terminal_and_key_and_is_acknowledged_after_it_is_stored()
    {
        string terminal = NewTerminal();
        using var receiver = new UdpClient(server.NmeaAddress.AddressFamily);
        receiver.Connect(server.NmeaAddress);
        DateTimeOffset time = Now.AddSeconds(-10);
        await receiver.SendAsync(Encoding.ASCII.GetBytes($"{terminal}{NmeaLine.Rmc(time, 37.4, 118.6)}"), Cancellation);
        await Eventually.GetAsync(
            () => server.Database.CountAsync("tracking.terminal WHERE protocol = 'nmea' AND terminal = $1 AND state = 'waiting'", terminal), one => one == 1, "is not listed");
        (string key, Guid device) = await LetInAsync("nmea", terminal, 3);
        // Without its key, or with another one, it is not answered; the last is.
        string wrong = $"{terminal}.{new string('0', key.Length)}{NmeaLine.Rmc(time, 37.4, 118.6)}";
        await receiver.SendAsync(Encoding.ASCII.GetBytes(wrong), Cancellation);
        await receiver.SendAsync(Encoding.ASCII.GetBytes(NmeaLine.Rmc(time, 37.4, 118.6)), Cancellation);
        await receiver.SendAsync(
            Encoding.ASCII.GetBytes($"{terminal}.{key},{NmeaLine.Rmc(time, 37.5, 118.7)}\r\n{NmeaLine.Rmc(time.AddSeconds(1), 37.5, 118.7)}"), Cancellation);
        using var limit = new CancellationTokenSource(Patience);
        Assert.Equal("OK1\r\n", Encoding.ASCII.GetString((await receiver.ReceiveAsync(limit.Token)).Buffer));
        Assert.Equal(2, await server.Database.CountAsync("tracking.fix WHERE device_id = $1 AND abs(lat - 37.5) < 1e-9", device));
        Assert.Equal(2, await server.Database.CountAsync("tracking.fix WHERE device_id = $1", device));
        Assert.Equal(0, receiver.Available);
    }

    [Fact]
    public async Task What_a_receiver_sent_before_it_went_is_stored_though_the_database_was_busy()
    {
        string terminal = NewTerminal();
        (string key, Guid device) = await LetInAsync("nmea", terminal, 4);
        await using (var blocking = new NpgsqlConnection(server.Database.ConnectionString))
        {
            await blocking.OpenAsync(Cancellation);
            await using NpgsqlTransaction held = await blocking.BeginTransactionAsync(Cancellation);
            await using var hold = new NpgsqlCommand("LOCK TABLE tracking.latest_fix IN ACCESS EXCLUSIVE MODE", blocking, held);
            await hold.ExecuteNonQueryAsync(Cancellation);
            using (var receiver = new TcpClient())
            {
                await receiver.ConnectAsync(server.NmeaAddress, Cancellation);
                await receiver.GetStream().WriteAsync(Lines($"$PGID,{terminal}.{key}", NmeaLine.Rmc(Now, 37.4, 118.6)), Cancellation);
                Assert.Equal(0, receiver.Available);
            }

            await held.RollbackAsync(Cancellation);
        }

        await Eventually.GetAsync(() => server.Database.CountAsync("tracking.fix WHERE device_id = $1", device), one => one == 1, "is not stored");
    }

    [Theory]
    [InlineData("$GPRMC,1*00")]
    [InlineData("$PGID,stranger-nmea")]
    public async Task A_line_that_brings_nothing_but_faults_or_strangers_is_closed(string line)
    {
        using var receiver = new TcpClient();
        await receiver.ConnectAsync(server.NmeaAddress, Cancellation);
        Task<string> closed = HearAsync(receiver, 1);
        try
        {
            while (!closed.IsCompleted)
            {
                await receiver.GetStream().WriteAsync(Lines(line), Cancellation);
                await Task.Delay(5, Cancellation);
            }
        }
        catch (IOException)
        {
            // Closed before the last of them.
        }

        Assert.Equal("", await closed);
    }

    private static byte[] Lines(params string[] lines) => Encoding.ASCII.GetBytes(string.Concat(lines.Select(static line => $"{line}\r\n")));

    private static async Task<string> HearAsync(TcpClient client, int bytes)
    {
        byte[] heard = new byte[bytes];
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            int read = await client.GetStream().ReadAtLeastAsync(heard, bytes, throwOnEndOfStream: false, limit.Token);
            return Encoding.ASCII.GetString(heard, 0, read);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
