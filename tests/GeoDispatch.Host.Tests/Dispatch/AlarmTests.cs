using GeoDispatch.Testing;
using GeoDispatch.Tracking.Devices;
using GeoDispatch.Tracking.Devices.Jt808;
using GeoDispatch.Tracking.Fixes;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace GeoDispatch.Host.Tests.Dispatch;

/// <summary>A server whose day runs so fast that nobody waits for an alarm: two seconds of life are a little over a minute.</summary>
public sealed class FastServer(TestCluster cluster) : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 8, 0, 0, TimeSpan.FromHours(8));

    public RunningServer Server { get; } = new(cluster) { Clock = new ExerciseClock(Start, 40, TimeProvider.System) };

    public Session Desk { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Server.InitializeAsync();
        Desk = await Server.DispatcherAsync();
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>What is abnormal on the board is raised, seen to and cleared.</summary>
public sealed class AlarmTests(FastServer fast) : IClassFixture<FastServer>
{
    private sealed record Shelf(string By, DateTimeOffset Until, string Reason);

    private sealed record Alarm(
        Guid Id, int Level, string Kind, Guid SubjectId, string? IncidentNumber, string? CallSign, string? Seat, DateTimeOffset Since, DateTimeOffset RaisedAt,
        int Count, string State, bool Standing, Shelf? Shelved, string[] EscalatedTo, Reason What, bool? Delivered);

    private sealed record SeatRate(string? Seat, int A1, int A2, int A3, double PerTenMinutes);

    private sealed record AlarmList(bool Flood, SeatRate[] LastHour, Alarm[] Alarms);

    private sealed record AlarmChange(Guid? AlarmId, int? Version);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_P1_order_that_nobody_reads_is_raised_after_45_seconds_and_over_when_it_is_read_not_when_it_is_confirmed()
    {
        (Assignment work, Incident incident) = await OrderAsync(0, priority: 1);

        Alarm alarm = await RaisedAsync(fast.Desk, work.Id, "urgentOrderUnconfirmed");

        Assert.Equal((1, "unconfirmed", incident.Number, work.CallSign, 1), (alarm.Level, alarm.State, alarm.IncidentNumber, alarm.CallSign, alarm.Count));
        Assert.Equal(work.Since.AddSeconds(45), alarm.Since);
        Assert.True(alarm.RaisedAt >= alarm.Since);
        Alarm confirmed = (await ConfirmAsync(alarm.Id)).Read<Alarm>();
        Assert.Equal(("confirmed", true), (confirmed.State, confirmed.Standing));
        // Two more looks of the keeper change nothing of it.
        await RaisedAsync(fast.Desk, work.Id, "notDeparted");
        Assert.Equal("confirmed", (await ListAsync()).Alarms.Single(one => one.Id == alarm.Id).State);
        (await fast.Desk.PressAsync(work.Id, "acknowledged")).Read<Incident>();
        await GoneAsync(alarm.Id);
    }

    [Fact]
    public async Task An_order_of_less_urgency_is_raised_after_60_seconds_and_stays_listed_until_it_is_confirmed()
    {
        (Assignment work, _) = await OrderAsync(1, priority: 2);

        Alarm alarm = await RaisedAsync(fast.Desk, work.Id, "orderUnconfirmed");

        Assert.Equal((2, work.Since.AddSeconds(60)), (alarm.Level, alarm.Since));
        (await fast.Desk.PressAsync(work.Id, "acknowledged")).Read<Incident>();
        await Eventually.GetAsync(
            ListAsync, list => list.Alarms.Any(one => one.Id == alarm.Id && one is { State: "clearedUnconfirmed", Standing: false }), "it does not clear", Patience);
        (await ConfirmAsync(alarm.Id)).Read<Alarm>();
        Assert.DoesNotContain((await ListAsync()).Alarms, one => one.Id == alarm.Id);
    }

    [Fact]
    public async Task The_alarm_of_an_order_names_how_far_it_came()
    {
        DemoCrew crew = fast.Server.Crews[6];
        Guid vehicle = await fast.Server.Database.ReadAsync<Guid>("SELECT vehicle_id FROM dispatch.unit WHERE id = $1", crew.UnitId);
        const string Phone = "13900000061";
        (Jt808Terminal terminal, _) = await Jt808Terminal.LetInAsync(fast.Server.Jt808Address, Phone, () =>
            fast.Server.Services.GetRequiredService<TerminalRegistry>().ApproveAsync("jt808", Phone, vehicle, TestContext.Current.CancellationToken));
        await using Jt808Terminal disposed = terminal;
        (Assignment work, _) = await OrderAsync(6, priority: 2);
        (Jt808Frame frame, _) = await terminal.HearAsync();

        Alarm unanswered = await RaisedAsync(fast.Desk, work.Id, "orderUnconfirmed");
        Assert.Matches($"^派单未送达 {crew.CallSign}:终端[0-9]+秒未应答$", unanswered.What.Zh);
        Assert.False(unanswered.Delivered);

        await terminal.SendAsync(new Jt808Reply(true, frame.Header.Serial, 0x8300, Jt808Result.Done));
        AlarmList list = await Eventually.GetAsync(ListAsync, list => list.Alarms.Single(one => one.Id == unanswered.Id).Delivered == true, "it is not delivered", Patience);
        Assert.Equal($"派单已送达 {crew.CallSign},车组未确认", list.Alarms.Single(one => one.Id == unanswered.Id).What.Zh);

        (await fast.Desk.PressAsync(work.Id, "acknowledged")).Read<Incident>();
        list = await Eventually.GetAsync(ListAsync, list => !list.Alarms.Single(one => one.Id == unanswered.Id).Standing, "it does not clear", Patience);
        Alarm over = list.Alarms.Single(one => one.Id == unanswered.Id);
        Assert.Equal(("派单 60 秒未确认", null), (over.What.Zh, over.Delivered));

        (work, _) = await OrderAsync(7, priority: 2);
        Alarm lost = await RaisedAsync(fast.Desk, work.Id, "orderUnconfirmed");
        Assert.Equal(($"派单未送达 {work.CallSign}:车辆没有终端", false), (lost.What.Zh, lost.Delivered));
    }

    [Fact]
    public async Task A_P1_that_waits_is_passed_on_and_told_to_every_desk_and_is_over_when_the_incident_is_closed()
    {
        var heard = new Heard<AlarmChange>();
        await using HubConnection hub = await fast.Server.ListenAsync(
            await fast.Server.SignInAsync("dispatcher2"), "/hubs/incidents", hub => hub.On<AlarmChange>("alarms", heard.Add));
        Incident incident = await OpenAsync(priority: 1);

        Alarm alarm = await RaisedAsync(fast.Desk, incident.Id, "incidentWaiting");

        Assert.Equal(incident.OpenedAt.AddSeconds(60), alarm.Since);
        await heard.FirstAsync(change => change.AlarmId == alarm.Id, "no desk was told");
        await Eventually.GetAsync(
            ListAsync, list => list.Alarms.Single(one => one.Id == alarm.Id).EscalatedTo is ["nextSeat", "supervisor", "phone"], "it is not passed on", Patience);
        (await fast.Desk.CloseAsync(incident.Id, "noPatient")).Read<Incident>();
        await Eventually.GetAsync(ListAsync, list => list.Alarms.Any(one => one.Id == alarm.Id && !one.Standing), "it does not clear", Patience);
        Assert.Contains((await ListAsync()).LastHour, seat => seat.Seat == alarm.Seat && seat.A1 > 0);
    }

    [Fact]
    public async Task A_unit_that_stands_on_the_way_is_raised_by_its_fixes_and_may_be_shelved()
    {
        (Assignment work, _) = await OrderAsync(2, priority: 3);
        (await fast.Desk.PressAsync(work.Id, "enRoute")).Read<Incident>();

        Alarm alarm = await Eventually.GetAsync(
            async () =>
            {
                DateTimeOffset now = (await fast.Desk.ReadAsync<Board>("/api/board")).Now;
                (await fast.Server.SendFixesAsync(fast.Server.Crews[2], new AvlFix(now, 118.5, 37.44))).Read<FixReceipt>();
                return (await ListAsync()).Alarms.FirstOrDefault(one => one.SubjectId == work.Id && one.Kind == "unitStill");
            },
            found => found is not null, "it stands, and nobody says so", Patience) ?? throw new InvalidOperationException();

        Assert.True(alarm.RaisedAt >= work.Since.AddSeconds(330));
        Alarm shelved = (await fast.Desk.PostAsync($"/api/alarms/{alarm.Id}/shelve", new { commandId = Guid.NewGuid(), minutes = 60, reason = "路口封闭" })).Read<Alarm>();
        Assert.Equal(("shelved", "路口封闭"), (shelved.State, shelved.Shelved!.Reason));
        (await ConfirmAsync(alarm.Id)).MustRefuse(409, "alarm.shelved");
        Alarm back = (await fast.Desk.PostAsync($"/api/alarms/{alarm.Id}/unshelve", new { commandId = Guid.NewGuid() })).Read<Alarm>();
        Assert.Null(back.Shelved);
    }

    [Fact]
    public async Task The_device_of_a_unit_on_duty_is_missed_after_a_quarter_of_an_hour()
    {
        DemoCrew crew = fast.Server.Crews[4];
        DateTimeOffset now = (await fast.Desk.ReadAsync<Board>("/api/board")).Now;
        (await fast.Server.SendFixesAsync(crew, new AvlFix(now, 118.5, 37.44))).Read<FixReceipt>();

        Alarm alarm = await RaisedAsync(fast.Desk, crew.UnitId, "deviceOffline");

        Assert.Equal((3, crew.CallSign), (alarm.Level, alarm.CallSign));
        Assert.True(alarm.RaisedAt >= now.AddSeconds(930));
    }

    [Fact]
    public async Task More_than_ten_in_ten_minutes_are_a_flood_and_every_one_is_listed()
    {
        var waiting = new List<Incident>();
        for (int n = 0; n < 11; n++)
        {
            waiting.Add(await OpenAsync(priority: 1));
        }

        AlarmList list = await Eventually.GetAsync(ListAsync, list => waiting.All(incident => list.Alarms.Any(one => one.SubjectId == incident.Id)), "some are missing", Patience);

        Assert.True(list.Flood);
        Assert.Equal(list.Alarms.OrderBy(one => one.Level).ThenBy(one => one.Since).Select(one => one.Id), list.Alarms.Select(one => one.Id));
    }

    [Fact]
    public async Task What_is_asked_wrongly_is_refused_and_changes_nothing()
    {
        Incident incident = await OpenAsync(priority: 1);
        Alarm alarm = await RaisedAsync(fast.Desk, incident.Id, "incidentWaiting");
        string path = $"/api/alarms/{alarm.Id}";

        (await fast.Desk.PostAsync($"{path}/shelve", new { commandId = Guid.NewGuid(), minutes = 15, reason = "忙" })).MustRefuse(409, "alarm.not_shelvable");
        Answer minutes = (await fast.Desk.PostAsync($"{path}/shelve", new { commandId = Guid.NewGuid(), minutes = 20, reason = "忙" })).MustRefuse(400, "command.bad_field");
        Assert.Equal(("minutes", "20"), (minutes.Problem.GetProperty("field").GetString(), minutes.Problem.GetProperty("value").GetString()));
        (await fast.Desk.PostAsync($"{path}/shelve", new { commandId = Guid.NewGuid(), minutes = 15, reason = "" })).MustRefuse(400, "command.bad_field");
        (await fast.Desk.PostAsync($"{path}/confirm", new { })).MustRefuse(400, "command.bad_field");
        (await ConfirmAsync(Guid.NewGuid())).MustRefuse(404, "alarm.unknown");
        Assert.Equal(404, (await fast.Desk.PostAsync("/api/alarms/confirm", new { commandId = Guid.NewGuid() })).Status);
        Session crew = await fast.Server.CrewAsync(fast.Server.Crews[0].UnitId);
        Assert.Equal(403, (await crew.GetAsync("/api/alarms")).Status);
        Assert.Equal(403, (await crew.PostAsync($"{path}/confirm", new { commandId = Guid.NewGuid() })).Status);
        Assert.Equal("unconfirmed", (await ListAsync()).Alarms.Single(one => one.Id == alarm.Id).State);

        // The same command twice is one; who did it is kept.
        var once = new { commandId = Guid.NewGuid() };
        (await fast.Desk.PostAsync($"{path}/confirm", once)).Read<Alarm>();
        (await fast.Desk.PostAsync($"{path}/confirm", once)).Read<Alarm>();
        Assert.Equal(1, await fast.Server.Database.CountAsync(
            "dispatch.alarm_event JOIN identity.account ON account.id = account_id WHERE alarm_id = $1 AND type = 'alarmConfirmed' AND user_name = 'dispatcher1'", alarm.Id));
    }

    private static async Task<Alarm> RaisedAsync(Session desk, Guid subjectId, string kind) =>
        await Eventually.GetAsync(
            async () => (await desk.ReadAsync<AlarmList>("/api/alarms")).Alarms.FirstOrDefault(alarm => alarm.SubjectId == subjectId && alarm.Kind == kind),
            found => found is not null, $"{kind} is not raised", Patience) ?? throw new InvalidOperationException();

    private Task GoneAsync(Guid alarmId) => Eventually.GetAsync(ListAsync, list => list.Alarms.All(alarm => alarm.Id != alarmId), "it stays listed", Patience);

    private Task<AlarmList> ListAsync() => fast.Desk.ReadAsync<AlarmList>("/api/alarms");

    private Task<Answer> ConfirmAsync(Guid alarmId) => fast.Desk.PostAsync($"/api/alarms/{alarmId}/confirm", new { commandId = Guid.NewGuid() });

    private async Task<Incident> OpenAsync(int priority) =>
        (await fast.Desk.PostAsync("/api/incidents", Commands.NewIncident(118.58, 37.455, priority: priority))).Read<Incident>();

    private async Task<(Assignment Work, Incident Incident)> OrderAsync(int crew, int priority)
    {
        Incident incident = await OpenAsync(priority);
        return (await fast.Desk.AssignAsync(incident.Id, fast.Server.Crews[crew].UnitId), incident);
    }
}

/// <summary>What was raised before the server ended is there after it.</summary>
public sealed class AlarmRestartTests(TestCluster cluster)
{
    private sealed record Alarm(Guid Id, string Kind, Guid SubjectId, string State, int Count);

    private sealed record AlarmList(bool Flood, Alarm[] Alarms);

    [Fact]
    public async Task An_alarm_and_that_it_was_confirmed_outlive_a_restart()
    {
        await using var fast = new FastServer(cluster);
        await fast.InitializeAsync();
        Incident incident = await fast.Desk.OpenAsync();
        Assignment work = await fast.Desk.AssignAsync(incident.Id, fast.Server.Crews[0].UnitId);
        AlarmList before = await Eventually.GetAsync(
            () => fast.Desk.ReadAsync<AlarmList>("/api/alarms"), list => list.Alarms.Select(one => one.Kind).ToHashSet().IsSupersetOf(["orderUnconfirmed", "notDeparted"]),
            "not both are raised", TimeSpan.FromSeconds(60));
        Assert.False(before.Flood);
        Alarm confirmed = before.Alarms.Single(one => one.Kind == "orderUnconfirmed");
        (await fast.Desk.PostAsync($"/api/alarms/{confirmed.Id}/confirm", new { commandId = Guid.NewGuid() })).Read<Alarm>();

        await fast.Server.RestartAsync();

        Session desk = await fast.Server.DispatcherAsync();
        AlarmList after = await desk.ReadAsync<AlarmList>("/api/alarms");
        Assert.Equal([(confirmed.Id, "confirmed", 1)], after.Alarms.Where(one => one.Kind == "orderUnconfirmed").Select(one => (one.Id, one.State, one.Count)));
        (await desk.PressAsync(work.Id, "acknowledged")).Read<Incident>();
        after = await Eventually.GetAsync(
            () => desk.ReadAsync<AlarmList>("/api/alarms"), list => list.Alarms.All(one => one.Kind != "orderUnconfirmed"), "it is not over", TimeSpan.FromSeconds(60));
        Alarm still = Assert.Single(after.Alarms);
        Assert.Equal(("notDeparted", "unconfirmed", 1), (still.Kind, still.State, still.Count));
    }
}
