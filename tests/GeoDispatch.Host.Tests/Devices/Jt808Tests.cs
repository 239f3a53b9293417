using System.Text.Json;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Devices;
using GeoDispatch.Tracking.Devices.Jt808;
using GeoDispatch.Tracking.Fixes;
using GeoDispatch.Tracking.Live;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace GeoDispatch.Host.Tests.Devices;

/// <summary>Terminals of JT/T 808 over real sockets, from the first byte to the database, the screens and back.</summary>
public sealed class Jt808Tests(RunningServer server) : IClassFixture<RunningServer>
{
    private static int terminals;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TerminalRegistry Registry => server.Services.GetRequiredService<TerminalRegistry>();

    [Fact]
    public async Task An_unknown_terminal_waits_for_approval_and_then_its_position_is_on_the_screens()
    {
        string phone = NewPhone();
        Guid vehicle = await VehicleAsync(0);
        Session desk = await server.DispatcherAsync();
        var heard = new Heard<VehiclePosition[]>();
        await using HubConnection screen = await server.ListenAsync(desk, "/hubs/positions", hub => hub.On<VehiclePosition[]>("positions", heard.Add));
        await screen.InvokeAsync("Watch", new Viewport(118.4, 37.3, 118.8, 37.6), Cancellation);

        await using Jt808Terminal terminal = await Jt808Terminal.ConnectAsync(server.Jt808Address, phone);
        Assert.Equal((4, (string?)null), ((await terminal.RegisterAsync("鲁E12345")).Result, (await terminal.RegisterAsync("鲁E12345")).Code));
        Assert.Equal(Jt808Result.Failed, await terminal.AuthenticateAsync("guess"));
        Assert.Equal(Jt808Result.Failed, await terminal.AskAsync(Report(Now)));
        Assert.Equal(
            ("waiting", "鲁E12345"),
            (await StateAsync(phone), await server.Database.ReadAsync<string>("SELECT plate FROM tracking.terminal WHERE terminal = $1", phone)));

        Guid device = (await Registry.ApproveAsync("jt808", phone, vehicle, Cancellation))!.Value;
        Jt808RegisterReply registered = await terminal.RegisterAsync("鲁E12345");
        Assert.Equal(0, registered.Result);
        Assert.Equal(Jt808Result.Failed, await terminal.AuthenticateAsync(registered.Code + "0"));
        Assert.Equal(0, await server.Database.CountAsync("tracking.fix WHERE device_id = $1", device));
        Assert.Equal(Jt808Result.Done, await terminal.AuthenticateAsync(registered.Code!));
        Assert.Equal(Jt808Result.Done, await terminal.AskAsync(Report(Now, lat: 37.434567, lon: 118.674521)));

        Assert.Equal(1, await server.Database.CountAsync("tracking.fix WHERE device_id = $1 AND altitude_m = 12 AND ignition AND alarms = 0", device));
        Assert.Equal(37.434567, await server.Database.ReadAsync<double>("SELECT lat FROM tracking.latest_fix WHERE vehicle_id = $1", vehicle));
        await heard.FirstAsync(batch => batch.Any(one => one.VehicleId == vehicle && one.Lon.Equals(118.674521) && one.SpeedKmh is 63.5), "the screen was not told");
    }

    [Fact]
    public async Task What_is_sent_again_after_a_cut_is_kept_once_and_answered_again()
    {
        (Jt808Terminal first, string code, Guid device) = await LetInAsync(1);
        DateTimeOffset from = Now.AddMinutes(-10);
        Jt808Batch batch = new(true, [.. Enumerable.Range(0, 60).Select(index => Report(from.AddSeconds(5 * index)).Location)]);
        await using (first)
        {
            // Longer than a frame: it goes in parts, and each of them is answered after the commit.
            await first.SendAsync(batch);
            // The line is cut before the answer is read.
        }

        await using Jt808Terminal again = await Jt808Terminal.ConnectAsync(server.Jt808Address, first.Phone);
        Assert.Equal(Jt808Result.Done, await again.AuthenticateAsync(code));
        ushort sent = await again.SendAsync(batch);
        int parts = (Jt808Encoder.Body(batch, false).Length + 1_022) / 1_023;
        for (int part = 0; part < parts; part++)
        {
            Assert.Equal(new Jt808Reply(false, (ushort)(sent + part), 0x0704, Jt808Result.Done), (await again.HearAsync()).Message);
        }

        Assert.Equal(60, await server.Database.CountAsync("tracking.fix WHERE device_id = $1", device));
        Assert.Equal(Jt808Result.Done, await again.AskAsync(batch with { Locations = [batch.Locations[7]] }));
        Assert.Equal(60, await server.Database.CountAsync("tracking.fix WHERE device_id = $1", device));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_text_waits_for_the_terminal_and_its_receipt_comes_back(bool is2019)
    {
        (Jt808Terminal terminal, string code, _) = await LetInAsync(2, is2019);
        string phone = terminal.Phone;
        await terminal.DisposeAsync();
        Session desk = await server.DispatcherAsync();
        await Eventually.GetAsync(() => Task.FromResult(server.Services.GetRequiredService<Jt808Sessions>().Find(phone)), session => session is null, "the cut is noticed");
        var request = new { commandId = Guid.NewGuid(), command = new { kind = "text", text = "前往胜利医院", urgent = true } };
        Assert.Equal("waiting", (await SendAsync(desk, phone, request)).State);

        await using Jt808Terminal back = await Jt808Terminal.ConnectAsync(server.Jt808Address, phone, is2019);
        Assert.Equal(Jt808Result.Done, await back.AuthenticateAsync(code));
        (Jt808Frame frame, Jt808Message message) = await back.HearAsync();
        Assert.Equal(new Jt808Text(5, is2019 ? (byte)1 : null, "前往胜利医院"), message);
        Assert.Equal("sent", (await SendAsync(desk, phone, request)).State);
        await back.SendAsync(new Jt808Reply(true, frame.Header.Serial, 0x8300, Jt808Result.Done));
        TerminalMessage received = await Eventually.GetAsync(
            () => SendAsync(desk, phone, request), one => one.State == "received", "no receipt");
        Assert.Equal((0, "dispatcher1"), (received.Result, received.CreatedBy));
        // The repeats of the command sent nothing more.
        Assert.Equal(1, await server.Database.CountAsync("tracking.terminal_message WHERE terminal = $1", phone));
        Assert.Equal(Jt808Result.Done, await back.AskAsync(new Jt808Bare(Jt808Bare.Heartbeat)));
    }

    [Fact]
    public async Task A_desk_asks_where_a_terminal_is_tracks_it_and_reads_its_settings()
    {
        (Jt808Terminal terminal, _, Guid device) = await LetInAsync(3);
        await using Jt808Terminal disposed = terminal;
        Session desk = await server.DispatcherAsync();

        Guid locate = await AskAsync(new { kind = "locate" });
        (Jt808Frame asked, Jt808Message message) = await terminal.HearAsync();
        Assert.Equal(new Jt808Bare(0x8201), message);
        Assert.Equal(Jt808Result.Done, await terminal.AskAsync(new Jt808Position(asked.Header.Serial, Report(Now, lon: 118.5).Location)));
        Assert.Equal(118.5, (await FindAsync(locate, "received")).Answer!.Value.GetProperty("lon").GetDouble());
        Assert.Equal(1, await server.Database.CountAsync("tracking.fix WHERE device_id = $1", device));

        Guid track = await AskAsync(new { kind = "track", intervalSeconds = 5, forSeconds = 600 });
        (asked, message) = await terminal.HearAsync();
        Assert.Equal(new Jt808Track(5, 600), message);
        await terminal.SendAsync(new Jt808Reply(true, asked.Header.Serial, 0x8202, Jt808Result.Unsupported));
        Assert.Equal(3, (await FindAsync(track, "failed")).Result);

        Guid confirm = await AskAsync(new { kind = "confirmAlarms", alarms = 1 });
        (asked, message) = await terminal.HearAsync();
        Assert.Equal(new Jt808ConfirmAlarms(0, 1), message);
        await terminal.SendAsync(new Jt808Reply(true, asked.Header.Serial, 0x8203, Jt808Result.Done));
        await FindAsync(confirm, "received");

        Guid set = await AskAsync(new { kind = "setParameters", parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["0029"] = "0000001E" } });
        (asked, message) = await terminal.HearAsync();
        Assert.Equal((0x29u, "0000001E"), Assert.IsType<Jt808SetParameters>(message).Parameters.Select(one => (one.Id, Convert.ToHexString(one.Value))).Single());
        await terminal.SendAsync(new Jt808Reply(true, asked.Header.Serial, 0x8103, Jt808Result.Done));
        await FindAsync(set, "received");

        Guid read = await AskAsync(new { kind = "readParameters" });
        (asked, message) = await terminal.HearAsync();
        Assert.Equal(new Jt808Bare(0x8104), message);
        Assert.Equal(Jt808Result.Done, await terminal.AskAsync(new Jt808Parameters(asked.Header.Serial, [new(0x29, [0, 0, 0, 30])])));
        Assert.Equal("0000001E", (await FindAsync(read, "received")).Answer!.Value.GetProperty("0029").GetString());

        async Task<Guid> AskAsync(object command)
        {
            Guid id = Guid.NewGuid();
            Assert.Equal("sent", (await SendAsync(desk, terminal.Phone, new { commandId = id, command })).State);
            return id;
        }

        Task<TerminalMessage> FindAsync(Guid id, string state) => Eventually.GetAsync(
            async () => (await desk.ReadAsync<Listed>($"/api/terminals/jt808/{terminal.Phone}/messages")).Messages.Single(one => one.Id == id),
            one => one.State == state, $"{state} is not told");
    }

    [Fact]
    public async Task A_message_that_no_terminal_could_show_is_refused_by_its_field()
    {
        (Jt808Terminal terminal, _, _) = await LetInAsync(4);
        await using Jt808Terminal disposed = terminal;
        Session desk = await server.DispatcherAsync();
        foreach ((object command, string field) in new (object, string)[]
        {
            (new { kind = "dance" }, "kind"), (new { kind = "text" }, "text"), (new { kind = "text", text = new string('救', 501) }, "text"),
            (new { kind = "text", text = "🚑" }, "text"), (new { kind = "track", intervalSeconds = -1 }, "intervalSeconds"),
            (new { kind = "track", intervalSeconds = 5 }, "forSeconds"), (new { kind = "confirmAlarms" }, "alarms"),
            (new { kind = "setParameters", parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["zz"] = "00" } }, "parameters"),
        })
        {
            Answer refused = (await desk.PostAsync($"/api/terminals/jt808/{terminal.Phone}/messages", new { commandId = Guid.NewGuid(), command }))
                .MustRefuse(400, "terminal.bad_message");
            Assert.Equal(field, refused.Problem.GetProperty("field").GetString());
        }

        object text = new { kind = "text", text = "好" };
        (await desk.PostAsync("/api/terminals/jt808/1/messages", new { commandId = Guid.NewGuid(), command = text })).MustRefuse(404, "terminal.unknown");
        (await desk.PostAsync($"/api/terminals/osmand/{terminal.Phone}/messages", new { commandId = Guid.NewGuid(), command = text })).MustRefuse(404, "terminal.unknown");
        (await desk.PostAsync($"/api/terminals/fax/{terminal.Phone}/messages", new { commandId = Guid.NewGuid(), command = text })).MustRefuse(400, "terminal.bad_field");
        (await desk.PostAsync($"/api/terminals/jt808/{terminal.Phone}/messages", new { command = text })).MustRefuse(400, "terminal.bad_message");
        Session crew = await server.CrewAsync(server.Crews[0].UnitId);
        Assert.Equal(403, (await crew.PostAsync($"/api/terminals/jt808/{terminal.Phone}/messages", new { commandId = Guid.NewGuid(), command = text })).Status);
    }

    [Fact]
    public async Task Without_a_fix_nobody_moves_and_what_cannot_be_is_told()
    {
        (Jt808Terminal terminal, _, Guid device) = await LetInAsync(5);
        await using Jt808Terminal disposed = terminal;
        Jt808Location good = Report(Now).Location;
        Assert.Equal(Jt808Result.Done, await terminal.AskAsync(new Jt808Report(good with { Status = 0 })));
        Assert.Equal(Jt808Result.Done, await terminal.AskAsync(new Jt808Report(good with { Status = 0b100010 })));
        Assert.Equal(Jt808Result.Wrong, await terminal.AskAsync(new Jt808Report(good with { Time = Now.AddHours(1) })));
        Assert.Equal(Jt808Result.Wrong, await terminal.AskAsync(new Jt808Report(good with { Time = null })));
        Assert.Equal(Jt808Result.Wrong, await terminal.AskAsync(new Jt808Other(0x0200, [1, 2, 3])));
        Assert.Equal(Jt808Result.Unsupported, await terminal.AskAsync(new Jt808Other(0x0801, [1, 2, 3])));
        // What it says besides its place is kept all the same.
        Assert.Equal(0, await server.Database.CountAsync("tracking.latest_fix WHERE device_id = $1", device));
        Assert.NotEqual(0, await server.Database.CountAsync("tracking.fix WHERE device_id = $1 AND lon IS NULL AND ignition IS NOT NULL", device));
        // Several in one packet, some wrong: each has its own answer.
        Jt808Report[] reports = [new(good), new(good with { Time = Now.AddHours(1) }), new(good with { Time = good.Time!.Value.AddSeconds(-5) })];
        await terminal.SendBytesAsync(reports.SelectMany((report, index) => Jt808Encoder.Frame(terminal.Phone, (ushort)(900 + index), false, report)).ToArray());
        foreach (Jt808Result result in new[] { Jt808Result.Done, Jt808Result.Wrong, Jt808Result.Done })
        {
            Assert.Equal(result, ((Jt808Reply)(await terminal.HearAsync()).Message).Result);
        }

        Assert.Equal(2, await server.Database.CountAsync("tracking.fix WHERE device_id = $1 AND lon IS NOT NULL", device));
        Assert.Equal(Jt808Result.Done, await terminal.AskAsync(new Jt808Bare(Jt808Bare.Logout)));
        Assert.True(await terminal.IsClosedAsync());
    }

    [Fact]
    public async Task A_new_session_replaces_the_old_and_a_refused_terminal_is_sent_away()
    {
        (Jt808Terminal old, string code, _) = await LetInAsync(6);
        await using Jt808Terminal disposed = old;
        await using Jt808Terminal fresh = await Jt808Terminal.ConnectAsync(server.Jt808Address, old.Phone);
        Assert.Equal(Jt808Result.Done, await fresh.AuthenticateAsync(code));
        Assert.True(await old.IsClosedAsync());
        Assert.Equal(Jt808Result.Done, await fresh.AskAsync(Report(Now)));
        Assert.True(await Registry.RefuseAsync("jt808", old.Phone, Cancellation));
        await fresh.SendAsync(Report(Now));
        Assert.True(await fresh.IsClosedAsync());
        await using Jt808Terminal third = await Jt808Terminal.ConnectAsync(server.Jt808Address, old.Phone);
        Assert.Equal(4, (await third.RegisterAsync("鲁E1")).Result);
        Assert.Equal(Jt808Result.Failed, await third.AuthenticateAsync(code));
    }

    [Fact]
    public async Task Another_terminal_under_an_approved_number_is_not_let_in_and_takes_nothing_from_the_one_that_is()
    {
        (Jt808Terminal terminal, string code, _) = await LetInAsync(6);
        await using Jt808Terminal disposed = terminal;
        await using Jt808Terminal other = await Jt808Terminal.ConnectAsync(server.Jt808Address, terminal.Phone);
        foreach (string ownId in new[] { "0000002", "" })
        {
            Assert.Equal((Jt808RegisterReply.TerminalRegistered, (string?)null), ((await other.RegisterAsync("鲁E00001", ownId)).Result, (await other.RegisterAsync("鲁E00001", ownId)).Code));
        }

        Assert.Equal(Jt808Result.Done, await terminal.AskAsync(Report(Now)));
        Assert.Equal(Jt808Result.Failed, await other.AuthenticateAsync("guess"));
        await using (Jt808Terminal again = await Jt808Terminal.ConnectAsync(server.Jt808Address, terminal.Phone))
        {
            Assert.Equal(Jt808Result.Done, await again.AuthenticateAsync(code));
        }

        // The hardware was replaced: refused and approved again, the number is the other's.
        Assert.True(await Registry.RefuseAsync("jt808", terminal.Phone, Cancellation));
        await Registry.ApproveAsync("jt808", terminal.Phone, await VehicleAsync(6), Cancellation);
        Assert.Equal(0, (await other.RegisterAsync("鲁E00001", "0000002")).Result);
        Assert.Equal(Jt808RegisterReply.TerminalRegistered, (await other.RegisterAsync("鲁E00001")).Result);
    }

    [Fact]
    public async Task Nothing_is_answered_before_it_is_stored_and_everything_once_it_can_be()
    {
        (Jt808Terminal terminal, _, Guid device) = await LetInAsync(7);
        await using Jt808Terminal disposed = terminal;
        ushort sent;
        await using (var blocking = new NpgsqlConnection(server.Database.ConnectionString))
        {
            await blocking.OpenAsync(Cancellation);
            await using NpgsqlTransaction held = await blocking.BeginTransactionAsync(Cancellation);
            await using (var hold = new NpgsqlCommand("LOCK TABLE tracking.latest_fix IN ACCESS EXCLUSIVE MODE", blocking, held))
            {
                await hold.ExecuteNonQueryAsync(Cancellation);
            }

            sent = await terminal.SendAsync(Report(Now));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => terminal.HearAsync(TimeSpan.FromSeconds(1)));
            Assert.Equal(0, await server.Database.CountAsync("tracking.fix WHERE device_id = $1", device));
            await held.RollbackAsync(Cancellation);
        }

        Assert.Equal(new Jt808Reply(false, sent, 0x0200, Jt808Result.Done), (await terminal.HearAsync()).Message);
        Assert.Equal(1, await server.Database.CountAsync("tracking.fix WHERE device_id = $1", device));
    }

    [Fact]
    public async Task A_line_that_sends_nothing_but_noise_is_closed()
    {
        await using Jt808Terminal terminal = await Jt808Terminal.ConnectAsync(server.Jt808Address, NewPhone());
        await terminal.SendBytesAsync(Enumerable.Repeat(Convert.FromHexString("7E000102037E"), 200).SelectMany(static one => one).ToArray());
        Assert.True(await terminal.IsClosedAsync());
    }

    private sealed record Listed(IReadOnlyList<TerminalMessage> Messages);

    private static string NewPhone() => (13_800_000_000 + Interlocked.Increment(ref terminals)).ToString(System.Globalization.CultureInfo.InvariantCulture);

    // The wire knows whole seconds alone.
    private static Jt808Report Report(DateTimeOffset time, double lat = 37.45, double lon = 118.49) => new(new Jt808Location(
        0, 3, (uint)Math.Round(lat * 1e6), (uint)Math.Round(lon * 1e6), 12, 635, 271, time, default));

    private static async Task<TerminalMessage> SendAsync(Session desk, string phone, object request) =>
        (await desk.PostAsync($"/api/terminals/jt808/{phone}/messages", request)).Read<TerminalMessage>();

    private Task<string> StateAsync(string phone) => server.Database.ReadAsync<string>("SELECT state FROM tracking.terminal WHERE terminal = $1", phone);

    private async Task<Guid> VehicleAsync(int crew) =>
        await server.Database.ReadAsync<Guid>("SELECT vehicle_id FROM tracking.device WHERE id = $1", server.Crews[crew].DeviceId);

    private async Task<(Jt808Terminal Terminal, string Code, Guid Device)> LetInAsync(int crew, bool is2019 = false)
    {
        string phone = NewPhone();
        Guid device = default;
        (Jt808Terminal terminal, string code) = await Jt808Terminal.LetInAsync(
            server.Jt808Address, phone, async () => device = (await Registry.ApproveAsync("jt808", phone, await VehicleAsync(crew), Cancellation))!.Value, is2019);
        return (terminal, code, device);
    }
}
