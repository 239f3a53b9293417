using GeoDispatch.Testing;
using Microsoft.AspNetCore.SignalR.Client;

namespace GeoDispatch.Host.Tests.Dispatch;

/// <summary>An alarm sounds where somebody is who has to act: it goes with the seat, with the shift, and on to who leads it.</summary>
public sealed class AlarmSeatTests(FastServer fast) : IClassFixture<FastServer>, IAsyncLifetime
{
    private sealed record Concern(string Whom, string? Seat, DateTimeOffset Since);

    private sealed record Alarm(Guid Id, Guid SubjectId, string? Seat, DateTimeOffset RaisedAt, Concern[] Concerns);

    private sealed record AlarmList(Alarm[] Alarms);

    private sealed record AlarmChange(Guid? AlarmId, int? Version);

    private sealed record Handed(Guid Id);

    private sealed record SeatRow(string Seat, bool Supervisor);

    private sealed record SeatList(SeatRow[] Seats);

    private Session desk = null!, colleague = null!, boss = null!;

    /// <summary>Three people, none of whom sits anywhere.</summary>
    public async ValueTask InitializeAsync()
    {
        (desk, colleague, boss) = (await fast.Server.SignInAsync("dispatcher1"), await fast.Server.SignInAsync("dispatcher2"), await fast.Server.SignInAsync("admin"));
        foreach (Session one in new[] { desk, colleague, boss })
        {
            (await one.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/seat"))).Read<SeatList>();
        }
    }

    public ValueTask DisposeAsync()
    {
        desk.Dispose();
        colleague.Dispose();
        boss.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_nobody_confirms_in_time_goes_to_the_next_seat_and_the_supervisor_and_to_every_desk_where_neither_is_there()
    {
        await SitAsync(desk, "9");
        await SitAsync(colleague, "12");
        await SitAsync(boss, "3", supervisor: true);
        Incident incident = await WaitingAsync(desk);

        Alarm passedOn = await ConcernedAsync(desk, incident, "ownSeat 9, nextSeat 12, supervisor 3");

        Assert.Equal("9", passedOn.Seat);
        Assert.Equal(
            [passedOn.RaisedAt, passedOn.RaisedAt.AddSeconds(30), passedOn.RaisedAt.AddSeconds(30)], passedOn.Concerns.Select(concern => concern.Since));
        await SignOutAsync(colleague);
        await ConcernedAsync(desk, incident, "ownSeat 9, nextSeat 3, supervisor 3");
        await SignOutAsync(boss);
        await ConcernedAsync(desk, incident, "ownSeat 9, everyDesk");
    }

    [Fact]
    public async Task After_a_sign_out_it_is_everybodys_until_somebody_sits_down_at_the_seat()
    {
        await SitAsync(desk, "9");
        await SitAsync(colleague, "12");
        Incident incident = await WaitingAsync(desk);
        await ConcernedAsync(colleague, incident, "ownSeat 9, nextSeat 12");

        await SignOutAsync(desk);

        await ConcernedAsync(colleague, incident, "everyDesk, nextSeat 12");
        await SitAsync(colleague, "9");
        await ConcernedAsync(colleague, incident, "ownSeat 9, everyDesk");
    }

    [Fact]
    public async Task Who_takes_a_shift_over_takes_the_alarms_of_its_seat_over_and_every_desk_is_told()
    {
        await SitAsync(desk, "9");
        await SitAsync(colleague, "12");
        Incident incident = await WaitingAsync(desk), other = await WaitingAsync(colleague);
        await ConcernedAsync(desk, incident, "ownSeat 9, nextSeat 12");
        Handed note = (await desk.PostAsync("/api/handovers", new { commandId = Guid.NewGuid(), text = "都好", seat = "9" })).Read<Handed>();
        await SignOutAsync(desk);
        var heard = new Heard<AlarmChange>();
        await using HubConnection hub = await fast.Server.ListenAsync(colleague, "/hubs/incidents", hub => hub.On<AlarmChange>("alarms", heard.Add));

        (await colleague.PostAsync($"/api/handovers/{note.Id}/accept", new { commandId = Guid.NewGuid(), seat = "12" })).Read<Handed>();

        Alarm taken = await ConcernedAsync(colleague, incident, "ownSeat 12, everyDesk");
        Assert.Equal("12", taken.Seat);
        await heard.FirstAsync(change => change == new AlarmChange(null, null), "the desks are told to read them again");
        await ConcernedAsync(colleague, other, "ownSeat 12, everyDesk");
    }

    [Fact]
    public async Task What_was_opened_at_no_seat_is_every_desks()
    {
        await SitAsync(colleague, "12");
        Incident incident = await WaitingAsync(desk);

        await ConcernedAsync(colleague, incident, "everyDesk");
    }

    [Fact]
    public async Task Who_sits_as_the_supervisor_is_listed_so_and_no_longer_when_he_sits_down_anew()
    {
        await SitAsync(boss, "3", supervisor: true);
        await SitAsync(desk, "4");
        Assert.Equal([new SeatRow("3", true), new SeatRow("4", false)], (await boss.ReadAsync<SeatList>("/api/seats")).Seats);

        await SitAsync(boss, "3");

        Assert.Equal([new SeatRow("3", false), new SeatRow("4", false)], (await boss.ReadAsync<SeatList>("/api/seats")).Seats);
    }

    private static async Task SitAsync(Session session, string seat, bool supervisor = false) =>
        (await session.PutAsync("/api/seat", new { seat, supervisor })).Read<SeatList>();

    private static async Task SignOutAsync(Session session) => (await session.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/api/session"))).Read204();

    private static async Task<Incident> WaitingAsync(Session desk) =>
        (await desk.PostAsync("/api/incidents", Commands.NewIncident(118.58, 37.455, priority: 1))).Read<Incident>();

    /// <summary>The alarm that an incident waits, once it concerns these.</summary>
    private static async Task<Alarm> ConcernedAsync(Session session, Incident incident, string whom) => (await Eventually.GetAsync(
        async () => (await session.ReadAsync<AlarmList>("/api/alarms")).Alarms.FirstOrDefault(alarm => alarm.SubjectId == incident.Id),
        alarm => alarm is not null && string.Join(", ", alarm.Concerns.Select(concern => $"{concern.Whom} {concern.Seat}".TrimEnd())) == whom,
        $"it does not concern {whom}", TimeSpan.FromSeconds(60)))!;
}
