using GeoDispatch.Testing;
using Microsoft.AspNetCore.SignalR.Client;

namespace GeoDispatch.Host.Tests.Dispatch;

/// <summary>Shifts, out of service and back, standby posts: as crews and dispatchers do them, and what it means for who may be sent.</summary>
public sealed class UnitTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task A_crew_logs_on_with_its_names_and_off_again_and_meanwhile_the_unit_may_be_sent()
    {
        DemoCrew crew = server.Crews[0];
        Session page = await server.CrewAsync(crew.UnitId), desk = await server.DispatcherAsync();
        Incident incident = await desk.OpenAsync();

        Unit off = (await DoAsync(page, crew, "log-off")).Read<Unit>();
        Assert.Equal(("offDuty", false, 0), (off.Status, off.Duty.OnDuty, off.Crew.Length));
        Answer refused = (await desk.TryAssignAsync(incident.Id, crew.UnitId)).MustRefuse(409, "unit.off_duty");
        Assert.Contains(crew.CallSign, refused.Problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);

        DateTimeOffset until = Now.AddHours(12);
        Unit on = (await DoAsync(page, crew, "log-on", new { commandId = Guid.NewGuid(), until, crew = new[] { new { role = "driver", name = "王五" }, new { role = "doctor", name = "李四" } } })).Read<Unit>();
        Assert.Equal(("available", true), (on.Status, on.Duty.OnDuty));
        Assert.Equal(until, on.Duty.Until!.Value, TimeSpan.FromMilliseconds(1));
        Assert.Equal([new("doctor", "李四"), new CrewMember("driver", "王五")], (await BoardAsync(desk, crew)).Crew);
        await desk.AssignAsync(incident.Id, crew.UnitId);

        // At work it is left alone, but for who is on it.
        Answer busy = (await DoAsync(page, crew, "log-off")).MustRefuse(409, "unit.at_work");
        Assert.Contains(incident.Number, busy.Problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Unit named = (await DoAsync(desk, crew, "crew", new { commandId = Guid.NewGuid(), crew = new[] { new { role = "driver", name = "赵六" } } })).Read<Unit>();
        Assert.Equal([new CrewMember("driver", "赵六")], named.Crew);
    }

    [Fact]
    public async Task A_unit_out_of_service_is_not_sent_and_comes_back_by_itself_when_its_time_has_passed()
    {
        DemoCrew crew = server.Crews[1];
        Session desk = await server.DispatcherAsync();
        Incident incident = await desk.OpenAsync();

        Unit @out = (await DoAsync(desk, crew, "take-out", new { commandId = Guid.NewGuid(), reason = "vehicle", words = "换轮胎", until = Now.AddHours(1) })).Read<Unit>();
        Assert.Equal(("outOfService", "vehicle", "换轮胎"), (@out.Status, @out.Out!.Reason, @out.Out.Words));
        string said = (await desk.TryAssignAsync(incident.Id, crew.UnitId)).MustRefuse(409, "unit.out_of_service").Problem.GetProperty("detail").GetString()!;
        Assert.Contains("车辆维修(换轮胎)", said, StringComparison.Ordinal);
        (await DoAsync(desk, crew, "post", new { commandId = Guid.NewGuid(), name = "体育场", lon = 118.6, lat = 37.4 })).MustRefuse(409, "unit.out_of_service");

        Assert.Equal("available", (await DoAsync(desk, crew, "bring-back")).Read<Unit>().Status);
        (await DoAsync(desk, crew, "take-out", new { commandId = Guid.NewGuid(), reason = "meal", until = Now.AddSeconds(1) })).Read<Unit>();
        await Eventually.GetAsync(() => BoardAsync(desk, crew), unit => unit.Status == "available", "the unit did not come back");
        Assert.Equal(
            ["unitTakenOut", "unitBroughtBack", "unitTakenOut", "unitBroughtBack system true"],
            await server.Database.ListAsync<string>(
                "SELECT concat_ws(' ', type, CASE WHEN (data->>'byTime')::boolean THEN recorded_by || ' true' END) FROM dispatch.unit_event WHERE unit_id = $1 ORDER BY version", crew.UnitId));
        await desk.AssignAsync(incident.Id, crew.UnitId);
    }

    [Fact]
    public async Task Of_two_who_take_a_unit_out_and_send_it_at_once_one_succeeds()
    {
        Session first = await server.SignInAsync("dispatcher1"), second = await server.SignInAsync("dispatcher2");
        Incident incident = await first.OpenAsync();
        int sent = 0;
        foreach (DemoCrew crew in server.Crews.Skip(10).Take(20))
        {
            Answer[] answers = await Task.WhenAll(
                first.TryAssignAsync(incident.Id, crew.UnitId), DoAsync(second, crew, "take-out", new { commandId = Guid.NewGuid(), reason = "vehicle" }));

            string status = (await BoardAsync(first, crew)).Status;
            if (answers[0].Status == 201)
            {
                sent++;
                Assert.Equal("assigned", status);
                answers[1].MustRefuse(409, "unit.at_work");
            }
            else
            {
                Assert.Equal("outOfService", status);
                answers[0].MustRefuse(409, "unit.out_of_service");
                answers[1].Read<Unit>();
            }
        }

        Assert.Equal(sent, await server.Database.CountAsync("dispatch.assignment WHERE incident_id = $1 AND active", incident.Id));
    }

    [Fact]
    public async Task A_unit_waits_at_a_post_learns_more_and_rests_and_its_desk_and_crew_hear_of_it()
    {
        DemoCrew crew = server.Crews[2];
        Session page = await server.CrewAsync(crew.UnitId), desk = await server.DispatcherAsync();
        var heard = new System.Collections.Concurrent.ConcurrentQueue<Changed>();
        await using HubConnection listening = await server.ListenAsync(page, "/hubs/incidents", connection => connection.On<Changed>("changed", heard.Enqueue));

        (await DoAsync(desk, crew, "post", new { commandId = Guid.NewGuid(), name = "体育场", lon = 118.6, lat = 37.4 })).Read<Unit>();
        (await DoAsync(desk, crew, "capabilities", new { commandId = Guid.NewGuid(), capabilities = new[] { "als", "bls", "neonatal" } })).Read<Unit>();
        (await DoAsync(desk, crew, "rest", new { commandId = Guid.NewGuid(), minutes = 20 })).Read<Unit>();

        Unit unit = await BoardAsync(desk, crew);
        Assert.Equal((new Post("体育场", 118.6, 37.4), 20, 3), (unit.Post, unit.RestMinutes, unit.Version));
        Assert.Equal(["als", "bls", "neonatal"], unit.Capabilities);
        await Eventually.GetAsync(() => Task.FromResult(heard.Count(change => change.UnitIds?.Contains(crew.UnitId) == true)), times => times == 3, "the crew heard nothing");
        Assert.Null((await DoAsync(desk, crew, "leave-post")).Read<Unit>().Post);
    }

    [Fact]
    public async Task A_unit_gets_another_home_among_the_stations_of_its_agency_and_whoever_read_it_before_is_told()
    {
        DemoCrew crew = server.Crew("F03");
        Session desk = await server.DispatcherAsync();
        Unit before = await BoardAsync(desk, crew);
        Guid[] fire = [.. await server.Database.ListAsync<Guid>("SELECT id FROM dispatch.station WHERE agency = 'fire' AND id <> $1 ORDER BY name", before.StationId)];
        Guid ambulances = await server.Database.ReadAsync<Guid>("SELECT id FROM dispatch.station WHERE agency = 'ems' ORDER BY name LIMIT 1");

        Unit moved = (await DoAsync(desk, crew, "station", new { commandId = Guid.NewGuid(), stationId = fire[0] })).Read<Unit>();
        Assert.Equal((fire[0], 1), (moved.StationId, moved.Version));
        Assert.Equal(moved.StationName, (await BoardAsync(desk, crew)).StationName);
        foreach (Guid? wrong in new Guid?[] { ambulances, Guid.NewGuid(), null })
        {
            MustName(await DoAsync(desk, crew, "station", new { commandId = Guid.NewGuid(), stationId = wrong }), "stationId");
        }

        (await desk.PostAsync($"/api/units/{crew.UnitId}/station", new { commandId = Guid.NewGuid(), stationId = fire[1] }, "\"0\"")).MustRefuse(412, "unit.stale");
        Assert.Equal(fire[0], (await BoardAsync(desk, crew)).StationId);
        Assert.Equal(
            [$"{before.StationId} {fire[0]}"],
            await server.Database.ListAsync<string>("SELECT concat_ws(' ', data->>'from', data->>'to') FROM dispatch.unit_event WHERE unit_id = $1", crew.UnitId));
    }

    [Fact]
    public async Task When_a_unit_was_freed_stays_known()
    {
        DemoCrew crew = server.Crews[3];
        Session desk = await server.DispatcherAsync();
        Incident incident = await desk.OpenAsync();
        Assert.Null((await BoardAsync(desk, crew)).FreedAt);
        DateTimeOffset before = Now;

        await desk.CancelAsync((await desk.AssignAsync(incident.Id, crew.UnitId)).Id);

        Assert.InRange((await BoardAsync(desk, crew)).FreedAt!.Value, before.AddMilliseconds(-1), Now);
    }

    [Fact]
    public async Task Who_may_not_or_says_it_wrongly_is_refused_and_nothing_changes()
    {
        DemoCrew crew = server.Crews[4];
        Session page = await server.CrewAsync(crew.UnitId), other = await server.CrewAsync(server.Crews[5].UnitId), desk = await server.DispatcherAsync();
        object[] people = [new { role = "driver", name = "王五" }];

        (await DoAsync(other, crew, "take-out", new { commandId = Guid.NewGuid(), reason = "meal" })).MustRefuse(403, "unit.not_yours");
        (await DoAsync(page, crew, "bring-back")).MustRefuse(403, "session.forbidden");
        MustName(await DoAsync(desk, crew, "take-out", new { commandId = Guid.NewGuid(), reason = "holiday" }), "reason");
        MustName(await DoAsync(desk, crew, "take-out", new { commandId = Guid.NewGuid(), reason = "meal", until = Now.AddHours(-1) }), "until");
        MustName(await DoAsync(desk, crew, "log-on", new { commandId = Guid.NewGuid(), crew = people }), "until");
        MustName(await DoAsync(desk, crew, "log-on", new { commandId = Guid.NewGuid(), until = Now.AddHours(30), crew = people }), "until");
        MustName(await DoAsync(desk, crew, "crew", new { commandId = Guid.NewGuid(), crew = Array.Empty<object>() }), "crew");
        MustName(await DoAsync(desk, crew, "crew", new { commandId = Guid.NewGuid(), crew = new object?[] { null } }), "crew[0].role");
        MustName(await DoAsync(desk, crew, "crew", new { commandId = Guid.NewGuid(), crew = new[] { new { role = "driver", name = "" } } }), "crew[0].name");
        MustName(await DoAsync(desk, crew, "post", new { commandId = Guid.NewGuid(), name = "体育场", lon = 200, lat = 37 }), "lon");
        MustName(await DoAsync(desk, crew, "capabilities", new { commandId = Guid.NewGuid(), capabilities = new[] { "fly" } }), "capabilities");
        MustName(await DoAsync(desk, crew, "rest", new { commandId = Guid.NewGuid(), minutes = 241 }), "minutes");
        MustName(await DoAsync(desk, crew, "log-off", new { }), "commandId");
        (await desk.PostAsync($"/api/units/{Guid.NewGuid()}/log-off", new { commandId = Guid.NewGuid() })).MustRefuse(404, "unit.unknown");
        (await desk.PostAsync($"/api/units/{crew.UnitId}/log-off", new { commandId = Guid.NewGuid() }, "\"7\"")).MustRefuse(412, "unit.stale");

        Assert.Equal(0, await server.Database.CountAsync("dispatch.unit_event WHERE unit_id = $1", crew.UnitId));
        Assert.Equal("available", (await BoardAsync(desk, crew)).Status);
    }

    private static Task<Answer> DoAsync(Session who, DemoCrew crew, string what, object? body = null) =>
        who.PostAsync($"/api/units/{crew.UnitId}/{what}", body ?? new { commandId = Guid.NewGuid() });

    private static async Task<Unit> BoardAsync(Session desk, DemoCrew crew) => (await desk.ReadAsync<Board>("/api/board")).UnitOf(crew.UnitId);

    private static void MustName(Answer answer, string field) =>
        Assert.Equal(field, answer.MustRefuse(400, "command.bad_field").Problem.GetProperty("field").GetString());
}
