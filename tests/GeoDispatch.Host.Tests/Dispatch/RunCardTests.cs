using System.Net.Http.Json;
using System.Text.Json;
using GeoDispatch.Testing;
using GeoDispatch.Tracking.Fixes;

namespace GeoDispatch.Host.Tests.Dispatch;

/// <summary>What an incident needs, which of the units sent fill that, and who is at the stations.</summary>
public sealed class RunCardTests(RunningServer server) : IClassFixture<RunningServer>
{
    private sealed record Filler(Guid UnitId, string CallSign);

    private sealed record Need(string Capability, string Name, string Agency, int Wanted, Filler[] FilledBy, int Missing);

    private sealed record Card(Guid Id, string Name, int Version);

    private sealed record Gap(Reason? Missing, Reason? MissingNow);

    private sealed record Listed(Guid Id, int Version, Gap Gap);

    private sealed record Cards(Listed[] All)
    {
        [System.Text.Json.Serialization.JsonPropertyName("cards")]
        public Listed[] All { get; init; } = All;
    }

    private sealed record Needs(Card? Card, Need[] Items, Reason? Missing)
    {
        [System.Text.Json.Serialization.JsonPropertyName("needs")]
        public Need[] Items { get; init; } = Items;
    }

    private sealed record StationUnit(Unit Unit, bool IsIn);

    private sealed record Station(Guid Id, string Name, string Agency, int Available, StationUnit[] Units);

    private sealed record Stations(Station[] All)
    {
        [System.Text.Json.Serialization.JsonPropertyName("stations")]
        public Station[] All { get; init; } = All;
    }

    [Fact]
    public async Task The_needs_of_people_trapped_are_filled_unit_by_unit_and_what_is_missing_is_said()
    {
        Session desk = await server.DispatcherAsync();
        Guid incident = await OpenAsync(desk, "trafficTrapped", 1);

        Needs before = await NeedsAsync(desk, incident);
        Assert.Equal("交通事故被困（演示）", before.Card!.Name);
        Assert.Equal("缺: 高级生命支持 1、基础生命支持 1、抢险救援 1、交警 1、巡逻 1", before.Missing!.Zh);

        // A01 has both ways of life support; A02, which has the basic one alone, leaves it to the advanced.
        foreach (string callSign in new[] { "A01", "A02", "F07", "T01" })
        {
            await desk.AssignAsync(incident, server.Crew(callSign).UnitId);
        }

        Needs after = await NeedsAsync(desk, incident);
        Assert.Equal(
            [("als", "A01"), ("bls", "A02"), ("rescue", "F07"), ("trafficPolice", "T01"), ("patrol", "")],
            after.Items.Select(need => (need.Capability, string.Join(',', need.FilledBy.Select(unit => unit.CallSign)))));
        Assert.Equal(("缺: 巡逻 1", "Missing: Patrol 1"), (after.Missing!.Zh, after.Missing.En));

        await desk.AssignAsync(incident, server.Crew("P01").UnitId);
        Assert.Null((await NeedsAsync(desk, incident)).Missing);
    }

    [Fact]
    public async Task The_most_specific_card_counts_an_area_before_a_priority_before_neither()
    {
        Session boss = await server.SignInAsync("admin"), desk = await server.DispatcherAsync();
        Guid incident = await OpenAsync(desk, "liftTrapped", 2), elsewhere = await OpenAsync(desk, "liftTrapped", 2, lon: 118.70);
        Guid prioritized = Guid.NewGuid(), downtown = Guid.NewGuid();
        double[][] ring = [[118.57, 37.45], [118.59, 37.45], [118.59, 37.46], [118.57, 37.46], [118.57, 37.45]];
        object area = new { type = "Polygon", coordinates = new[] { ring } };

        Assert.Equal("电梯困人（演示）", (await NeedsAsync(desk, incident)).Card!.Name);
        await PutAsync(boss, prioritized, new { name = "危重", type = "liftTrapped", priority = 2, needs = new[] { new { capability = "rescue", count = 2 } } });
        Assert.Equal("危重", (await NeedsAsync(desk, incident)).Card!.Name);
        await PutAsync(boss, downtown, new { name = "市中心", type = "liftTrapped", area, needs = new[] { new { capability = "engine", count = 1 } } });
        Assert.Equal("市中心", (await NeedsAsync(desk, incident)).Card!.Name);
        Assert.Equal("危重", (await NeedsAsync(desk, elsewhere)).Card!.Name);

        Assert.Equal(204, (await boss.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"/api/run-cards/{downtown}"))).Status);
        Assert.Equal("危重", (await NeedsAsync(desk, incident)).Card!.Name);
        (await boss.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"/api/run-cards/{downtown}"))).MustRefuse(404, "run_card.unknown");
        Assert.Equal(
            ["run_card.saved 危重", "run_card.saved 市中心", "run_card.deleted 市中心"],
            await server.Database.ListAsync<string>("SELECT action || ' ' || subject_name FROM identity.administration WHERE subject_name IN ('危重', '市中心') ORDER BY id"));
        Assert.Contains(prioritized.ToString(), (await desk.GetAsync("/api/run-cards")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_card_nothing_is_known_to_be_needed_and_of_no_incident_there_is_nothing()
    {
        Session desk = await server.DispatcherAsync();
        Needs needs = await NeedsAsync(desk, await OpenAsync(desk, "other", 3));

        Assert.Equal((null, 0, null), (needs.Card, needs.Items.Length, needs.Missing));
        (await desk.GetAsync($"/api/incidents/{Guid.NewGuid()}/needs")).MustRefuse(404, "incident.unknown");
    }

    [Fact]
    public async Task A_card_that_makes_no_sense_is_refused_and_only_administrators_keep_cards()
    {
        Session boss = await server.SignInAsync("admin"), desk = await server.DispatcherAsync();
        Guid id = Guid.NewGuid();
        object needs = new[] { new { capability = "rescue", count = 1 } };
        double[][] knot = [[118.5, 37.4], [118.6, 37.5], [118.6, 37.4], [118.5, 37.5], [118.5, 37.4]];

        (await TryPutAsync(desk, id, new { name = "甲", type = "medical", needs })).MustRefuse(403, "session.forbidden");
        MustName(await TryPutAsync(boss, id, new { name = "", type = "medical", needs }), "name");
        MustName(await TryPutAsync(boss, id, new { name = "甲", type = "alien", needs }), "type");
        MustName(await TryPutAsync(boss, id, new { name = "甲", type = "medical", priority = 9, needs }), "priority");
        MustName(await TryPutAsync(boss, id, new { name = "甲", type = "medical", needs = Array.Empty<object>() }), "needs");
        MustName(await TryPutAsync(boss, id, new { name = "甲", type = "medical", needs = new[] { new { capability = "fly", count = 1 } } }), "needs[0].capability");
        MustName(await TryPutAsync(boss, id, new { name = "甲", type = "medical", needs = new[] { new { capability = "als", count = 21 } } }), "needs[0].count");
        foreach (object area in new object[] { "here", new { type = "Point", coordinates = new[] { 118.5, 37.4 } }, new { type = "Polygon", coordinates = new[] { knot } } })
        {
            MustName(await TryPutAsync(boss, id, new { name = "甲", type = "medical", area, needs }), "area");
        }

        Assert.Equal(0, await server.Database.CountAsync("dispatch.run_card WHERE id = $1", id));
    }

    [Fact]
    public async Task What_the_citys_units_could_not_fill_is_said_of_a_card_and_of_one_that_is_being_written()
    {
        Session boss = await server.SignInAsync("admin"), desk = await server.DispatcherAsync();
        Guid id = Guid.NewGuid();
        // The city has two ladders and one boat.
        object[] needs = [new { capability = "ladder", count = 3 }, new { capability = "boat", count = 1 }];

        Gap draft = (await desk.PostAsync("/api/run-cards/gap", new { needs })).Read<Gap>();
        Assert.Equal((new Reason("缺: 云梯车 1", "Missing: Ladder truck 1"), draft.Missing), (draft.Missing, draft.MissingNow));
        Assert.Equal(new Gap(null, null), (await desk.PostAsync("/api/run-cards/gap", new { needs = needs[1..] })).Read<Gap>());

        // Of the boat's crew nobody is there, and one ladder is repaired: the plan is the same, tonight is another matter.
        await PutAsync(boss, id, new { name = "高处", type = "heightRescue", needs });
        (await desk.PostAsync($"/api/units/{server.Crew("F13").UnitId}/log-off", new { commandId = Guid.NewGuid() })).Read<Unit>();
        (await desk.PostAsync($"/api/units/{server.Crew("F09").UnitId}/take-out", new { commandId = Guid.NewGuid(), reason = "vehicle" })).Read<Unit>();
        Gap listed = (await desk.ReadAsync<Cards>("/api/run-cards")).All.Single(card => card.Id == id).Gap;
        Assert.Equal(("缺: 云梯车 1", "缺: 云梯车 2、舟艇 1"), (listed.Missing!.Zh, listed.MissingNow!.Zh));

        MustName(await desk.PostAsync("/api/run-cards/gap", new { needs = Array.Empty<object>() }), "needs");
        MustName(await desk.PostAsync("/api/run-cards/gap", new { needs = new[] { new { capability = "fly", count = 1 } } }), "needs[0].capability");
        (await (await server.CrewAsync(server.Crew("F01").UnitId)).PostAsync("/api/run-cards/gap", new { needs })).MustRefuse(403, "session.forbidden");
        (await boss.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"/api/run-cards/{id}"))).Read204();
        (await desk.PostAsync($"/api/units/{server.Crew("F09").UnitId}/bring-back", new { commandId = Guid.NewGuid() })).Read<Unit>();
    }

    [Fact]
    public async Task Of_two_who_change_a_card_the_second_is_told_and_what_is_so_already_is_not_written_down()
    {
        Session boss = await server.SignInAsync("admin");
        Guid id = Guid.NewGuid();
        object CardOf(int count) => new { name = "水上", type = "waterRescue", priority = 3, needs = new[] { new { capability = "boat", count } } };

        Answer made = await TryPutAsync(boss, id, CardOf(1));
        Assert.Equal(("\"1\"", 1), (made.Version, made.Read<Card>().Version));
        Assert.Equal(2, (await TryPutAsync(boss, id, CardOf(2), "\"1\"")).Read<Card>().Version);
        (await TryPutAsync(boss, id, CardOf(3), "\"1\"")).MustRefuse(412, "run_card.stale");
        Assert.Equal(2, (await TryPutAsync(boss, id, CardOf(2), "\"1\"")).Read<Card>().Version);
        Assert.Equal(2, await server.Database.ReadAsync<int>("SELECT count FROM dispatch.run_card_need WHERE card_id = $1", id));
        Assert.Equal(2, await server.Database.CountAsync("identity.administration WHERE subject_name = '水上'"));

        var delete = new HttpRequestMessage(HttpMethod.Delete, $"/api/run-cards/{id}");
        delete.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        (await boss.SendAsync(delete)).MustRefuse(412, "run_card.stale");
        (await boss.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"/api/run-cards/{id}"))).Read204();
    }

    [Fact]
    public async Task A_station_shows_its_units_and_which_of_them_are_in()
    {
        Session desk = await server.DispatcherAsync();
        DemoCrew gone = server.Crew("F02");
        (await server.SendFixesAsync(gone, new AvlFix(TimeProvider.System.GetUtcNow(), 118.60, 37.50))).Read<FixReceipt>();

        Station[] all = (await desk.ReadAsync<Stations>("/api/stations")).All;

        Assert.Equal(
            [("ems", 26), ("fire", 6), ("police", 8), ("traffic", 4), ("power", 1), ("water", 1), ("gas", 1), ("heat", 1)],
            all.CountBy(station => station.Agency).Select(counted => (counted.Key, counted.Value)));
        Station fire = all.Single(station => station.Units.Any(unit => unit.Unit.Id == gone.UnitId));
        Assert.Equal([("F02", false), ("F08", true), ("F14", true)], fire.Units.Select(unit => (unit.Unit.CallSign, unit.IsIn)));
        Assert.Equal(3, fire.Available);
    }

    private static async Task<Guid> OpenAsync(Session desk, string type, int priority, double lon = 118.58) => (await desk.PostAsync("/api/incidents", new
    {
        commandId = Guid.NewGuid(),
        type,
        priority,
        complaint = "被困",
        place = new { lon, lat = 37.455, address = "黄河路100号" },
    })).Read<Incident>().Id;

    private static Task<Needs> NeedsAsync(Session desk, Guid incident) => desk.ReadAsync<Needs>($"/api/incidents/{incident}/needs");

    private static async Task PutAsync(Session boss, Guid id, object card) => (await TryPutAsync(boss, id, card)).Read<Card>();

    private static Task<Answer> TryPutAsync(Session who, Guid id, object card, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"/api/run-cards/{id}") { Content = JsonContent.Create(card, card.GetType(), options: JsonSerializerOptions.Web) };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return who.SendAsync(request);
    }

    private static void MustName(Answer answer, string field) =>
        Assert.Equal(field, answer.MustRefuse(400, "command.bad_field").Problem.GetProperty("field").GetString());
}
