using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Traffic;

/// <summary>What the desk and the crews do says when a vehicle drives with lights and sirens.</summary>
public sealed class EmergencyRunTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_vehicle_drives_with_sirens_to_the_scene_and_to_hospital_and_not_between()
    {
        Session desk = await server.DispatcherAsync();
        Guid unit = await server.Database.ReadAsync<Guid>("SELECT id FROM dispatch.unit WHERE call_sign = 'A03'");
        Guid hospital = await server.Database.ReadAsync<Guid>("SELECT id FROM dispatch.destination ORDER BY id LIMIT 1");
        Assignment work = await desk.AssignAsync((await desk.OpenAsync()).Id, unit);
        Assert.Equal("", await RunsAsync());

        var seen = new List<string>();
        foreach (string milestone in new[] { "acknowledged", "enRoute", "onScene", "atPatient", "leftScene", "atDestination", "handedOver", "available" })
        {
            (await desk.PressAsync(work.Id, milestone, milestone == "leftScene" ? hospital : null)).Read<Incident>();
            seen.Add($"{milestone}: {await RunsAsync()}");
        }

        Assert.Equal(
            ["acknowledged: ", "enRoute: open", "onScene: ended", "atPatient: ended", "leftScene: ended open", "atDestination: ended ended",
                "handedOver: ended ended", "available: ended ended"],
            seen);

        // Recalled on the way: from then on without.
        Assignment recalled = await desk.AssignAsync((await desk.OpenAsync()).Id, unit);
        (await desk.PressAsync(recalled.Id, "enRoute")).Read<Incident>();
        Assert.Equal("ended ended open", await RunsAsync());
        (await desk.CancelAsync(recalled.Id)).Read<Incident>();
        Assert.Equal("ended ended ended", await RunsAsync());

        Task<string> RunsAsync() => server.Database.ReadAsync<string>(
            """
            SELECT coalesce(string_agg(CASE WHEN ends_at IS NULL THEN 'open' ELSE 'ended' END, ' ' ORDER BY starts_at), '')
            FROM tracking.emergency_run JOIN dispatch.unit USING (vehicle_id) WHERE unit.id = $1
            """, unit);
    }
}
