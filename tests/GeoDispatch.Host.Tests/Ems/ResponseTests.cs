using System.Text.Json;
using GeoDispatch.Host.Tests.Calls;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Ems;

/// <summary>What triage asks of the response: from the call over the needs of the incident to who is suggested.</summary>
public sealed class ResponseTests(CallCentre centre) : IClassFixture<CallCentre>
{
    private const double Lon = 118.58, Lat = 37.455;

    private Session Desk => centre.Desk;

    private sealed record Need(string Capability, int Wanted, int Missing, string? Source);

    private sealed record Needs(Need[] Items, Said? Missing)
    {
        [System.Text.Json.Serialization.JsonPropertyName("needs")]
        public Need[] Items { get; init; } = Items;
    }

    private sealed record Required(string Source, int Priority, bool IsTransfer);

    private sealed record Detail(int Priority, Required? Required);

    private sealed record Line(string Type);

    private sealed record Timeline(Line[] Lines)
    {
        [System.Text.Json.Serialization.JsonPropertyName("timeline")]
        public Line[] Lines { get; init; } = Lines;
    }

    private sealed record CoverLost(int LostAddresses);

    private sealed record Suggested(Guid UnitId, string CallSign, double? Seconds, Said? Fills, CoverLost? Cover, string Way);

    private sealed record LeftOut(Guid UnitId, string CallSign, string Agency, string Why, Said Reason);

    private sealed record Suggestions(string Basis, Suggested[] Units, LeftOut[] LeftOut, Said[] Remarks);

    [Fact]
    public async Task A_cardiac_arrest_asks_for_two_units_one_of_them_advanced_until_both_are_on_their_way()
    {
        Call call = await centre.TakenAsync();
        await AnswerAsync($"calls/{call.Id}", ("conscious", "no"), ("chest", "no"));
        Guid incident = (await CallCentre.OpenAsync(Desk, call)).Read<Incident>().Id;

        // What was asked before the incident was opened is asked of it from its first moment.
        Assert.Equal(["incidentOpened", "capabilitiesRequired"], (await Desk.ReadAsync<Timeline>($"/api/incidents/{incident}")).Lines.Select(line => line.Type));
        Detail detail = await Desk.ReadAsync<Detail>($"/api/incidents/{incident}");
        Assert.Equal((2, new Required("00-1A", 1, false)), (detail.Priority, detail.Required));
        Assert.Equal(["als 1 00-1A", "bls 1 00-1A"], (await NeedsAsync(incident)).Items.Where(need => need.Source is not null).Select(need => $"{need.Capability} {need.Missing} {need.Source}"));
        Assert.Equal("缺: 高级生命支持 1、基础生命支持 1", (await NeedsAsync(incident)).Missing!.Zh);

        Suggestions first = await SuggestAsync(incident);
        Assert.Equal(["基础生命支持", "高级生命支持"], first.Units.Take(2).Select(unit => unit.Fills!.Zh).Order());
        Assert.All(first.Units.Skip(2), unit => Assert.Null(unit.Fills));
        Suggested basic = first.Units.First(unit => unit.Fills!.Zh == "基础生命支持");
        await Desk.AssignAsync(incident, basic.UnitId);

        // One is sent: the list still asks for the other, and leaves out by what they lack those who are not it.
        bool isAdvanced = (await Desk.ReadAsync<Board>("/api/board")).UnitOf(basic.UnitId).Capabilities.Contains("als");
        Assert.Equal(isAdvanced ? "缺: 基础生命支持 1" : "缺: 高级生命支持 1", (await NeedsAsync(incident)).Missing!.Zh);
        Suggestions second = await SuggestAsync(incident);
        Assert.Equal(isAdvanced ? "基础生命支持" : "高级生命支持", second.Units[0].Fills!.Zh);
        if (!isAdvanced)
        {
            Assert.Contains(second.LeftOut, unit => (unit.Agency, unit.Why, unit.Reason.Zh) == ("ems", "lacksCapability", "不具备: 高级生命支持"));
        }

        await Desk.AssignAsync(incident, second.Units[0].UnitId);
        Assert.Null((await NeedsAsync(incident)).Missing);
        Assert.All((await SuggestAsync(incident)).Units, unit => Assert.Null(unit.Fills));
    }

    [Fact]
    public async Task A_word_of_the_caller_asks_for_it_at_once_and_the_answers_correct_it_line_by_line()
    {
        Incident incident = await Desk.OpenAsync();

        await Desk.PostAsync($"/api/incidents/{incident.Id}/triage", new { commandId = Guid.NewGuid(), words = "老人没有呼吸了" });
        Assert.Equal(new Required("没有呼吸", 1, false), (await Desk.ReadAsync<Detail>($"/api/incidents/{incident.Id}")).Required);
        Assert.Equal(2, (await NeedsAsync(incident.Id)).Items.Count(need => need.Source == "没有呼吸"));

        // He is awake and breathes: one unit, by the determinant. Asked the same once more, nothing is written.
        await AnswerAsync($"incidents/{incident.Id}", ("conscious", "yes"), ("breathing", "normal"), ("first", "pressing"), ("sweat", "yes"));
        await AnswerAsync($"incidents/{incident.Id}", ("sweat", "yes"));
        Assert.Equal(["als 1 02-1A"], (await NeedsAsync(incident.Id)).Items.Where(need => need.Source is not null).Select(need => $"{need.Capability} {need.Wanted} {need.Source}"));
        Assert.Equal(2, (await Desk.ReadAsync<Timeline>($"/api/incidents/{incident.Id}")).Lines.Count(line => line.Type == "capabilitiesRequired"));
        Assert.Equal(
            2, await centre.Server.Database.CountAsync("dispatch.incident_event WHERE type = 'capabilitiesRequired' AND incident_id = $1", incident.Id));
    }

    [Fact]
    public async Task A_second_caller_who_says_worse_is_heard_when_his_call_is_merged()
    {
        Call call = await centre.TakenAsync();
        Guid incident = (await CallCentre.OpenAsync(Desk, call)).Read<Incident>().Id;
        Assert.Null((await Desk.ReadAsync<Detail>($"/api/incidents/{incident}")).Required);
        Call other = (await CallCentre.DoAsync(centre.Colleague, await centre.RingAsync(CallCentre.NewNumber()), "take")).Read<Call>();
        await AnswerAsync($"calls/{other.Id}", ("conscious", "no"), ("chest", "gasping"));

        (await CallCentre.DoAsync(centre.Colleague, other, "merge", new { incidentId = incident })).Read<Call>();

        Assert.Equal("00-1A", (await Desk.ReadAsync<Detail>($"/api/incidents/{incident}")).Required!.Source);
    }

    [Fact]
    public async Task A_transfer_takes_no_unit_whose_area_nobody_else_would_reach()
    {
        // What each unit reaches is worked out behind the first questions.
        Suggestions emergency = await Eventually.GetAsync(
            () => AskAsync(new { lon = Lon, lat = Lat, type = "medical", priority = 2, limit = 50 }), static answer => answer.Units.Any(unit => unit.Cover is not null), "cover is known");
        Suggestions transfer = await AskAsync(new { lon = Lon, lat = Lat, type = "transfer", priority = 4, limit = 50 });

        Assert.Equal("road", transfer.Basis);
        Assert.All(transfer.Units.Where(unit => unit.Way == "available"), unit => Assert.InRange(unit.Cover!.LostAddresses, 0, 20));
        Dictionary<Guid, int> lost = emergency.Units.Where(unit => unit.Cover is not null).ToDictionary(unit => unit.UnitId, unit => unit.Cover!.LostAddresses);
        LeftOut[] uncovering = [.. transfer.LeftOut.Where(unit => unit.Why == "uncovers")];
        Assert.Equal(lost.Where(unit => unit.Value > 20).Select(unit => unit.Key).Order(), uncovering.Select(unit => unit.UnitId).Order());
        Assert.Equal(uncovering.Select(unit => lost[unit.UnitId]).Order(), uncovering.Select(unit => lost[unit.UnitId]));
        // By hand anybody may still be sent: the list advises.
        Assert.Equal(uncovering, transfer.LeftOut.Take(uncovering.Length));
    }

    private Task<Suggestions> SuggestAsync(Guid incident) => AskAsync(new { lon = Lon, lat = Lat, type = "medical", priority = 2, incidentId = incident, limit = 50 });

    private async Task<Suggestions> AskAsync(object wish) => (await Desk.PostAsync("/api/recommendations", wish)).Read<Suggestions>();

    private Task<Needs> NeedsAsync(Guid incident) => Desk.ReadAsync<Needs>($"/api/incidents/{incident}/needs");

    private async Task AnswerAsync(string subject, params (string Question, string Answer)[] answers) => (await Desk.PostAsync($"/api/{subject}/triage", new
    {
        commandId = Guid.NewGuid(),
        protocol = "chestPain",
        version = 1,
        answers = answers.Select(static one => new { question = one.Question, answer = one.Answer }).ToArray(),
    })).Read<JsonElement>();
}
