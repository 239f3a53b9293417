using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Dispatch;

/// <summary>Units of every agency on one board, and incidents of every type.</summary>
public sealed class AgencyTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task The_board_shows_every_agencys_units_ambulances_first_or_those_of_the_agencies_that_are_named()
    {
        Session desk = await server.DispatcherAsync();

        Unit[] all = (await desk.ReadAsync<Board>("/api/board")).Units;
        Assert.Equal(
            [("ems", 55), ("fire", 14), ("police", 20), ("traffic", 8), ("power", 2), ("water", 2), ("gas", 2), ("heat", 2)],
            all.CountBy(unit => unit.Agency).Select(counted => (counted.Key, counted.Value)));
        Assert.All(all, unit => Assert.True(unit is { Synthetic: true, Status: "available", Duty.OnDuty: true, Out: null, Capabilities.Length: > 0, Crew.Length: > 1 }));
        Assert.Equal("A01", all[0].CallSign);

        Unit[] some = (await desk.ReadAsync<Board>("/api/board?agency=fire&agency=gas")).Units;
        Assert.Equal(["fire", "gas"], some.Select(unit => unit.Agency).Distinct());
        Assert.Equal(16, some.Length);
        Assert.Equal("moon", (await desk.GetAsync("/api/board?agency=moon")).MustRefuse(400, "command.bad_field").Problem.GetProperty("value").GetString());
    }

    [Fact]
    public async Task An_incident_may_be_of_any_type_that_is_active_and_a_wrong_one_is_answered_with_those()
    {
        Session desk = await server.DispatcherAsync();
        object Of(string type) => new
        {
            commandId = Guid.NewGuid(),
            type,
            priority = 1,
            complaint = "被困",
            place = new { lon = 118.58, lat = 37.455, address = "黄河路100号" },
        };

        Assert.Equal("trafficTrapped", (await desk.PostAsync("/api/incidents", Of("trafficTrapped"))).Read<Incident>().Type);

        string said = (await desk.PostAsync("/api/incidents", Of("alien"))).MustRefuse(400, "command.bad_field").Text;
        Assert.Contains("fireBuilding", said, StringComparison.Ordinal);
        await server.Database.AdministerAsync("UPDATE dispatch.incident_type SET active = false WHERE code = 'heatBurst'");
        said = (await desk.PostAsync("/api/incidents", Of("heatBurst"))).MustRefuse(400, "command.bad_field").Text;
        Assert.DoesNotContain("| heatBurst", said, StringComparison.Ordinal);
    }
}
