using System.Text.Json;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Dispatch;

/// <summary>Several units on one incident, and units that change between incidents, over HTTP on a real database.</summary>
public sealed class SeveralUnitsTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Several_units_are_sent_at_once_or_none_of_them_and_each_that_cannot_go_is_named()
    {
        Session desk = await server.DispatcherAsync();
        Guid[] units = [.. server.Crews.Take(4).Select(crew => crew.UnitId)];
        Incident busy = await desk.OpenAsync();
        await desk.AssignAsync(busy.Id, units[3]);
        Incident incident = await desk.OpenAsync();

        Answer refused = (await desk.TryAssignAllAsync(incident.Id, units)).MustRefuse(409, "units.cannot_go");
        string detail = refused.Problem.GetProperty("detail").GetString()!;
        Assert.Contains($"{server.Crews[3].CallSign} 正在执行 {busy.Number}", detail, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Crews[0].CallSign, detail, StringComparison.Ordinal);
        Assert.Equal(("waiting", 1), Seen(await desk.ReadAsync<Incident>($"/api/incidents/{incident.Id}")));

        Incident sent = (await desk.TryAssignAllAsync(incident.Id, units[..3])).Read<Incident>();
        Assert.Equal(units[..3].Order(), sent.Assignments.Select(work => work.UnitId).Order());
        Assert.All(sent.Assignments, work => Assert.True(work.ExpectedSeconds > 0));
        Assert.Equal(["unitAssigned", "unitAssigned", "unitAssigned"], sent.Timeline!.Skip(1).Select(entry => entry.Type));

        foreach (Guid[] wrong in new Guid[][] { [], [units[0], units[0]], [.. Enumerable.Range(0, 21).Select(_ => Guid.NewGuid())] })
        {
            Assert.Equal("unitIds", (await desk.TryAssignAllAsync(incident.Id, wrong)).MustRefuse(400, "command.bad_field").Problem.GetProperty("field").GetString());
        }
    }

    [Fact]
    public async Task A_diverted_unit_leaves_the_one_incident_waiting_and_is_on_the_other_and_both_say_why()
    {
        Session desk = await server.DispatcherAsync();
        DemoCrew crew = server.Crews[10];
        Incident old = await desk.OpenAsync(), next = await desk.OpenAsync(118.62, 37.44);
        Assignment work = await desk.AssignAsync(old.Id, crew.UnitId);
        (await desk.PressAsync(work.Id, "enRoute")).Read<Incident>();
        Guid commandId = Guid.NewGuid();

        DivertedBoth both = (await desk.DivertAsync(work.Id, next.Id, commandId)).Read<DivertedBoth>();

        Assert.Equal(("waiting", "cancelled"), (both.From.Status, both.From.Assignments.Single().Status));
        JsonElement left = both.From.Timeline![^1].Data, came = both.To.Timeline![^1].Data;
        Assert.Equal(("diverted", next.Number, "更近更急"), (Text(left, "kind"), Text(left.GetProperty("divertedTo"), "number"), Text(left, "reason")));
        Assert.Equal(old.Number, Text(came.GetProperty("divertedFrom"), "number"));
        Assert.Equal(("running", "notified"), (both.To.Status, both.To.Assignments.Single().Status));
        Assert.Equal(next.Number, (await desk.ReadAsync<Board>("/api/board")).UnitOf(crew.UnitId).IncidentNumber);
        using Session page = await server.CrewAsync(crew.UnitId);
        Assert.Equal(next.Id, (await page.ReadAsync<UnitTask>($"/api/units/{crew.UnitId}/task")).Incident!.Id);
        (await page.DivertAsync(both.To.Assignments[0].Id, old.Id)).MustRefuse(403, "session.forbidden");

        // Sent again, it is the same command.
        Assert.Equal(both.To.Version, (await desk.DivertAsync(work.Id, next.Id, commandId)).Read<DivertedBoth>().To.Version);
        (await desk.DivertAsync(work.Id, next.Id)).MustRefuse(409, "assignment.ended");
    }

    [Fact]
    public async Task Nobody_is_diverted_with_a_patient_on_board_nor_to_the_same_or_a_closed_incident()
    {
        Session desk = await server.DispatcherAsync();
        Guid hospital = (await desk.ReadAsync<Hospitals>("/api/hospitals")).Items[0].Id;
        Incident old = await desk.OpenAsync(), next = await desk.OpenAsync(), closed = await desk.OpenAsync();
        (await desk.CloseAsync(closed.Id, "noPatient")).Read<Incident>();
        Assignment work = await desk.AssignAsync(old.Id, server.Crews[12].UnitId);

        (await desk.DivertAsync(work.Id, old.Id)).MustRefuse(400, "assignment.same_incident");
        (await desk.DivertAsync(work.Id, closed.Id)).MustRefuse(409, "incident.closed");
        (await desk.DivertAsync(work.Id, Guid.NewGuid())).MustRefuse(404, "incident.unknown");
        Assert.Equal(("running", 2), Seen(await desk.ReadAsync<Incident>($"/api/incidents/{old.Id}")));

        foreach (string step in new[] { "enRoute", "onScene", "leftScene", "atDestination" })
        {
            (await desk.PressAsync(work.Id, step, step == "leftScene" ? hospital : null)).Read<Incident>();
        }

        (await desk.DivertAsync(work.Id, next.Id)).MustRefuse(409, "assignment.with_patient");
        (await desk.PressAsync(work.Id, "handedOver")).Read<Incident>();
        DivertedBoth both = (await desk.DivertAsync(work.Id, next.Id)).Read<DivertedBoth>();
        // The work was done: the old incident does not wait again.
        Assert.Equal(("running", "available", "notified"), (both.From.Status, both.From.Assignments[0].Status, both.To.Assignments[0].Status));
    }

    [Fact]
    public async Task Another_unit_takes_over_in_one_step_and_where_it_cannot_nothing_changes()
    {
        Session desk = await server.DispatcherAsync();
        DemoCrew first = server.Crews[15], second = server.Crews[16];
        Incident incident = await desk.OpenAsync(), elsewhere = await desk.OpenAsync();
        Assignment work = await desk.AssignAsync(incident.Id, first.UnitId);
        Assignment other = await desk.AssignAsync(elsewhere.Id, second.UnitId);

        Answer refused = (await desk.RelieveAsync(work.Id, second.UnitId)).MustRefuse(409, "unit.busy");
        Assert.Contains(elsewhere.Number, refused.Text, StringComparison.Ordinal);
        Assert.Equal(("running", 2), Seen(await desk.ReadAsync<Incident>($"/api/incidents/{incident.Id}")));
        (await desk.CancelAsync(other.Id)).Read<Incident>();

        Incident after = (await desk.RelieveAsync(work.Id, second.UnitId)).Read<Incident>();
        Assert.Equal([(first.CallSign, "cancelled"), (second.CallSign, "notified")], after.Assignments.Select(a => (a.CallSign, a.Status)));
        Assert.Equal(("relieved", second.CallSign), (Text(after.Timeline![2].Data, "kind"), Text(after.Timeline[2].Data.GetProperty("relievedBy"), "callSign")));
        Assert.Equal("running", after.Status);
    }

    [Fact]
    public async Task A_unit_that_two_dispatchers_divert_at_once_goes_to_one_of_them()
    {
        Session[] desks = [await server.SignInAsync("dispatcher1"), await server.SignInAsync("dispatcher2")];
        Incident[] incidents = [await desks[0].OpenAsync(), await desks[0].OpenAsync(), await desks[1].OpenAsync()];
        Guid unit = server.Crews[18].UnitId;
        for (int round = 0; round < 8; round++)
        {
            Assignment work = await desks[0].AssignAsync(incidents[0].Id, unit);
            Answer[] answers = await Task.WhenAll(desks.Select((desk, index) => desk.DivertAsync(work.Id, incidents[1 + index].Id)));
            Assert.Equal([200, 409], answers.Select(answer => answer.Status).Order());
            answers.Single(answer => answer.Status == 409).MustRefuse(409, "assignment.ended");
            (await desks[0].CancelAsync(answers.Single(answer => answer.Status == 200).Read<DivertedBoth>().To.Assignments[^1].Id)).Read<Incident>();
        }
    }

    private static (string Status, int Version) Seen(Incident incident) => (incident.Status, incident.Version);

    private static string? Text(JsonElement data, string member) => data.GetProperty(member).GetString();
}
