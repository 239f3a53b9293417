using System.Text.Json;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Dispatch;

/// <summary>One 120 call from the search for its place to the close, over HTTP as the console and the crew page do it.</summary>
public sealed class JourneyTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly string[] Milestones =
        ["acknowledged", "enRoute", "onScene", "atPatient", "leftScene", "atDestination", "handedOver", "available"];

    [Fact]
    public async Task A_call_goes_from_the_place_to_the_close_and_a_restart_shows_the_same()
    {
        Session desk = await server.DispatcherAsync();
        PlaceFound place = (await desk.ReadAsync<PlacesFound>($"/api/places?q={Uri.EscapeDataString("黄河路100号")}")).Places[0];
        Assert.Equal("黄河路100号", place.Name);

        Recommendations advice = await desk.ReadAsync<Recommendations>(FormattableString.Invariant($"/api/recommendations?lon={place.Lon}&lat={place.Lat}"));
        Assert.Equal("road", advice.Basis);
        Assert.Equal(Enumerable.Range(1, advice.Units.Length), advice.Units.Select(unit => unit.Rank));
        Assert.Equal(advice.Units.Select(unit => unit.Seconds).Order(), advice.Units.Select(unit => unit.Seconds));
        Assert.All(advice.Units, unit => Assert.True(unit.Reason is { Zh.Length: > 0, En.Length: > 0 }));
        Recommended first = advice.Units[0];

        Answer opened = await desk.PostAsync("/api/incidents", Commands.NewIncident(place.Lon, place.Lat, place.Name));
        Incident incident = opened.Read<Incident>();
        Assert.Equal((201, "\"1\"", $"/api/incidents/{incident.Id}"), (opened.Status, opened.Version, opened.Response.Headers.Location?.ToString()));
        Assert.Matches("^I[1-9][0-9]*$", incident.Number);
        Assert.Equal(("waiting", place.Name), (incident.Status, incident.Place.Address));

        Assignment work = await desk.AssignAsync(incident.Id, first.UnitId);
        Assert.Equal("notified", work.Status);
        Assert.Equal(first.Seconds!.Value, work.ExpectedSeconds!.Value, 6);
        Recommendations later = await desk.ReadAsync<Recommendations>(FormattableString.Invariant($"/api/recommendations?lon={place.Lon}&lat={place.Lat}&limit=50"));
        Assert.DoesNotContain(later.Units, unit => unit.UnitId == first.UnitId);
        Assert.Equal(("assigned", incident.Number), later.LeftOut.Where(unit => unit.UnitId == first.UnitId).Select(unit => (unit.Why, unit.IncidentNumber)).Single());

        Session crew = await server.CrewAsync(first.UnitId);
        // Its vehicle has no terminal: the order says so once it has been tried, which changes nothing any more.
        await Eventually.GetAsync(
            () => desk.GetAsync($"/api/incidents/{incident.Id}"), static answer => !answer.Text.Contains("\"failed\":null", StringComparison.Ordinal), "the order is never tried");
        UnitTask task = await crew.ReadAsync<UnitTask>($"/api/units/{crew.UnitId}/task");
        Assert.Equal((incident.Id, work.Id), (task.Incident!.Id, task.Assignment!.Id));
        Target hospital = (await crew.ReadAsync<Hospitals>("/api/hospitals")).Items[0];
        foreach (string milestone in Milestones)
        {
            Answer pressed = await crew.PressAsync(work.Id, milestone, milestone == "leftScene" ? hospital.Id : null);
            Assert.Equal(milestone, pressed.Read<Incident>().Assignments.Single().Status);
            await BoardAndDetailAgreeAsync(desk, incident.Id);
        }

        (await desk.CloseAsync(incident.Id)).Read<Incident>();
        await BoardAndDetailAgreeAsync(desk, incident.Id);
        Answer detail = await desk.GetAsync($"/api/incidents/{incident.Id}");
        Incident closed = detail.Read<Incident>();
        Assert.Equal(("closed", "transported"), (closed.Status, closed.Disposition));
        Assert.Equal(
            ["incidentOpened", "unitAssigned", .. Milestones.Select(_ => "milestoneRecorded"), "incidentClosed"],
            closed.Timeline!.Select(entry => entry.Type));
        Assert.Equal(Enumerable.Range(1, closed.Version), closed.Timeline!.Select(entry => entry.Version));
        Assert.Equal(closed.Timeline!.Select(entry => entry.RecordedAt).Order(), closed.Timeline!.Select(entry => entry.RecordedAt));
        Assert.Equal(hospital.Name, closed.Assignments.Single().DestinationName);

        Board before = await desk.ReadAsync<Board>("/api/board");
        await server.RestartAsync();
        desk = await server.DispatcherAsync();
        Assert.Equal(detail.Text, (await desk.GetAsync($"/api/incidents/{incident.Id}")).Text);
        Board after = await desk.ReadAsync<Board>("/api/board");
        Assert.Equal(JsonSerializer.Serialize(before.Incidents), JsonSerializer.Serialize(after.Incidents));
        Assert.Equal(JsonSerializer.Serialize(before.Units), JsonSerializer.Serialize(after.Units));
    }

    [Fact]
    public async Task Replaying_the_timeline_gives_what_the_board_shows()
    {
        Session desk = await server.DispatcherAsync();
        Guid[] units = [.. server.Crews.Select(crew => crew.UnitId).Skip(10).Take(3)];
        Incident incident = await desk.OpenAsync(118.62, 37.44);
        Assignment recalled = await desk.AssignAsync(incident.Id, units[0]);
        Assignment emptyRun = await desk.AssignAsync(incident.Id, units[1]);
        Assignment working = await desk.AssignAsync(incident.Id, units[2]);
        (await desk.CancelAsync(recalled.Id)).Read<Incident>();
        (await desk.PressAsync(emptyRun.Id, "acknowledged")).Read<Incident>();
        (await desk.PressAsync(emptyRun.Id, "enRoute")).Read<Incident>();
        (await desk.CancelAsync(emptyRun.Id)).Read<Incident>();
        (await desk.PressAsync(working.Id, "acknowledged")).Read<Incident>();
        (await desk.PostAsync($"/api/incidents/{incident.Id}/priority", new { commandId = Guid.NewGuid(), priority = 1 })).Read<Incident>();
        (await desk.PostAsync($"/api/incidents/{incident.Id}/notes", new { commandId = Guid.NewGuid(), text = "家属在楼下等" })).Read<Incident>();

        Incident shown = (await desk.ReadAsync<Board>("/api/board"))[incident.Id];
        TimelineEntry[] timeline = (await desk.ReadAsync<Incident>($"/api/incidents/{incident.Id}")).Timeline!;
        var status = new Dictionary<Guid, string>();
        int priority = 0;
        foreach (TimelineEntry entry in timeline)
        {
            switch (entry.Type)
            {
                case "incidentOpened":
                    priority = entry.Data.GetProperty("priority").GetInt32();
                    break;
                case "priorityChanged":
                    priority = entry.Data.GetProperty("to").GetInt32();
                    break;
                case "unitAssigned":
                    status[entry.Data.GetProperty("assignmentId").GetGuid()] = "notified";
                    break;
                case "milestoneRecorded":
                    status[entry.Data.GetProperty("assignmentId").GetGuid()] = entry.Data.GetProperty("milestone").GetString()!;
                    break;
                case "assignmentCancelled":
                    status[entry.Data.GetProperty("assignmentId").GetGuid()] = "cancelled";
                    break;
            }
        }

        Assert.Equal((priority, timeline.Length), (shown.Priority, shown.Version));
        Assert.Equal(status.OrderBy(pair => pair.Key), shown.Assignments.ToDictionary(work => work.Id, work => work.Status).OrderBy(pair => pair.Key));
        Assert.Equal(["recalled", "emptyRun"], timeline.Where(entry => entry.Type == "assignmentCancelled").Select(entry => entry.Data.GetProperty("kind").GetString()));
    }

    private static async Task BoardAndDetailAgreeAsync(Session desk, Guid incidentId)
    {
        Board board = await desk.ReadAsync<Board>("/api/board");
        Incident shown = board[incidentId];
        Incident detail = await desk.ReadAsync<Incident>($"/api/incidents/{incidentId}");
        Assert.Equal(JsonSerializer.Serialize(shown), JsonSerializer.Serialize(detail with { Timeline = null, CallbackNumber = null, Calls = null }));
        Assert.All(detail.Assignments, work =>
        {
            Unit unit = board.UnitOf(work.UnitId);
            Assert.Equal(work.Active ? ("assigned", work.Status, detail.Number) : ("available", null, null), (unit.Status, unit.Leg, unit.IncidentNumber));
        });
    }
}
