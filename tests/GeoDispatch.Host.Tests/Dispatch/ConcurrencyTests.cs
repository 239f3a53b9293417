using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Dispatch;

/// <summary>Two who act at once, and one who sends again what may have got lost.</summary>
public sealed class ConcurrencyTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Of_two_dispatchers_who_send_the_same_unit_one_succeeds_and_the_other_reads_where_it_went()
    {
        Session first = await server.SignInAsync("dispatcher1");
        Session second = await server.SignInAsync("dispatcher2");
        Incident here = await first.OpenAsync();
        Incident there = await second.OpenAsync(118.67, 37.43);
        foreach (DemoCrew crew in server.Crews.Take(15))
        {
            Answer[] answers = await Task.WhenAll(first.TryAssignAsync(here.Id, crew.UnitId), second.TryAssignAsync(there.Id, crew.UnitId));
            Assert.Equal([201, 409], answers.Select(answer => answer.Status).Order());
            Incident winner = answers[0].Status == 201 ? here : there;
            Answer loser = answers.Single(answer => answer.Status == 409).MustRefuse(409, "unit.busy");
            Assert.Contains(winner.Number, loser.Problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
            Assert.Contains(crew.CallSign, loser.Problem.GetProperty("detail").GetString()!, StringComparison.Ordinal);
            Assert.Equal(1, await server.Database.CountAsync("dispatch.assignment WHERE unit_id = $1 AND active", crew.UnitId));
            Assert.Equal(winner.Number, (await first.ReadAsync<Board>("/api/board")).UnitOf(crew.UnitId).IncidentNumber);
        }
    }

    [Fact]
    public async Task A_command_that_comes_again_changes_nothing_and_is_answered_as_if_it_had_come_once()
    {
        Session desk = await server.DispatcherAsync();
        Guid commandId = Guid.NewGuid();
        Answer[] opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            desk.PostAsync("/api/incidents", Commands.NewIncident(118.6, 37.45, commandId: commandId))));
        Incident incident = Assert.Single(opened.Select(answer => answer.Read<Incident>()).DistinctBy(read => read.Id));

        Guid unitId = server.Crews[20].UnitId;
        Guid assignId = Guid.NewGuid();
        Answer[] assigned = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => desk.TryAssignAsync(incident.Id, unitId, assignId)));
        Assignment work = Assert.Single(assigned.SelectMany(answer => answer.Read<Incident>().Assignments).DistinctBy(read => read.Id));

        Session crew = await server.CrewAsync(unitId);
        Guid pressId = Guid.NewGuid();
        Answer[] pressed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => crew.PressAsync(work.Id, "acknowledged", commandId: pressId)));
        Assert.All(pressed, answer => Assert.Equal("acknowledged", answer.Read<Incident>().Assignments.Single().Status));

        Incident read = await desk.ReadAsync<Incident>($"/api/incidents/{incident.Id}");
        Assert.Equal(["incidentOpened", "unitAssigned", "milestoneRecorded"], read.Timeline!.Select(entry => entry.Type));
        Assert.Equal(3, await server.Database.CountAsync("dispatch.command WHERE stream_id = $1", incident.Id));
    }

    [Fact]
    public async Task A_command_id_that_was_used_for_something_else_is_refused()
    {
        Session desk = await server.DispatcherAsync();
        Incident incident = await desk.OpenAsync();
        Incident other = await desk.OpenAsync();
        Guid commandId = Guid.NewGuid();
        (await desk.PostAsync($"/api/incidents/{incident.Id}/notes", new { commandId, text = "一楼大厅" })).Read<Incident>();
        (await desk.PostAsync($"/api/incidents/{incident.Id}/priority", new { commandId, priority = 1 })).MustRefuse(409, "command.id_reused");
        (await desk.PostAsync($"/api/incidents/{incident.Id}/notes", new { commandId, text = "二楼大厅" })).MustRefuse(409, "command.id_reused");
        (await desk.PostAsync($"/api/incidents/{other.Id}/notes", new { commandId, text = "一楼大厅" })).MustRefuse(409, "command.id_reused");
        Session colleague = await server.SignInAsync("dispatcher2");
        (await colleague.PostAsync($"/api/incidents/{incident.Id}/notes", new { commandId, text = "一楼大厅" })).MustRefuse(409, "command.id_reused");
        Assert.Equal(2, (await desk.ReadAsync<Incident>($"/api/incidents/{incident.Id}")).Version);
        Assert.Equal(1, (await desk.ReadAsync<Incident>($"/api/incidents/{other.Id}")).Version);
    }

    [Fact]
    public async Task Who_has_not_seen_the_newest_version_reads_again_first()
    {
        Session desk = await server.DispatcherAsync();
        Incident incident = await desk.OpenAsync();
        string seen = (await desk.GetAsync($"/api/incidents/{incident.Id}")).Version!;
        Session colleague = await server.SignInAsync("dispatcher2");
        Answer newer = await colleague.PostAsync($"/api/incidents/{incident.Id}/priority", new { commandId = Guid.NewGuid(), priority = 1 }, seen);
        Assert.Equal((200, "\"2\""), (newer.Status, newer.Version));
        (await desk.PostAsync($"/api/incidents/{incident.Id}/priority", new { commandId = Guid.NewGuid(), priority = 3 }, seen)).MustRefuse(412, "incident.stale");
        Assert.Equal(1, (await desk.ReadAsync<Incident>($"/api/incidents/{incident.Id}")).Priority);
        (await desk.PostAsync($"/api/incidents/{incident.Id}/priority", new { commandId = Guid.NewGuid(), priority = 3 }, newer.Version)).Read<Incident>();
    }

    [Fact]
    public async Task Incidents_opened_in_the_same_moment_have_numbers_without_gap_or_repeat()
    {
        Session desk = await server.DispatcherAsync();
        Incident[] opened = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => desk.OpenAsync()));
        int[] numbers = [.. opened.Select(incident => int.Parse(incident.Number[1..], System.Globalization.CultureInfo.InvariantCulture)).Order()];
        Assert.Equal(20, numbers.Distinct().Count());
        List<int> all = await server.Database.ListAsync<int>("SELECT substr(number, 2)::int FROM dispatch.incident ORDER BY 1");
        Assert.Equal(Enumerable.Range(1, all.Count), all);
    }

    [Fact]
    public async Task Nobody_rewrites_the_log()
    {
        Session desk = await server.DispatcherAsync();
        Incident incident = await desk.OpenAsync();
        foreach (string change in new[] { "UPDATE dispatch.incident_event SET recorded_by = 'nobody'", "DELETE FROM dispatch.incident_event", "TRUNCATE dispatch.incident_event" })
        {
            var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => server.Database.AdministerAsync(change));
            Assert.Contains("insert-only", refused.MessageText, StringComparison.Ordinal);
        }

        Assert.Equal(1, await server.Database.CountAsync("dispatch.incident_event WHERE incident_id = $1", incident.Id));
    }
}
