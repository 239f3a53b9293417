using GeoDispatch.Host.Tests.Calls;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Dispatch;

/// <summary>One shift ends and says what is open; the next one reads it and takes over.</summary>
public sealed class HandoverTests(CallCentre centre) : IClassFixture<CallCentre>
{
    private readonly RunningServer server = centre.Server;

    private sealed record AtWork(string CallSign, string Status);

    private sealed record OpenCase(Guid Id, string Number, string Status, string Address, AtWork[] Units);

    private sealed record OpenCall(Guid Id, string Status, string? Number, string? CallBackReason);

    private sealed record UnitOut(Guid Id, string CallSign, Reason Why, string? Words, DateTimeOffset? Until);

    private sealed record Closing(Guid Id, string[] Streets, string Kind, string Reason);

    private sealed record OpenThings(DateTimeOffset At, OpenCase[] Incidents, OpenCall[] Calls, UnitOut[] UnitsOut, Closing[] Closures, int More);

    private sealed record Acceptance(string By, string Seat, DateTimeOffset At);

    private sealed record Note(Guid Id, string Seat, string Text, string By, DateTimeOffset At, Acceptance? Accepted, OpenThings Open);

    private sealed record Notes(Note[] Handovers);

    [Fact]
    public async Task A_note_keeps_what_was_open_when_it_was_written_and_nothing_of_who_called()
    {
        Session desk = await server.DispatcherAsync();
        Incident running = await desk.OpenAsync(), closed = await desk.OpenAsync();
        (await desk.CloseAsync(closed.Id, "noPatient")).Read<Incident>();
        await desk.AssignAsync(running.Id, server.Crew("A20").UnitId);
        DateTimeOffset until = (await desk.ReadAsync<Board>("/api/board")).Now.AddHours(2);
        (await desk.PostAsync($"/api/units/{server.Crew("A21").UnitId}/take-out", new { commandId = Guid.NewGuid(), reason = "vehicle", words = "换胎", until })).Read<Unit>();

        Answer answer = await WriteAsync(desk, "I1 家属在门口等；A21 换胎");
        Note note = answer.Read<Note>();

        Assert.Equal(201, answer.Status);
        Assert.Equal(("调度一席", "I1 家属在门口等；A21 换胎", null), (note.Seat, note.Text, note.Accepted));
        OpenCase kept = Assert.Single(note.Open.Incidents, one => one.Id == running.Id);
        Assert.Equal((running.Number, "running", "黄河路100号"), (kept.Number, kept.Status, kept.Address));
        Assert.Equal([("A20", "notified")], kept.Units.Select(unit => (unit.CallSign, unit.Status)));
        Assert.DoesNotContain(note.Open.Incidents, one => one.Id == closed.Id);
        UnitOut out21 = Assert.Single(note.Open.UnitsOut, one => one.CallSign == "A21");
        Assert.Equal(("车辆维修", "换胎"), (out21.Why.Zh, out21.Words));
        Assert.Equal(until, out21.Until!.Value, TimeSpan.FromMilliseconds(1));
        Assert.DoesNotContain("8300000", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("王女士", answer.Text, StringComparison.Ordinal);

        // What happens later is not in it.
        (await desk.CancelAsync((await desk.ReadAsync<Board>("/api/board"))[running.Id].Assignments[0].Id)).Read<Incident>();
        Note again = await desk.ReadAsync<Note>($"/api/handovers/{note.Id}");
        Assert.Equal("A20", again.Open.Incidents.Single(one => one.Id == running.Id).Units.Single().CallSign);
        OpenThings now = await desk.ReadAsync<OpenThings>("/api/handovers/open");
        Assert.Empty(now.Incidents.Single(one => one.Id == running.Id).Units);
        Assert.True(now.At > note.Open.At);
    }

    [Fact]
    public async Task A_closed_street_and_a_parked_call_are_handed_over_too_the_number_masked()
    {
        Session desk = await server.DispatcherAsync();
        Session boss = await server.SignInAsync("admin");
        double[][] line = [[118.575, 37.455], [118.585, 37.455]];
        Answer closing = await boss.PostAsync("/api/roads/closures", new
        {
            commandId = Guid.NewGuid(),
            geometry = new { type = "LineString", coordinates = line },
            bothDirections = true,
            kind = "closed",
            emergencyPasses = true,
            reason = "works",
        });
        Assert.Equal(201, closing.Status);
        string number = CallCentre.NewNumber();
        Call parked = await centre.TakenAsync(number);
        (await CallCentre.DoAsync(centre.Desk, parked, "park")).Read<Call>();

        Answer answer = await WriteAsync(desk, "路");

        OpenThings open = answer.Read<Note>().Open;
        Assert.Equal("parked", Assert.Single(open.Calls, call => call.Id == parked.Id).Status);
        Assert.DoesNotContain(number, answer.Text, StringComparison.Ordinal);
        Closing street = Assert.Single(open.Closures);
        Assert.Equal(("closed", "works"), (street.Kind, street.Reason));
        Assert.NotEmpty(street.Streets);
    }

    [Fact]
    public async Task A_shift_is_taken_over_once_by_somebody_else_or_at_the_same_seat()
    {
        Session desk = await server.DispatcherAsync();
        using Session colleague = await server.SignInAsync("dispatcher2");
        Note note = (await WriteAsync(desk, "都好")).Read<Note>();
        (await AcceptAsync(desk, note.Id, "调度二席")).MustRefuse(409, "handover.own");

        var command = new { commandId = Guid.NewGuid(), seat = "调度二席" };
        Note taken = (await colleague.PostAsync($"/api/handovers/{note.Id}/accept", command)).Read<Note>();

        Assert.Equal("调度二席", taken.Accepted!.Seat);
        Assert.NotEqual(taken.By, taken.Accepted.By);
        // The same command once more changes nothing; another one is told who was first.
        Assert.Equal(taken.Accepted, (await colleague.PostAsync($"/api/handovers/{note.Id}/accept", command)).Read<Note>().Accepted);
        Assert.Contains(taken.Accepted.By, (await AcceptAsync(desk, note.Id, "调度一席")).MustRefuse(409, "handover.accepted").Text, StringComparison.Ordinal);
        Note mine = (await WriteAsync(desk, "去吃饭")).Read<Note>();
        Assert.NotNull((await AcceptAsync(desk, mine.Id, "调度一席")).Read<Note>().Accepted);
        Note[] listed = (await desk.ReadAsync<Notes>("/api/handovers?limit=2")).Handovers;
        Assert.Equal([mine.Id, note.Id], listed.Select(one => one.Id));
        Assert.Equal(taken.Accepted, listed[1].Accepted);
    }

    [Fact]
    public async Task What_is_asked_wrongly_is_refused_and_nothing_that_was_written_is_ever_changed()
    {
        Session desk = await server.DispatcherAsync();
        Note note = (await WriteAsync(desk, "不变")).Read<Note>();
        await AcceptAsync(desk, note.Id, "调度一席");
        int before = (await desk.ReadAsync<Notes>("/api/handovers?limit=100")).Handovers.Length;

        Refused(await WriteAsync(desk, " "), "text", " ");
        Refused(await WriteAsync(desk, new string('长', 2001)), "text", null);
        Refused(await desk.PostAsync("/api/handovers", new { commandId = Guid.NewGuid(), text = "好" }), "seat", null);
        Refused(await desk.PostAsync("/api/handovers", new { text = "好", seat = "调度一席" }), "commandId", null);
        Refused(await AcceptAsync(desk, note.Id, ""), "seat", "");
        Refused(await desk.GetAsync("/api/handovers?limit=101"), "limit", "101");
        Refused(await desk.GetAsync("/api/handovers?limit=all"), "limit", "all");
        (await AcceptAsync(desk, Guid.NewGuid(), "调度一席")).MustRefuse(404, "handover.unknown");
        (await desk.GetAsync($"/api/handovers/{Guid.NewGuid()}")).MustRefuse(404, "handover.unknown");
        var once = new { commandId = Guid.NewGuid(), text = "一", seat = "调度一席" };
        Assert.Equal((await desk.PostAsync("/api/handovers", once)).Read<Note>().Id, (await desk.PostAsync("/api/handovers", once)).Read<Note>().Id);
        (await desk.PostAsync("/api/handovers", once with { text = "二" })).MustRefuse(409, "command.id_reused");
        Session crew = await server.CrewAsync(server.Crews[0].UnitId);
        Assert.Equal(403, (await crew.GetAsync("/api/handovers")).Status);

        Assert.Equal(before + 1, (await desk.ReadAsync<Notes>("/api/handovers?limit=100")).Handovers.Length);
        foreach (string change in (string[])
        [
            "UPDATE dispatch.handover SET text = ''", "DELETE FROM dispatch.handover_accepted", "UPDATE dispatch.handover_accepted SET accepted_by = 'x'",
            "TRUNCATE dispatch.handover, dispatch.handover_accepted",
        ])
        {
            Npgsql.PostgresException refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => server.Database.AdministerAsync(change));
            Assert.Contains("insert-only", refused.MessageText, StringComparison.Ordinal);
        }
    }

    private static void Refused(Answer answer, string field, string? value)
    {
        System.Text.Json.JsonElement problem = answer.MustRefuse(400, "command.bad_field").Problem;
        Assert.Equal(field, problem.GetProperty("field").GetString());
        if (value is not null)
        {
            Assert.Equal(value, problem.GetProperty("value").GetString());
        }
    }

    private static Task<Answer> WriteAsync(Session desk, string text) =>
        desk.PostAsync("/api/handovers", new { commandId = Guid.NewGuid(), text, seat = "调度一席" });

    private static Task<Answer> AcceptAsync(Session desk, Guid id, string seat) =>
        desk.PostAsync($"/api/handovers/{id}/accept", new { commandId = Guid.NewGuid(), seat });
}
