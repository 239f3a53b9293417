using System.Diagnostics;
using System.Text.Json;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using GeoDispatch.Testing;
using GeoDispatch.Tracking;
using GeoDispatch.Tracking.Devices;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Host.Tests.Devices;

/// <summary>The way of an unknown terminal past the control room: listed, approved for a vehicle, refused.</summary>
public sealed class TerminalApprovalTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task An_administrator_approves_a_waiting_terminal_for_a_new_vehicle_and_a_repeat_changes_nothing()
    {
        Session boss = await server.SignInAsync("admin");
        await KnockAsync("13911110001", "鲁E10001");
        TerminalView waiting = Assert.Single((await ListAsync(boss, "waiting")), one => one.Terminal == "13911110001");
        Assert.Equal(("鲁E10001", (Guid?)null), (waiting.SaidPlate, waiting.VehicleId));

        var wish = new { plate = "鲁E10001", kind = "bus", department = "city" };
        TerminalView approved = (await boss.PostAsync("/api/terminals/jt808/13911110001/approve", wish)).Read<TerminalView>();
        Assert.Equal(("approved", "鲁E10001", "bus", "city"), (approved.State, approved.Plate, approved.Kind, approved.Department));
        TerminalView again = (await boss.PostAsync("/api/terminals/jt808/13911110001/approve", wish)).Read<TerminalView>();
        Assert.Equal(approved, again);
        Assert.Equal(1, await server.Database.CountAsync("tracking.vehicle WHERE plate = $1", "鲁E10001"));
        Assert.Equal(1, await server.Database.CountAsync("identity.administration WHERE action = 'terminal.approved' AND subject = $1 AND by = 'admin'", "jt808/13911110001"));

        await using Jt808Terminal terminal = await Jt808Terminal.ConnectAsync(server.Jt808Address, "13911110001");
        Assert.Equal(0, (await terminal.RegisterAsync("鲁E10001")).Result);
        Assert.Equal("refused", (await boss.PostAsync("/api/terminals/jt808/13911110001/refuse", new { })).Read<TerminalView>().State);
        Assert.NotEqual(0, (await terminal.RegisterAsync("鲁E10001")).Result);
        Assert.Equal(1, await server.Database.CountAsync("identity.administration WHERE action = 'terminal.refused' AND subject = $1", "jt808/13911110001"));
    }

    [Fact]
    public async Task A_dispatcher_reads_the_list_and_may_not_decide()
    {
        await KnockAsync("13911110002", "鲁E10002");
        Session desk = await server.DispatcherAsync();
        Assert.Contains(await ListAsync(desk, "waiting"), one => one.Terminal == "13911110002");
        Assert.Equal(403, (await desk.PostAsync("/api/terminals/jt808/13911110002/approve", new { plate = "鲁E10002", kind = "bus", department = "city" })).Status);
        Assert.Equal(403, (await desk.PostAsync("/api/terminals/jt808/13911110002/refuse", new { })).Status);
        Assert.Contains(await ListAsync(desk, "waiting"), one => one.Terminal == "13911110002");
    }

    [Theory]
    [InlineData("jt808/13911110003", """{}""", 400, "terminal.bad_field")]
    [InlineData("jt808/13911110003", """{"plate":"鲁E10003","kind":"Bus!","department":"city"}""", 400, "terminal.bad_field")]
    [InlineData("jt808/13911110003", """{"plate":"鲁E10003","kind":"bus","department":"nobody"}""", 400, "department.unknown")]
    [InlineData("jt808/13911110003", """{"vehicleId":"01890000-0000-7000-8000-000000000000"}""", 404, "vehicle.unknown")]
    [InlineData("jt808/99", """{"plate":"鲁E10003","kind":"bus","department":"city"}""", 404, "terminal.unknown")]
    [InlineData("fax/13911110003", """{"plate":"鲁E10003","kind":"bus","department":"city"}""", 400, "terminal.bad_field")]
    public async Task What_is_wrong_is_told_and_the_terminal_waits_on(string terminal, string wish, int status, string code)
    {
        await KnockAsync("13911110003", "鲁E10003");
        Session boss = await server.SignInAsync("admin");
        (await boss.PostAsync($"/api/terminals/{terminal}/approve", JsonDocument.Parse(wish).RootElement)).MustRefuse(status, code);
        Assert.Contains(await ListAsync(boss, "waiting"), one => one.Terminal == "13911110003");
        Assert.Equal(0, await server.Database.CountAsync("tracking.vehicle WHERE plate = $1", "鲁E10003"));
    }

    [Fact]
    public async Task Pages_of_the_list_meet_without_a_gap_and_bounds_are_told()
    {
        await KnockAsync("13911110004", "鲁E10004");
        await KnockAsync("13911110005", "鲁E10005");
        Session boss = await server.SignInAsync("admin");
        var seen = new List<string>();
        string? next = null;
        do
        {
            ManageTerminals.TerminalsView page = await boss.ReadAsync<ManageTerminals.TerminalsView>(
                $"/api/terminals?limit=1{(next is null ? "" : $"&after={Uri.EscapeDataString(next)}")}");
            seen.Add(Assert.Single(page.Terminals).Terminal);
            next = page.Next;
        }
        while (next is not null);
        Assert.Equal(seen.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), seen);
        Assert.Superset(new HashSet<string>(["13911110004", "13911110005"], StringComparer.Ordinal), seen.ToHashSet(StringComparer.Ordinal));
        foreach (string bad in new[] { "limit=0", "limit=501", "state=gone", "after=x" })
        {
            (await boss.GetAsync($"/api/terminals?{bad}")).MustRefuse(400, "terminal.bad_field");
        }
    }

    [Theory]
    [InlineData("013911120001", "13911120001", false)]
    [InlineData("00000000013911120002", "13911120002", true)]
    [InlineData("000000000000", "0", false)]
    public async Task A_number_that_is_entered_with_its_zeros_is_the_terminal_that_comes_by_either_edition(string entered, string kept, bool is2019)
    {
        Session boss = await server.SignInAsync("admin");
        Assert.Equal((1, 0), await ImportAsync(Line(2, entered, "鲁E2" + kept.PadLeft(5, '0')[^4..])));
        TerminalView listed = Assert.Single(await ListAsync(boss, "approved"), one => one.Terminal == kept);
        Assert.Equal(listed, (await boss.PostAsync($"/api/terminals/jt808/{entered}/approve", new { vehicleId = listed.VehicleId })).Read<TerminalView>());
        // As the terminal sends it, the number fills its field.
        await using Jt808Terminal terminal = await Jt808Terminal.ConnectAsync(server.Jt808Address, entered, is2019);
        Assert.Equal(0, (await terminal.RegisterAsync("")).Result);
        await using Jt808Terminal other = await Jt808Terminal.ConnectAsync(server.Jt808Address, kept, !is2019);
        Assert.Equal(0, (await other.RegisterAsync("")).Result);
        Assert.Equal("refused", (await boss.PostAsync($"/api/terminals/jt808/{entered}/refuse", new { })).Read<TerminalView>().State);
    }

    [Fact]
    public async Task A_table_of_many_terminals_is_taken_in_as_few_round_trips_as_one_and_each_bad_line_is_named()
    {
        (int few, TerminalLine[] lines) = (await RoundTripsAsync(Line(2, "13911130000", "鲁E30000")), [.. Enumerable.Range(1, 400).Select(
            static number => Line(number + 1, $"1391113{number:0000}", $"鲁E3{number / 2:0000}"))]);
        // The first import of all may have to ask for something that is then remembered.
        Assert.InRange(await RoundTripsAsync(lines), 1, few);
        // Two terminals to a vehicle.
        Assert.Equal(200, await server.Database.CountAsync("tracking.vehicle WHERE plate BETWEEN '鲁E30001' AND '鲁E30200'"));
        Assert.Equal(400, await server.Database.CountAsync("identity.administration WHERE action = 'terminal.approved' AND subject BETWEEN 'jt808/13911130001' AND 'jt808/13911130400'"));
        Assert.Equal((0, 0), await ImportAsync(lines));

        (int changed, IReadOnlyList<(int Line, Problem Problem)> bad) = await Approval.ImportAsync(
            [Line(2, "13911140001", "鲁E40001"), Line(3, "013911140001", "鲁E40001"), Line(4, "bus-4", "鲁E40002"), Line(5, "13911140002", "鲁E30001", "taxi"), Line(6, "13911140003", "鲁E40003") with { Wish = new(Plate: "鲁E40003", Kind: "bus", Department: "moon") }],
            Actor.CommandLine, TestContext.Current.CancellationToken);
        Assert.Equal(0, changed);
        Assert.Equal(
            [(3, "terminal.bad_field"), (4, "terminal.bad_field"), (5, "vehicle.differs"), (6, "department.unknown")],
            bad.Select(static one => (one.Line, one.Problem.Code)));
        Assert.Contains("stands in line 2 already", bad[0].Problem.Detail, StringComparison.Ordinal);
        Assert.Equal(0, await server.Database.CountAsync("tracking.terminal WHERE terminal LIKE '1391114%'"));
    }

    [Fact]
    public async Task Numbers_that_were_entered_with_zeros_before_are_mended_with_the_schema()
    {
        await KnockAsync("13911150001", "");
        await server.Database.AdministerAsync(
            """
            INSERT INTO tracking.vehicle (id, plate, kind, name) VALUES ('01890000-0000-7000-8000-000000000011', '鲁E50001', 'bus', '班车');
            INSERT INTO tracking.device (id, vehicle_id, name, key_hash)
            VALUES ('01890000-0000-7000-8000-000000000012', '01890000-0000-7000-8000-000000000011', 'jt808', sha256('x'));
            INSERT INTO tracking.terminal (protocol, terminal, state, device_id, first_seen, last_seen) VALUES
                ('jt808', '013911150001', 'approved', '01890000-0000-7000-8000-000000000012', '2026-11-25Z', '2026-11-25Z'),
                ('jt808', '0013911150001', 'waiting', NULL, '2026-11-25Z', '2026-11-25Z'),
                ('osmand', '0007', 'waiting', NULL, '2026-11-25Z', '2026-11-25Z');
            INSERT INTO tracking.terminal_message (id, protocol, terminal, kind, content, created_at, created_by, expires_at)
            VALUES (gen_random_uuid(), 'jt808', '013911150001', 'text', '{}', '2026-11-25Z', 'admin', '2026-11-26Z');
            """);
        using (var file = new StreamReader(typeof(TrackingModule).Assembly.GetManifestResourceStream(
            "GeoDispatch.Tracking.Sql.0011_numbers_of_jt808_stand_without_zeros_before_them.sql")!))
        {
            await server.Database.AdministerAsync(await file.ReadToEndAsync(TestContext.Current.CancellationToken));
        }

        Assert.Equal(["13911150001 approved 鲁E50001"], await server.Database.ListAsync<string>(
            "SELECT terminal || ' ' || state || ' ' || vehicle.plate FROM tracking.terminal LEFT JOIN tracking.device ON device.id = device_id LEFT JOIN tracking.vehicle ON vehicle.id = vehicle_id WHERE terminal LIKE '%13911150001'"));
        Assert.Equal(1, await server.Database.CountAsync("tracking.terminal_message WHERE terminal = '13911150001'"));
        Assert.Equal(1, await server.Database.CountAsync("tracking.terminal WHERE terminal = '0007'"));
        await server.Database.AdministerAsync("DELETE FROM tracking.terminal WHERE terminal = '0007'");
    }

    private TerminalApproval Approval => server.Services.GetRequiredService<TerminalApproval>();

    private static TerminalLine Line(int number, string terminal, string plate, string kind = "bus") =>
        new(number, "jt808", terminal, new ApprovalWish(Plate: plate, Kind: kind, Department: "city"));

    private async Task<(int Changed, int Bad)> ImportAsync(params TerminalLine[] lines)
    {
        (int changed, IReadOnlyList<(int Line, Problem Problem)> bad) = await Approval.ImportAsync(lines, Actor.CommandLine, TestContext.Current.CancellationToken);
        return (changed, bad.Count);
    }

    /// <summary>How often an import that changes every line asked the database.</summary>
    private async Task<int> RoundTripsAsync(params TerminalLine[] lines)
    {
        int asked = 0;
        using var import = new Activity("import");
        import.Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Npgsql",
            Sample = static (ref _) => ActivitySamplingResult.AllData,
            // A connection that is opened meanwhile is none of them.
            ActivityStopped = activity => asked += activity.TraceId == import.TraceId && activity.GetTagItem("db.query.text") is not null ? 1 : 0,
        };
        ActivitySource.AddActivityListener(listener);
        Assert.Equal((lines.Length, 0), await ImportAsync(lines));
        Assert.True(asked > 0);
        return asked;
    }

    private static async Task<IReadOnlyList<TerminalView>> ListAsync(Session desk, string state) =>
        (await desk.ReadAsync<ManageTerminals.TerminalsView>($"/api/terminals?state={state}&limit=500")).Terminals;

    private async Task KnockAsync(string phone, string plate)
    {
        await using Jt808Terminal terminal = await Jt808Terminal.ConnectAsync(server.Jt808Address, phone);
        Assert.NotEqual(0, (await terminal.RegisterAsync(plate)).Result);
    }
}
