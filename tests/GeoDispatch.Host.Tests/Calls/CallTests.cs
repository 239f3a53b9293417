using System.Text.Json;
using GeoDispatch.Testing;
using Microsoft.AspNetCore.SignalR.Client;

namespace GeoDispatch.Host.Tests.Calls;

/// <summary>Calls from the exchange to what became of them, as two desks and the exchange see it.</summary>
public sealed class CallTests(CallCentre centre) : IClassFixture<CallCentre>
{
    private Session Desk => centre.Desk;

    private Session Colleague => centre.Colleague;

    [Fact]
    public async Task A_call_that_is_answered_at_a_seat_stands_there_becomes_an_incident_and_is_over_when_the_line_is()
    {
        string number = CallCentre.NewNumber(), exchangeId = Guid.NewGuid().ToString();
        Call ringing = await centre.RingAsync(number, exchangeId);
        Assert.Equal(("ringing", true, null), (ringing.Status, ringing.LineOpen, ringing.Seat));
        (await centre.TellAsync("answered", exchangeId, number, seat: "12")).Read<Call>();
        CallList lists = await Desk.ReadAsync<CallList>("/api/calls");
        Assert.Equal("12", lists.Seat);
        Assert.Equal(("answered", "12"), lists.Calls.Where(call => call.Id == ringing.Id).Select(call => (call.Status, call.Seat)).Single());

        Incident incident = (await CallCentre.OpenAsync(Desk, ringing)).Read<Incident>();
        Call speaking = await centre.FindAsync(ringing.Id);
        Assert.Equal(("answered", "incident", incident.Number), (speaking.Status, speaking.Result, speaking.IncidentNumber));
        (await centre.TellAsync("ended", exchangeId, recordingUrl: "https://recordings.example/7")).Read<Call>();
        CallDetail over = await Desk.ReadAsync<CallDetail>($"/api/calls/{ringing.Id}");
        Assert.Equal(("ended", "https://recordings.example/7"), (over.Call.Status, over.RecordingUrl));
        Assert.Equal(["callRang", "callAnswered", "incidentOpenedFromCall", "lineEnded"], over.Timeline.Select(entry => entry.Type));
        Assert.DoesNotContain((await Desk.ReadAsync<CallList>("/api/calls")).Calls, call => call.Id == ringing.Id);
        Assert.Contains((await Desk.ReadAsync<CallList>($"/api/calls?endedAfter={CallCentre.Now.AddMinutes(-5):yyyy-MM-ddTHH:mm:ssZ}")).Calls, call => call.Id == ringing.Id);

        JoinedCall joined = Assert.Single((await Desk.ReadAsync<Incident>($"/api/incidents/{incident.Id}")).Calls!);
        Assert.Equal((ringing.Id, $"120****{number[^4..]}", "incident"), (joined.Id, joined.Number, joined.Result));
    }

    [Fact]
    public async Task Of_two_who_take_the_same_call_one_has_it_and_the_other_reads_where_it_is()
    {
        for (int round = 0; round < 10; round++)
        {
            Call call = await centre.RingAsync(CallCentre.NewNumber());
            Answer[] answers = await Task.WhenAll(CallCentre.DoAsync(Desk, call, "take"), CallCentre.DoAsync(Colleague, call, "take"));
            Assert.Equal([200, 409], answers.Select(answer => answer.Status).Order());
            string winner = answers.Single(answer => answer.Status == 200).Read<Call>().Seat!;
            Answer loser = answers.Single(answer => answer.Status == 409).MustRefuse(409, "call.held");
            Assert.Contains($"坐席 {winner} ", loser.Problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_call_that_hung_up_before_the_answer_is_called_back_until_somebody_is_reached()
    {
        string exchangeId = Guid.NewGuid().ToString();
        Call call = await centre.RingAsync(CallCentre.NewNumber(), exchangeId);
        (await centre.TellAsync("ended", exchangeId)).Read<Call>();
        Call dropped = await centre.FindAsync(call.Id);
        Assert.Equal(("callBack", "dropped"), (dropped.Status, dropped.CallBackReason));

        (await CallCentre.DoAsync(Desk, call, "end", new { result = "unreachable" })).MustRefuse(409, "call.not_held");
        (await CallCentre.DoAsync(Desk, call, "take")).Read<Call>();
        (await CallCentre.DoAsync(Desk, call, "end", new { result = "unreachable" })).MustRefuse(409, "call.not_called_back");
        Call again = (await CallCentre.DoAsync(Desk, call, "called-back", new { reached = false })).Read<Call>();
        Assert.Equal(("callBack", 1), (again.Status, again.Attempts));
        (await CallCentre.DoAsync(Colleague, call, "take")).Read<Call>();
        Assert.Equal("13", (await CallCentre.DoAsync(Colleague, call, "called-back", new { reached = true })).Read<Call>().Seat);
        Call ended = (await CallCentre.DoAsync(Colleague, call, "end", new { result = "noEmergency", note = "误拨" })).Read<Call>();
        Assert.Equal(("ended", "noEmergency"), (ended.Status, ended.Result));
    }

    [Fact]
    public async Task A_parked_call_is_taken_by_another_seat_with_what_was_typed()
    {
        Call call = await centre.TakenAsync();
        (await Desk.PutAsync($"/api/calls/{call.Id}/draft", new { content = new { complaint = "胸痛", age = 62 } })).Read204();
        (await Colleague.PutAsync($"/api/calls/{call.Id}/draft", new { content = new { complaint = "误" } })).MustRefuse(409, "call.held");
        (await CallCentre.DoAsync(Desk, call, "park")).Read<Call>();
        (await Desk.PutAsync($"/api/calls/{call.Id}/draft", new { content = new { } })).MustRefuse(409, "call.not_held");
        (await CallCentre.DoAsync(Colleague, call, "take")).Read<Call>();

        CallDraft draft = (await Colleague.ReadAsync<CallDetail>($"/api/calls/{call.Id}")).Draft!;
        Assert.Equal(("胸痛", "12"), (draft.Content.GetProperty("complaint").GetString(), draft.Seat));
        (await Colleague.PutAsync($"/api/calls/{call.Id}/draft", new { content = new { complaint = "胸痛加重" } })).Read204();
        Assert.Equal("胸痛加重", (await Desk.ReadAsync<CallDetail>($"/api/calls/{call.Id}")).Draft!.Content.GetProperty("complaint").GetString());
        (await Colleague.PutAsync($"/api/calls/{call.Id}/draft", new { content = new { note = new string('长', 6_000) } })).MustRefuse(400, "draft.too_large");
        (await Colleague.PutAsync($"/api/calls/{call.Id}/draft", new { content = "text" })).MustRefuse(400, "command.bad_field");

        Assert.Equal("12", (await CallCentre.DoAsync(Colleague, call, "transfer", new { seat = "12" })).Read<Call>().Seat);
        (await CallCentre.DoAsync(Desk, call, "transfer", new { seat = "99" })).MustRefuse(409, "seat.empty");
    }

    [Fact]
    public async Task A_second_call_is_merged_into_the_incident_and_split_again_and_both_say_so()
    {
        Incident incident = await Desk.OpenAsync();
        Call call = await centre.TakenAsync();
        (await CallCentre.DoAsync(Desk, call, "merge", new { incidentId = Guid.NewGuid() })).MustRefuse(404, "incident.unknown");
        Call merged = (await CallCentre.DoAsync(Desk, call, "merge", new { incidentId = incident.Id })).Read<Call>();
        Assert.Equal(("merged", incident.Number), (merged.Result, merged.IncidentNumber));
        Incident with = await Desk.ReadAsync<Incident>($"/api/incidents/{incident.Id}");
        Assert.Equal((call.Id, call.Number), with.Calls!.Select(joined => (joined.Id, joined.Number)).Single());
        Assert.Equal(call.Number, with.Timeline![^1].Data.GetProperty("number").GetString());

        (await CallCentre.OpenAsync(Desk, call)).MustRefuse(409, "call.joined");
        Call split = (await CallCentre.DoAsync(Desk, call, "split")).Read<Call>();
        Assert.Equal((null, null), (split.Result, split.IncidentId));
        Incident without = await Desk.ReadAsync<Incident>($"/api/incidents/{incident.Id}");
        Assert.Empty(without.Calls!);
        Assert.Equal(["incidentOpened", "callJoined", "callLeft"], without.Timeline!.Select(entry => entry.Type));
        (await CallCentre.OpenAsync(Desk, call)).Read<Incident>();
    }

    [Fact]
    public async Task What_a_call_refuses_does_not_open_an_incident_either()
    {
        Call call = await centre.RingAsync(CallCentre.NewNumber());
        (await CallCentre.DoAsync(Colleague, call, "take")).Read<Call>();
        int last = await centre.Server.Database.ReadAsync<int>("SELECT coalesce(max(last), 0) FROM dispatch.daily_number");
        long incidents = await centre.Server.Database.CountAsync("dispatch.incident");

        (await CallCentre.OpenAsync(Desk, call)).MustRefuse(409, "call.held");
        (await CallCentre.OpenAsync(Desk, call with { Id = Guid.NewGuid() })).MustRefuse(404, "call.unknown");
        Session standing = await centre.Server.SignInAsync("admin");
        (await CallCentre.OpenAsync(standing, call)).MustRefuse(409, "seat.missing");

        Assert.Equal(incidents, await centre.Server.Database.CountAsync("dispatch.incident"));
        Assert.Equal(last, await centre.Server.Database.ReadAsync<int>("SELECT coalesce(max(last), 0) FROM dispatch.daily_number"));
        Assert.Equal(["callRang", "callTaken"], (await Desk.ReadAsync<CallDetail>($"/api/calls/{call.Id}")).Timeline.Select(entry => entry.Type));
    }

    [Fact]
    public async Task A_call_that_waited_for_days_to_be_called_back_still_becomes_an_incident_and_another_old_time_does_not()
    {
        DateTimeOffset rang = CallCentre.Now.AddHours(-50);
        string exchangeId = Guid.NewGuid().ToString(), number = CallCentre.NewNumber();
        Call call = (await centre.TellAsync("ringing", exchangeId, number, at: rang)).Read<Call>();
        Assert.Equal("callBack", (await centre.TellAsync("ended", exchangeId, number, at: rang.AddSeconds(20))).Read<Call>().Status);
        call = (await CallCentre.DoAsync(Desk, call, "take")).Read<Call>();
        (await CallCentre.DoAsync(Desk, call, "called-back", new { reached = true })).Read<Call>();
        // A console keeps whole milliseconds.
        DateTimeOffset kept = call.ReceivedAt.AddTicks(-(call.ReceivedAt.Ticks % TimeSpan.TicksPerMillisecond));

        foreach ((DateTimeOffset at, Guid? callId) in new (DateTimeOffset, Guid?)[] { (kept.AddSeconds(-1), call.Id), (kept.AddHours(1), call.Id), (kept, null) })
        {
            Answer refused = (await OpenAsync(at, callId)).MustRefuse(400, "command.bad_field");
            Assert.Equal("receivedAt", refused.Problem.GetProperty("field").GetString());
        }

        Incident incident = (await OpenAsync(kept, call.Id)).Read<Incident>();
        Assert.Equal(kept, incident.ReceivedAt);
        Assert.Equal(("incident", incident.Number), ((await centre.FindAsync(call.Id)).Result, (await centre.FindAsync(call.Id)).IncidentNumber));

        Task<Answer> OpenAsync(DateTimeOffset receivedAt, Guid? callId) => Desk.PostAsync("/api/incidents", new
        {
            commandId = Guid.NewGuid(),
            type = "medical",
            priority = 2,
            complaint = "胸痛",
            place = new { lon = 118.58, lat = 37.455, address = "黄河路100号" },
            receivedAt,
            callId,
        });
    }

    [Fact]
    public async Task A_call_can_be_entered_by_hand()
    {
        Guid commandId = Guid.NewGuid();
        Answer[] entered = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Desk.PostAsync("/api/calls", new { commandId, source = "radio" })));
        Call call = Assert.Single(entered.Select(answer => answer.Read<Call>()).DistinctBy(read => read.Id));
        Assert.Equal(("answered", "radio", "12", false), (call.Status, call.Source, call.Seat, call.LineOpen));
        // Nothing tells of its end: it is over with its incident.
        (await CallCentre.OpenAsync(Desk, call)).Read<Incident>();
        Assert.Equal("ended", (await centre.FindAsync(call.Id)).Status);
        (await Desk.PostAsync("/api/calls", new { commandId = Guid.NewGuid(), source = "pigeon" })).MustRefuse(400, "command.bad_field");
        (await Desk.PostAsync("/api/calls", new { commandId = Guid.NewGuid(), source = "telephone", number = "一二三" })).MustRefuse(400, "number.malformed");
    }

    [Fact]
    public async Task Desks_hear_that_a_call_changed_and_crews_do_not()
    {
        var heard = new Heard<CallChanged>();
        var crewHeard = new Heard<CallChanged>();
        await using HubConnection desk = await centre.Server.ListenAsync(Colleague, "/hubs/incidents", hub => hub.On<CallChanged>("call", heard.Add));
        Session crew = await centre.Server.CrewAsync(centre.Server.Crews[3].UnitId);
        await using HubConnection truck = await centre.Server.ListenAsync(crew, "/hubs/incidents", hub => hub.On<CallChanged>("call", crewHeard.Add));
        Call call = await centre.TakenAsync();
        await heard.FirstAsync(change => change == new CallChanged(call.Id, 2), "the desk hears of version 2");
        Assert.DoesNotContain(crewHeard.All, change => change.CallId == call.Id);
    }

    [Fact]
    public async Task Who_loses_his_seat_is_told_and_what_stands_there_stays()
    {
        Session first = await centre.Server.SignInAsync("admin");
        (await first.PutAsync("/api/seat", new { seat = "21" })).Read<JsonElement>();
        var heard = new Heard<SeatChanged>();
        await using HubConnection hub = await centre.Server.ListenAsync(first, "/hubs/incidents", hub => hub.On<SeatChanged>("seat", heard.Add));
        Call call = await centre.RingAsync(CallCentre.NewNumber());
        (await CallCentre.DoAsync(first, call, "take")).Read<Call>();

        (await Colleague.PutAsync("/api/seat", new { seat = "21" })).Read<JsonElement>();
        await heard.FirstAsync(change => change == new SeatChanged("21", true), "the first hears that the seat is lost");
        (await CallCentre.DoAsync(first, call, "park")).MustRefuse(409, "seat.missing");
        Assert.Equal("21", (await centre.FindAsync(call.Id)).Seat);
        (await CallCentre.DoAsync(Colleague, call, "park")).Read<Call>();
        (await Colleague.PutAsync("/api/seat", new { seat = "第一席" })).MustRefuse(400, "command.bad_field");
        (await Colleague.PutAsync("/api/seat", new { seat = "13" })).Read<JsonElement>();
    }
}
