using GeoDispatch.Testing;
using GeoDispatch.Tracking.Fixes;

namespace GeoDispatch.Host.Tests.Dispatch;

/// <summary>The crew's own screen as a device of its vehicle.</summary>
public sealed class CrewDeviceTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private sealed record CrewDevice(Guid DeviceId, Guid VehicleId, string Credential);

    [Fact]
    public async Task A_crew_sends_the_position_of_its_own_vehicle()
    {
        DemoCrew crew = server.Crews[20];
        using Session page = await server.CrewAsync(crew.UnitId);
        CrewDevice device = (await page.PostAsync($"/api/units/{crew.UnitId}/device", new { })).Read<CrewDevice>();
        Assert.NotEqual(crew.DeviceId, device.DeviceId);

        FixReceipt receipt = (await SendAsync(device, 118.51)).Read<FixReceipt>();
        Assert.Equal(1, receipt.Accepted);
        Session desk = await server.DispatcherAsync();
        Unit unit = (await desk.ReadAsync<Board>("/api/board")).UnitOf(crew.UnitId);
        Assert.Equal((device.VehicleId, 118.51), (unit.VehicleId, unit.Position!.Lon));
        // The vehicle keeps its name, and its terminal its credential.
        Assert.Equal(crew.CallSign, await server.Database.ReadAsync<string>("SELECT name FROM tracking.vehicle WHERE id = $1", device.VehicleId));
        (await server.SendFixesAsync(crew, new AvlFix(Now, 118.52, 37.45))).Read<FixReceipt>();
        Assert.Equal(1, await server.Database.CountAsync("identity.audit WHERE action = 'unit.device_registered' AND subject = $1", crew.UnitId.ToString()));
    }

    [Fact]
    public async Task The_screen_that_asks_last_takes_over()
    {
        DemoCrew crew = server.Crews[21];
        using Session first = await server.CrewAsync(crew.UnitId), second = await server.CrewAsync(crew.UnitId);
        CrewDevice old = (await first.PostAsync($"/api/units/{crew.UnitId}/device", new { })).Read<CrewDevice>();
        (await SendAsync(old, 118.51)).Read<FixReceipt>();
        CrewDevice taken = (await second.PostAsync($"/api/units/{crew.UnitId}/device", new { })).Read<CrewDevice>();
        Assert.Equal(old.DeviceId, taken.DeviceId);
        (await SendAsync(old, 118.52)).MustRefuse(401, "device.wrong_credential");
        (await SendAsync(taken, 118.53)).Read<FixReceipt>();
    }

    [Fact]
    public async Task A_device_that_was_disabled_stays_so()
    {
        DemoCrew crew = server.Crews[22];
        using Session page = await server.CrewAsync(crew.UnitId);
        CrewDevice device = (await page.PostAsync($"/api/units/{crew.UnitId}/device", new { })).Read<CrewDevice>();
        await server.Database.ReadAsync<Guid>("UPDATE tracking.device SET enabled = false WHERE id = $1 RETURNING id", device.DeviceId);
        (await page.PostAsync($"/api/units/{crew.UnitId}/device", new { })).MustRefuse(409, "unit.no_device");
    }

    [Fact]
    public async Task Nobody_else_gets_the_credential()
    {
        DemoCrew crew = server.Crews[23];
        string path = $"/api/units/{crew.UnitId}/device";
        using Session other = await server.CrewAsync(server.Crews[24].UnitId);
        (await other.PostAsync(path, new { })).MustRefuse(403, "assignment.not_yours");
        Session desk = await server.DispatcherAsync();
        (await desk.PostAsync(path, new { })).MustRefuse(403, "assignment.not_yours");
        using Session forged = await server.CrewAsync(crew.UnitId);
        forged.CsrfToken = null;
        (await forged.PostAsync(path, new { })).MustRefuse(400, "csrf.missing");
        (await server.Anonymous().PostAsync(path, new { })).MustRefuse(401, "session.required");
        Assert.Equal(0, await server.Database.CountAsync("tracking.device WHERE id = $1", crew.UnitId));
    }

    private async Task<Answer> SendAsync(CrewDevice device, double lon) => await server.SendFixesAsync(
        device.Credential, new SendFixesRequest(device.DeviceId, [new AvlFix(Now, lon, 37.45)]));
}
