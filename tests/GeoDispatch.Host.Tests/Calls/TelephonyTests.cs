using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Calls;

/// <summary>What the exchange may send, and what becomes of the numbers in it.</summary>
public sealed class TelephonyTests(CallCentre centre) : IClassFixture<CallCentre>
{
    [Fact]
    public async Task An_event_that_comes_again_changes_nothing()
    {
        string exchangeId = Guid.NewGuid().ToString(), eventId = Guid.NewGuid().ToString(), number = CallCentre.NewNumber();
        DateTimeOffset at = CallCentre.Now;
        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => centre.TellAsync("ringing", exchangeId, number, at: at, eventId: eventId)));
        Call call = Assert.Single(answers.Select(answer => answer.Read<Call>()).DistinctBy(read => (read.Id, read.Version)));
        Assert.Equal(1, await centre.Server.Database.CountAsync("dispatch.call_event WHERE call_id = $1", call.Id));
        (await centre.TellAsync("ended", exchangeId, number, at: at, eventId: eventId)).MustRefuse(409, "command.id_reused");
    }

    [Fact]
    public async Task Events_that_come_at_once_and_in_any_order_make_one_call()
    {
        for (int round = 0; round < 10; round++)
        {
            string exchangeId = Guid.NewGuid().ToString(), number = CallCentre.NewNumber();
            DateTimeOffset rang = CallCentre.Now.AddMinutes(-3);
            Answer[] answers = await Task.WhenAll(
                centre.TellAsync("ended", exchangeId, number, at: rang.AddSeconds(60)),
                centre.TellAsync("answered", exchangeId, number, "13", rang.AddSeconds(4)),
                centre.TellAsync("ringing", exchangeId, number, at: rang));
            Guid id = Assert.Single(answers.Select(answer => answer.Read<Call>().Id).Distinct());
            Call call = await centre.FindAsync(id);
            Assert.Equal(("answered", "13", false, 3), (call.Status, call.Seat, call.LineOpen, call.Version));
            Assert.Equal([0, 4, 60], new[] { call.ReceivedAt, call.AnsweredAt!.Value, call.LineEndedAt!.Value }.Select(time => Math.Round((time - rang).TotalSeconds)));
        }
    }

    [Fact]
    public async Task A_call_that_rings_for_ten_seconds_is_an_alarm_until_somebody_takes_it()
    {
        Call call = (await centre.TellAsync("ringing", Guid.NewGuid().ToString(), CallCentre.NewNumber(), at: CallCentre.Now.AddSeconds(-11))).Read<Call>();
        AlarmList raised = await Eventually.GetAsync(ListAsync, list => list.Alarms.Any(alarm => alarm.SubjectId == call.Id), "it is not raised");
        Assert.Equal((1, "callUnanswered"), raised.Alarms.Where(alarm => alarm.SubjectId == call.Id).Select(alarm => (alarm.Level, alarm.Kind)).Single());

        (await CallCentre.DoAsync(centre.Desk, call, "take")).Read<Call>();
        await Eventually.GetAsync(ListAsync, list => list.Alarms.All(alarm => alarm.SubjectId != call.Id || !alarm.Standing), "it still stands");

        Task<AlarmList> ListAsync() => centre.Desk.ReadAsync<AlarmList>("/api/alarms");
    }

    private sealed record Alarm(int Level, string Kind, Guid SubjectId, bool Standing);

    private sealed record AlarmList(Alarm[] Alarms);

    [Fact]
    public async Task A_number_is_whole_for_the_seat_that_holds_the_call_alone_and_who_read_it_is_kept()
    {
        string number = CallCentre.NewNumber(), masked = $"120****{number[^4..]}";
        Call call = await centre.RingAsync($"+86 {number[..3]} {number[3..7]} {number[7..]}");
        Assert.Equal(masked, call.Number);
        string path = $"/api/calls/{call.Id}";
        Assert.Null((await centre.Desk.ReadAsync<CallDetail>(path)).WholeNumber);
        Assert.Equal(0, await centre.Server.Database.CountAsync("identity.audit WHERE action = 'call.number_read' AND subject = $1", call.Id.ToString()));
        (await CallCentre.DoAsync(centre.Desk, call, "take")).Read<Call>();
        Assert.Equal(number, (await centre.Desk.ReadAsync<CallDetail>(path)).WholeNumber);
        Assert.Equal(
            "dispatcher1", await centre.Server.Database.ReadAsync<string>("SELECT user_name FROM identity.audit WHERE action = 'call.number_read' AND subject = $1", call.Id.ToString()));

        // To nobody else and nowhere else.
        Assert.Null((await centre.Colleague.ReadAsync<CallDetail>(path)).WholeNumber);
        foreach (string read in new[] { path, "/api/calls", "/api/board" })
        {
            Assert.DoesNotContain(number, (await centre.Colleague.GetAsync(read)).Text, StringComparison.Ordinal);
        }

        Incident incident = (await CallCentre.OpenAsync(centre.Desk, call)).Read<Incident>();
        Assert.DoesNotContain(number, (await centre.Colleague.GetAsync($"/api/incidents/{incident.Id}")).Text, StringComparison.Ordinal);
        Assert.NotEmpty(centre.Keyed.Log.Lines);
        Assert.DoesNotContain(centre.Keyed.Log.Lines, line => line.Contains(number, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Earlier_calls_of_a_number_and_its_mark_are_shown_and_a_marked_number_rings_all_the_same()
    {
        string number = CallCentre.NewNumber(), exchangeId = Guid.NewGuid().ToString();
        Call first = await centre.TakenAsync(number, exchangeId);
        (await CallCentre.DoAsync(centre.Desk, first, "end", new { result = "nuisance", note = "辱骂" })).Read<Call>();
        (await centre.TellAsync("ended", exchangeId)).Read<Call>();
        (await centre.Desk.PostAsync("/api/numbers/nuisance", new { callId = first.Id, reason = "多次骚扰", days = 30 })).Read<object>();

        Call second = await centre.RingAsync(number);
        Assert.Equal(("ringing", true, 1), (second.Status, second.Nuisance, second.EarlierCalls));
        CallDetail detail = await centre.Desk.ReadAsync<CallDetail>($"/api/calls/{second.Id}");
        Assert.Equal((first.Id, "nuisance"), detail.History.Select(call => (call.Id, call.Result)).Single());
        Assert.Equal(("多次骚扰", "dispatcher1"), (detail.Mark!.Reason, detail.Mark.MarkedBy));
        Assert.InRange(detail.Mark.Until, CallCentre.Now.AddDays(29.9), CallCentre.Now.AddDays(30.1));

        (await centre.Colleague.PostAsync("/api/numbers/nuisance/lift", new { number })).Read<object>();
        Assert.False((await centre.FindAsync(second.Id)).Nuisance);
        (await centre.Desk.PostAsync("/api/numbers/nuisance", new { number, reason = "骚扰", days = 1 })).Read<object>();
        await centre.Server.Database.ReadAsync<Guid>("UPDATE dispatch.nuisance_mark SET until = marked_at WHERE number = $1 AND lifted_at IS NULL RETURNING id", number);
        Assert.False((await centre.FindAsync(second.Id)).Nuisance);
        (await centre.Desk.PostAsync("/api/numbers/nuisance", new { number, reason = "骚扰", days = 366 })).MustRefuse(400, "command.bad_field");
        (await centre.Desk.PostAsync("/api/numbers/nuisance", new { reason = "骚扰", days = 3 })).MustRefuse(400, "number.missing");
    }

    [Theory]
    [InlineData("eventId", "")]
    [InlineData("callId", "")]
    [InlineData("kind", "sung")]
    [InlineData("seat", "第一席")]
    [InlineData("at", "2020-01-01T00:00:00Z")]
    [InlineData("at", "2099-01-01T00:00:00Z")]
    [InlineData("recordingUrl", "file:///etc/passwd")]
    [InlineData("recordingUrl", "https://user:secret@recordings.example/1")]
    public async Task A_wrong_event_is_refused_by_its_member_and_leaves_nothing(string member, string value)
    {
        long before = await centre.Server.Database.CountAsync("dispatch.call");
        var body = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["eventId"] = Guid.NewGuid().ToString(),
            ["callId"] = Guid.NewGuid().ToString(),
            ["kind"] = "answered",
            ["seat"] = "12",
            ["at"] = CallCentre.Now,
            [member] = value,
        };
        Answer refused = (await centre.Keyed.WithKeyAsync(centre.ExchangeKey, "/api/telephony/events", body)).MustRefuse(400, "command.bad_field");
        Assert.Equal(member, refused.Problem.GetProperty("field").GetString());
        Assert.Equal(before, await centre.Server.Database.CountAsync("dispatch.call"));
    }

    [Fact]
    public async Task Nobody_but_the_exchange_tells_of_calls_and_it_reads_none()
    {
        object told = new { eventId = "1", callId = "1", kind = "ringing", at = CallCentre.Now };
        (await centre.Desk.PostAsync("/api/telephony/events", told)).MustRefuse(403, "telephony.keys_only");
        (await centre.Server.Anonymous().PostAsync("/api/telephony/events", told)).MustRefuse(401, "session.required");
        (await centre.Keyed.WithKeyAsync(centre.Keyed.Dispatcher.Secret, "/api/telephony/events", told)).MustRefuse(403, "key.out_of_scope");
        (await centre.Keyed.WithKeyAsync(centre.ExchangeKey, "/api/calls")).MustRefuse(403, "key.out_of_scope");
        (await centre.Keyed.WithKeyAsync(centre.Keyed.Dispatcher.Secret, "/api/calls")).MustRefuse(403, "key.out_of_scope");
    }
}
