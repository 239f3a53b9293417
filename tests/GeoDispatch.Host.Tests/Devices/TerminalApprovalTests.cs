using System.Text.Json;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Devices;

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

    private static async Task<IReadOnlyList<TerminalView>> ListAsync(Session desk, string state) =>
        (await desk.ReadAsync<ManageTerminals.TerminalsView>($"/api/terminals?state={state}&limit=500")).Terminals;

    private async Task KnockAsync(string phone, string plate)
    {
        await using Jt808Terminal terminal = await Jt808Terminal.ConnectAsync(server.Jt808Address, phone);
        Assert.NotEqual(0, (await terminal.RegisterAsync(plate)).Result);
    }
}
