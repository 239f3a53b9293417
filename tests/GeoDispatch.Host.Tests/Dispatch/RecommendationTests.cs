using System.Text.Json;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Dispatch;

/// <summary><c>POST /api/recommendations</c>, and what of it is kept when somebody is sent.</summary>
public sealed class RecommendationTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const double Lon = 118.5, Lat = 37.45;

    [Fact]
    public async Task A_type_asks_for_units_of_its_agencies_the_leading_one_first_each_soonest_first()
    {
        Session desk = await server.DispatcherAsync();
        JsonElement answer = await AskAsync(desk, new { lon = Lon, lat = Lat, type = "trafficTrapped", priority = 1, limit = 3 });

        string[] agencies = [.. answer.GetProperty("units").EnumerateArray().Select(static unit => unit.GetProperty("agency").GetString()!)];
        Assert.Equal(["traffic", "traffic", "traffic", "ems", "ems", "ems", "fire", "fire", "fire"], agencies);
        foreach (IGrouping<string?, JsonElement> agency in answer.GetProperty("units").EnumerateArray().GroupBy(static unit => unit.GetProperty("agency").GetString()))
        {
            double[] seconds = [.. agency.Select(static unit => unit.GetProperty("seconds").GetDouble())];
            Assert.Equal(seconds.Order(), seconds);
        }

        Assert.Contains(answer.GetProperty("leftOut").EnumerateArray(), static unit =>
            unit.GetProperty("why").GetString() == "otherAgency" && unit.GetProperty("agency").GetString() == "police");
    }

    [Fact]
    public async Task Only_units_that_have_what_is_asked_are_proposed_and_the_others_say_what_they_lack()
    {
        Session desk = await server.DispatcherAsync();
        JsonElement answer = await AskAsync(desk, new { lon = Lon, lat = Lat, agencies = new[] { "fire" }, capabilities = new[] { "ladder" } });

        Assert.NotEmpty(answer.GetProperty("units").EnumerateArray());
        JsonElement engine = answer.GetProperty("leftOut").EnumerateArray().First(static unit => unit.GetProperty("why").GetString() == "lacksCapability");
        Assert.Equal("不具备: 云梯车", engine.GetProperty("reason").GetProperty("zh").GetString());
    }

    [Theory]
    [InlineData("""{"lon":118.5,"lat":37.45,"type":"fireworks"}""", "type", "medical")]
    [InlineData("""{"lon":118.5,"lat":37.45,"capabilities":["als","magic"]}""", "capabilities", "als")]
    [InlineData("""{"lon":118.5,"lat":37.45,"agencies":["navy"]}""", "agencies", "ems")]
    [InlineData("""{"lon":118.5,"lat":37.45,"priority":5}""", "priority", "1")]
    [InlineData("""{"lon":118.5,"lat":137.45}""", "lon", "−90…90")]
    [InlineData("""{"lon":118.5,"lat":37.45,"limit":51}""", "limit", "50")]
    public async Task A_wish_that_cannot_be_meant_is_refused_by_field_and_what_would_be_right(string body, string field, string right)
    {
        Session desk = await server.DispatcherAsync();
        Answer answer = await desk.PostAsync("/api/recommendations", JsonDocument.Parse(body).RootElement);

        JsonElement problem = JsonDocument.Parse(answer.Text).RootElement;
        Assert.Equal((400, "command.bad_field", field), (answer.Status, problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
        Assert.Contains(right, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_sending_a_unit_costs_in_cover_is_said_beside_it()
    {
        Session desk = await server.DispatcherAsync();
        JsonElement[] costs;
        do
        {
            // What each unit reaches is worked out behind the first questions.
            JsonElement answer = await AskAsync(desk, new { lon = Lon, lat = Lat, type = "medical", priority = 2, limit = 50 });
            costs = [.. answer.GetProperty("units").EnumerateArray().Select(static unit => unit.GetProperty("cover")).Where(static cost => cost.ValueKind == JsonValueKind.Object)];
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        while (costs.Length == 0);

        Assert.All(costs, static cost => Assert.Equal(8, cost.GetProperty("targetMinutes").GetInt32()));
        // Stations have two or three ambulances each: the first of one station leaves its neighbour there, and costs nothing.
        Assert.Contains(costs, static cost => cost.GetProperty("lostAddresses").GetInt32() == 0);
    }

    [Fact]
    public async Task The_log_keeps_what_was_recommended_who_was_chosen_and_why_otherwise()
    {
        Session desk = await server.DispatcherAsync();
        Incident incident = (await desk.PostAsync("/api/incidents", Commands.NewIncident(Lon, Lat, "黄河路"))).Read<Incident>();
        JsonElement answer = await AskAsync(desk, new { lon = Lon, lat = Lat, type = "medical", priority = 2, incidentId = incident.Id });
        JsonElement[] units = [.. answer.GetProperty("units").EnumerateArray()];

        Answer sent = await desk.PostAsync($"/api/incidents/{incident.Id}/assignments", new
        {
            commandId = Guid.NewGuid(),
            unitIds = new[] { units[1].GetProperty("unitId").GetGuid() },
            recommendationId = answer.GetProperty("id").GetGuid(),
            why = "首选车组刚交接",
        });

        Assert.Equal(201, sent.Status);
        JsonElement kept = JsonDocument.Parse(sent.Text).RootElement.GetProperty("timeline").EnumerateArray()
            .Single(static line => line.GetProperty("type").GetString() == "unitAssigned").GetProperty("data").GetProperty("recommended");
        Assert.Equal((2, "首选车组刚交接"), (kept.GetProperty("rank").GetInt32(), kept.GetProperty("why").GetString()));
        Assert.Equal(
            units.Take(3).Select(static unit => unit.GetProperty("callSign").GetString()),
            kept.GetProperty("first").EnumerateArray().Select(static unit => unit.GetProperty("callSign").GetString()));
    }

    [Fact]
    public async Task A_unit_on_its_way_to_what_can_wait_is_weighed_for_a_life_and_left_alone_for_what_can_wait_as_long()
    {
        Session desk = await server.DispatcherAsync();
        JsonElement nearest = (await AskAsync(desk, new { lon = 118.62, lat = 37.44, type = "medical", priority = 4, limit = 50 })).GetProperty("units")[0];
        Incident waits = (await desk.PostAsync("/api/incidents", Commands.NewIncident(118.62, 37.44, "可等", priority: 4))).Read<Incident>();
        Guid unitId = nearest.GetProperty("unitId").GetGuid();
        await desk.AssignAsync(waits.Id, unitId);

        // Proposed where it saves half a minute, else said how little it saves: its neighbour at the station may be as soon.
        JsonElement answer = await AskAsync(desk, new { lon = 118.62, lat = 37.44, type = "medical", priority = 1, limit = 50 });
        JsonElement? proposed = answer.GetProperty("units").EnumerateArray().Cast<JsonElement?>().FirstOrDefault(unit => unit!.Value.GetProperty("unitId").GetGuid() == unitId);
        JsonElement? left = answer.GetProperty("leftOut").EnumerateArray().Cast<JsonElement?>().FirstOrDefault(unit => unit!.Value.GetProperty("unitId").GetGuid() == unitId);
        Assert.True(
            proposed is { } unit ? unit.GetProperty("way").GetString() == "divert" && unit.GetProperty("savedSeconds").GetDouble() >= 30
            : left!.Value.GetProperty("why").GetString() == "notWorthDiverting");
        // For something that can wait as long nobody is taken away.
        JsonElement same = await AskAsync(desk, new { lon = 118.62, lat = 37.44, type = "medical", priority = 4, limit = 50 });
        Assert.Equal("assigned", same.GetProperty("leftOut").EnumerateArray().Single(unit => unit.GetProperty("unitId").GetGuid() == unitId).GetProperty("why").GetString());
    }

    private static async Task<JsonElement> AskAsync(Session desk, object wish)
    {
        Answer answer = await desk.PostAsync("/api/recommendations", wish);
        Assert.Equal(200, answer.Status);
        return JsonDocument.Parse(answer.Text).RootElement;
    }
}
