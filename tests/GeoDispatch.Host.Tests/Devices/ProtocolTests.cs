using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net.Sockets;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Devices;
using GeoDispatch.Tracking.Fixes;
using MQTTnet;
using Npgsql;

namespace GeoDispatch.Host.Tests.Devices;

/// <summary>Terminals that show a key of their own with what they say, by each of their protocols: from the socket to the database.</summary>
public sealed partial class ProtocolTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static int terminals;

    // Whole seconds: NMEA and some telephones know no finer ones.
    private static DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string NewTerminal() => $"t-{Interlocked.Increment(ref terminals)}";

    [Fact]
    public async Task A_key_is_issued_for_an_approved_terminal_alone_shown_once_and_logged()
    {
        Session boss = await server.SignInAsync("admin");
        string terminal = NewTerminal();
        (await boss.PostAsync($"/api/terminals/osmand/{terminal}/key", new { })).MustRefuse(404, "terminal.unknown");
        (await SendAsync(terminal, "")).MustRefuse(403, "terminal.waiting");
        (await boss.PostAsync($"/api/terminals/osmand/{terminal}/key", new { })).MustRefuse(409, "terminal.not_approved");
        (await SendAsync("a%2Fb", "")).MustRefuse(400, "terminal.bad_field");
        (await boss.PostAsync("/api/terminals/jt808/13800000001/key", new { })).MustRefuse(400, "terminal.bad_field");
        Session desk = await server.DispatcherAsync();
        Assert.Equal(403, (await desk.PostAsync($"/api/terminals/osmand/{terminal}/key", new { })).Status);

        (string first, _) = await LetInAsync("osmand", terminal, 0);
        string second = (await boss.PostAsync($"/api/terminals/osmand/{terminal}/key", new { })).Read<ManageTerminals.TerminalKeyView>().Key;
        (await SendAsync(terminal, $"&key={first}")).MustRefuse(401, "terminal.wrong_key");
        Assert.Equal(200, (await SendAsync(terminal, $"&key={second}")).Status);
        Assert.Equal(2, await server.Database.CountAsync("identity.administration WHERE action = 'terminal.key_issued' AND subject = $1", $"osmand/{terminal}"));
        Assert.Equal(0, await server.Database.CountAsync("identity.administration WHERE detail::text LIKE '%' || $1 || '%'", second));
    }

    [Fact]
    public async Task Traccar_client_waits_for_approval_and_its_fixes_are_stored_once_however_it_shows_its_key()
    {
        string terminal = NewTerminal();
        (await SendAsync(terminal, "&key=0123456789ABCDEF0123")).MustRefuse(403, "terminal.waiting");
        Assert.Equal("waiting", await server.Database.ReadAsync<string>("SELECT state FROM tracking.terminal WHERE protocol = 'osmand' AND terminal = $1", terminal));
        (string key, Guid device) = await LetInAsync("osmand", terminal, 7);
        DateTimeOffset time = Now.AddSeconds(-60);
        (await SendAsync(terminal, "", time)).MustRefuse(401, "terminal.wrong_key");
        Assert.Equal(0, await server.Database.CountAsync("tracking.fix WHERE device_id = $1", device));

        Assert.Equal((1, 0), Counted(await SendAsync(terminal, $"&key={key}&speed=10", time)));
        Assert.Equal((0, 1), Counted(await SendAsync($"{terminal}.{key}", "&speed=10", time)));
        Assert.Equal((0, 1), Counted(await SendAsync($"{terminal}.{key}", "&speed=10", time, HttpMethod.Post)));
        using var basic = new HttpRequestMessage(HttpMethod.Get, Query(terminal, "&speed=10", time));
        basic.Headers.Add("Authorization", $"Basic {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{terminal}:{key}"))}");
        Assert.Equal((0, 1), Counted(await server.Anonymous().SendAsync(basic)));
        using var bearer = new HttpRequestMessage(HttpMethod.Get, Query(terminal, "&speed=10", time));
        bearer.Headers.Add("Authorization", $"Bearer {key}");
        Assert.Equal((0, 1), Counted(await server.Anonymous().SendAsync(bearer)));
        Answer json = await server.Anonymous().PostAsync($"/devices/osmand?key={key}", new
        {
            location = new { timestamp = time.AddSeconds(5).ToString("O", CultureInfo.InvariantCulture), coords = new { latitude = 37.435, longitude = 118.675, speed = 10, heading = -1 } },
            device_id = terminal,
        });
        Assert.Equal((1, 0), Counted(json));
        Assert.Equal(1, await server.Database.CountAsync("tracking.fix WHERE device_id = $1 AND abs(speed_kmh - 18.52) < 0.01", device));
        Assert.Equal(1, await server.Database.CountAsync("tracking.latest_fix WHERE device_id = $1 AND abs(speed_kmh - 36) < 0.01 AND heading_degrees IS NULL", device));
    }

    [Fact]
    public async Task Traccar_client_keeps_what_may_yet_be_stored_and_lets_go_of_what_never_will()
    {
        string terminal = NewTerminal();
        (string key, Guid device) = await LetInAsync("osmand", terminal, 1);
        (await SendAsync(terminal, $"&key={key}", Now.AddMinutes(5))).MustRefuse(400, "fix.from_future");
        Answer old = await SendAsync(terminal, $"&key={key}", Now.AddDays(-40)), local = await SendAsync(terminal, $"&key={key}", Now.AddHours(8));
        Assert.Equal("fix.too_old", Assert.Single(old.Read<FixReceipt>().Refused).Problem.Code);
        Assert.Equal("fix.from_future", Assert.Single(local.Read<FixReceipt>().Refused).Problem.Code);
        (await SendAsync(terminal, $"&key={key}&speed=fast")).MustRefuse(400, "osmand.bad_field");
        using var large = new HttpRequestMessage(HttpMethod.Post, "/devices/osmand") { Content = new ByteArrayContent(new byte[70_000]) };
        (await server.Anonymous().SendAsync(large)).MustRefuse(413, "body.too_large");
        Assert.Equal(0, await server.Database.CountAsync("tracking.fix WHERE device_id = $1", device));

        await using var blocking = new NpgsqlConnection(server.Database.ConnectionString);
        await blocking.OpenAsync(Cancellation);
        Task<Answer> asked;
        await using (NpgsqlTransaction held = await blocking.BeginTransactionAsync(Cancellation))
        {
            await using var hold = new NpgsqlCommand("LOCK TABLE tracking.latest_fix IN ACCESS EXCLUSIVE MODE", blocking, held);
            await hold.ExecuteNonQueryAsync(Cancellation);
            asked = SendAsync(terminal, $"&key={key}");
            Assert.NotSame(asked, await Task.WhenAny(asked, Task.Delay(TimeSpan.FromSeconds(1), Cancellation)));
            await held.RollbackAsync(Cancellation);
        }

        Assert.Equal((1, 0), Counted(await asked));
    }

    [Fact]
    public async Task What_is_refused_is_counted_by_its_reason_whatever_protocol_brought_it_though_it_is_acknowledged()
    {
        using var counted = new RefusalCount();
        string terminal = NewTerminal();
        (string key, Guid device) = await LetInAsync("osmand", terminal, 9);
        Assert.Equal(200, (await SendAsync(terminal, $"&key={key}", Now.AddDays(-40))).Status);
        await counted.SeesAsync("fix.too_old");
        (key, _) = await LetInAsync("nmea", terminal, 9);
        using (var receiver = new TcpClient())
        {
            await receiver.ConnectAsync(server.NmeaAddress, Cancellation);
            await receiver.GetStream().WriteAsync(Lines(NmeaLine.Checked($"PGID,{terminal}.{key}"), NmeaLine.Rmc(Now.AddHours(8), 37.4, 118.6)), Cancellation);
            Assert.Equal("OK1\r\n", await HearAsync(receiver, 5));
            await counted.SeesAsync("fix.from_future");
        }

        (key, _) = await LetInAsync("mqtt", terminal, 9);
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        Assert.Equal(MqttClientConnectResultCode.Success, await ConnectAsync(client, terminal, key));
        string ahead = string.Create(CultureInfo.InvariantCulture, $$"""{"time":"{{Now.AddHours(8):O}}","lon":118.6,"lat":37.4}""");
        Assert.True((await PublishAsync(client, terminal, ahead)).IsSuccess);
        await counted.SeesAsync("fix.from_future");
        await client.DisconnectAsync(cancellationToken: Cancellation);
        Assert.Equal(0, await server.Database.CountAsync("tracking.fix WHERE device_id = $1", device));
    }

    /// <summary>What monitoring would read. What other tests have refused meanwhile is passed over.</summary>
    private sealed class RefusalCount : IDisposable
    {
        private readonly ConcurrentQueue<string> codes = new();
        private readonly MeterListener listener = new();

        internal RefusalCount()
        {
            listener.InstrumentPublished = static (instrument, listening) =>
            {
                if (instrument is { Name: "fixes.refused", Meter.Name: RefusedFixes.MeterName })
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            };
            listener.SetMeasurementEventCallback<long>((_, _, tags, _) => codes.Enqueue((string)tags[0].Value!));
            listener.Start();
        }

        public void Dispose() => listener.Dispose();

        /// <summary>Takes one of this code.</summary>
        internal Task SeesAsync(string code) => Eventually.GetAsync(
            () => Task.FromResult(codes.TryDequeue(out string? one) && one == code), static isIt => isIt, $"{code} was not counted");
    }

    private static (int, int) Counted(Answer answer)
    {
        FixReceipt receipt = answer.Read<FixReceipt>();
        return (receipt.Accepted, receipt.Duplicates);
    }

    private static string Query(string id, string more, DateTimeOffset? time = null) =>
        $"/devices/osmand?id={id}&lat=37.4345&lon=118.6745&timestamp={(time ?? Now).ToUnixTimeMilliseconds()}{more}";

    private Task<Answer> SendAsync(string id, string more, DateTimeOffset? time = null, HttpMethod? method = null) =>
        server.Anonymous().SendAsync(new HttpRequestMessage(method ?? HttpMethod.Get, Query(id, more, time)));

    /// <summary>Enters a terminal for the vehicle of a crew, and gives it its key.</summary>
    private async Task<(string Key, Guid Device)> LetInAsync(string protocol, string terminal, int crew)
    {
        TerminalRegistry registry = server.Services.GetRequiredService<TerminalRegistry>();
        await registry.SeenAsync(new Sighting(protocol, terminal, "127.0.0.1"), Cancellation);
        Guid vehicle = await server.Database.ReadAsync<Guid>("SELECT vehicle_id FROM tracking.device WHERE id = $1", server.Crews[crew].DeviceId);
        Session boss = await server.SignInAsync("admin");
        (await boss.PostAsync($"/api/terminals/{protocol}/{terminal}/approve", new { vehicleId = vehicle })).Read<TerminalView>();
        string key = (await boss.PostAsync($"/api/terminals/{protocol}/{terminal}/key", new { })).Read<ManageTerminals.TerminalKeyView>().Key;
        return (key, await server.Database.ReadAsync<Guid>("SELECT device_id FROM tracking.terminal WHERE protocol = $1 AND terminal = $2", protocol, terminal));
    }
}
