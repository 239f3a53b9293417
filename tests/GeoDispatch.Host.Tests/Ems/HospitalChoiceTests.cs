using System.Text.Json;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Fixes;

namespace GeoDispatch.Host.Tests.Ems;

/// <summary><c>POST /api/hospitals/choice</c>: over the real streets, with what the hospitals reported.</summary>
public sealed class HospitalChoiceTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const double Lon = 118.5, Lat = 37.44;

    private sealed record Chosen(int Rank, Guid HospitalId, double Seconds, double RoadSeconds, double LoadSeconds, bool IsWish, Reason Reason);

    private sealed record LeftOutOne(Guid HospitalId, string Why, Reason Reason);

    private sealed record Choice(string From, int Level, string Basis, Reason? Note, Chosen[] Hospitals, LeftOutOne[] LeftOut);

    [Fact]
    public async Task The_nearest_by_road_that_can_and_takes_patients_comes_first_and_each_of_the_others_says_why_not()
    {
        Session desk = await server.DispatcherAsync();
        HospitalSeen[] hospitals = await desk.HospitalsAsync();
        Choice choice = await AskAsync(desk, new { lon = Lon, lat = Lat, capabilities = new[] { "stroke" }, level = 1 });
        Assert.Equal(("given", "able"), (choice.From, choice.Basis));
        Assert.Equal(hospitals.Where(static one => one.Capabilities.Contains("stroke")).Select(static one => one.Id).Order(), choice.Hospitals.Select(static one => one.HospitalId).Order());
        Assert.Equal(choice.Hospitals.Select(static one => one.Seconds).Order(), choice.Hospitals.Select(static one => one.Seconds));
        Assert.All(choice.LeftOut, static one => Assert.Equal(("lacksCapability", "不具备:卒中"), (one.Why, one.Reason.Zh)));

        // Every time is the one that the roads say.
        HospitalSeen first = hospitals.Single(one => one.Id == choice.Hospitals[0].HospitalId);
        JsonElement matrix = (await desk.PostAsync("/api/roads/matrix", new { from = new[] { new { lon = Lon, lat = Lat } }, to = new[] { new { lon = first.Lon, lat = first.Lat } } })).Read<JsonElement>();
        Assert.Equal(matrix.GetProperty("seconds")[0][0].GetDouble(), choice.Hospitals[0].RoadSeconds, 3);

        (await desk.ReportAsync(first, 7, null, new { capability = "stroke", reason = "CT 故障", until = TimeProvider.System.GetUtcNow().AddHours(1) })).Read204();
        Choice diverted = await AskAsync(desk, new { lon = Lon, lat = Lat, capabilities = new[] { "stroke" }, level = 1, wishHospitalId = first.Id });
        Assert.Equal(choice.Hospitals[1].HospitalId, diverted.Hospitals[0].HospitalId);
        LeftOutOne out_ = diverted.LeftOut.Single(one => one.HospitalId == first.Id);
        Assert.Equal("diverting", out_.Why);
        Assert.Matches("^患者意愿,但分流至 [0-2][0-9]:[0-5][0-9]\\(卒中\\):CT 故障$", out_.Reason.Zh);
        Assert.Contains((await AskAsync(desk, new { lon = Lon, lat = Lat, level = 1 })).Hospitals, one => one.HospitalId == first.Id);
    }

    [Fact]
    public async Task A_wish_of_a_patient_in_no_danger_is_met_and_one_without_a_bed_comes_later()
    {
        Session desk = await server.DispatcherAsync();
        Choice choice = await AskAsync(desk, new { lon = 118.62, lat = 37.44, capabilities = new[] { "trauma" }, level = 3 });
        Guid last = choice.Hospitals[^1].HospitalId, first = choice.Hospitals[0].HospitalId;
        Assert.Equal((last, true), (await AskAsync(desk, new { lon = 118.62, lat = 37.44, capabilities = new[] { "trauma" }, level = 3, wishHospitalId = last })).Hospitals.Select(static one => (one.HospitalId, one.IsWish)).First());

        (await desk.ReportAsync(await desk.HospitalAsync(first), 0)).Read204();
        Chosen full = (await AskAsync(desk, new { lon = 118.62, lat = 37.44, capabilities = new[] { "trauma" }, level = 3 })).Hospitals.Single(one => one.HospitalId == first);
        Assert.Equal((900, full.RoadSeconds + 900), (full.LoadSeconds, full.Seconds));
        Assert.Contains("无空床 +15:00", full.Reason.Zh, StringComparison.Ordinal);
    }

    [Fact]
    public async Task For_a_run_it_is_asked_from_where_the_unit_is_at_the_incidents_priority_and_a_crew_asks_for_its_own()
    {
        Session desk = await server.DispatcherAsync();
        DemoCrew crew = server.Crews[0];
        Session own = await server.CrewAsync(crew.UnitId), other = await server.CrewAsync(server.Crews[1].UnitId);
        Incident incident = await desk.OpenAsync(118.58, 37.455);
        Assignment work = await desk.AssignAsync(incident.Id, crew.UnitId);
        (await server.SendFixesAsync(crew, new AvlFix(TimeProvider.System.GetUtcNow(), Lon, Lat))).Read<FixReceipt>();
        Choice before = await AskAsync(own, new { assignmentId = work.Id });
        Assert.Equal(("incident", 2), (before.From, before.Level));

        foreach (string milestone in new[] { "acknowledged", "enRoute", "onScene" })
        {
            (await own.PressAsync(work.Id, milestone)).Read<Incident>();
        }

        Choice there = await AskAsync(own, new { assignmentId = work.Id });
        Assert.Equal("fix", there.From);
        Assert.Equal((await AskAsync(desk, new { lon = Lon, lat = Lat })).Hospitals.Select(static one => one.HospitalId), there.Hospitals.Select(static one => one.HospitalId));
        (await other.PostAsync("/api/hospitals/choice", new { assignmentId = work.Id })).MustRefuse(403, "prealert.not_yours");
    }

    [Theory]
    [InlineData("""{"lon":118.5,"lat":37.44,"capabilities":["magic"]}""", 400, "command.bad_field", "capabilities")]
    [InlineData("""{"lon":118.5,"lat":37.44,"level":5}""", 400, "command.bad_field", "level")]
    [InlineData("""{"lon":118.5}""", 400, "command.bad_field", "lon")]
    [InlineData("""{"lon":10,"lat":10}""", 409, "hospital.off_road", "lon")]
    [InlineData("""{"assignmentId":"00000000-0000-0000-0000-000000000000"}""", 404, "assignment.unknown", "assignmentId")]
    [InlineData("""{"lon":118.5,"lat":37.44,"wishHospitalId":"00000000-0000-0000-0000-000000000000"}""", 404, "hospital.unknown", "wishHospitalId")]
    public async Task A_question_that_cannot_be_meant_is_refused_by_field(string body, int status, string code, string field)
    {
        Session desk = await server.DispatcherAsync();

        Answer refused = (await desk.PostAsync("/api/hospitals/choice", JsonDocument.Parse(body).RootElement)).MustRefuse(status, code);

        Assert.Equal(field, refused.Problem.GetProperty("field").GetString());
    }

    private static async Task<Choice> AskAsync(Session session, object question) => (await session.PostAsync("/api/hospitals/choice", question)).Read<Choice>();
}
