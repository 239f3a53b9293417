using GeoDispatch.Testing;
using GeoDispatch.Tracking.Fixes;

namespace GeoDispatch.Host.Tests.Dispatch;

/// <summary>What a vehicle's position says of the work of its unit, and who decides on it.</summary>
public sealed class ProposalTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const double Lon = 118.50, Lat = 37.44;

    [Fact]
    public async Task A_unit_that_drives_off_is_proposed_as_under_way_and_the_crew_confirms_it_with_one_command()
    {
        DemoCrew crew = server.Crews[5];
        (Session desk, Incident incident, Assignment work, Proposed proposal) = await DriveOffAsync(crew);
        Assert.Equal("notified", (await desk.ReadAsync<Incident>($"/api/incidents/{incident.Id}")).Assignments[0].Status);
        using Session other = await server.CrewAsync(server.Crews[6].UnitId), page = await server.CrewAsync(crew.UnitId);
        (await Decide(other, proposal, "confirm")).MustRefuse(403, "assignment.not_yours");

        Incident after = (await Decide(page, proposal, "confirm")).Read<Incident>();

        Assert.Equal(("enRoute", null), (after.Assignments[0].Status, after.Assignments[0].Proposal));
        Assert.Equal(("position", proposal.At), (after.Timeline![^1].Source, after.Timeline[^1].At));
        (await Decide(desk, proposal, "confirm")).MustRefuse(409, "proposal.decided");
        Assert.Equal(after.Version, (await desk.ReadAsync<Incident>($"/api/incidents/{incident.Id}")).Version);

        // Says on scene, but stands where it was.
        (await page.PressAsync(work.Id, "onScene")).Read<Incident>();
        Board board = await desk.ReadAsync<Board>("/api/board");
        ContradictingUnit found = Assert.Single(board.Contradictions, one => one.AssignmentId == work.Id);
        Assert.Equal(("farFromScene", incident.Id, crew.UnitId), (found.Contradiction.Code, found.IncidentId, found.UnitId));
        Assert.Matches("报到达现场,实距 [0-9.]+ 公里", found.Contradiction.Reason.Zh);
    }

    [Fact]
    public async Task A_proposal_that_is_dismissed_changes_nothing_and_does_not_come_again()
    {
        DemoCrew crew = server.Crews[7];
        (Session desk, Incident incident, Assignment work, Proposed proposal) = await DriveOffAsync(crew);
        Incident after = (await Decide(desk, proposal, "dismiss")).Read<Incident>();
        Assert.Equal(("notified", null, 2), (after.Assignments[0].Status, after.Assignments[0].Proposal, after.Version));
        (await server.SendFixesAsync(crew, new AvlFix(TimeProvider.System.GetUtcNow(), Lon + 0.006, Lat))).Read<FixReceipt>();
        (await desk.PressAsync(work.Id, "enRoute")).Read<Incident>();
        Assert.Equal(["dismissed"], await server.Database.ListAsync<string>("SELECT state FROM dispatch.proposal WHERE assignment_id = $1", work.Id));
        Assert.Equal("dispatcher", (await desk.ReadAsync<Incident>($"/api/incidents/{incident.Id}")).Timeline![^1].Source);
    }

    [Fact]
    public async Task A_proposal_is_over_when_the_milestone_is_recorded_otherwise()
    {
        (Session desk, _, Assignment work, Proposed proposal) = await DriveOffAsync(server.Crews[8]);
        Assert.Null((await desk.PressAsync(work.Id, "enRoute")).Read<Incident>().Assignments[0].Proposal);
        (await Decide(desk, proposal, "confirm")).MustRefuse(409, "proposal.decided");
        (await desk.PostAsync($"/api/proposals/{Guid.NewGuid()}/confirm", new { commandId = Guid.NewGuid() })).MustRefuse(404, "proposal.unknown");
    }

    /// <summary>Sends a unit and lets its vehicle drive 400 m; gives what the position proposes.</summary>
    private async Task<(Session Desk, Incident Incident, Assignment Work, Proposed Proposal)> DriveOffAsync(DemoCrew crew)
    {
        Session desk = await server.DispatcherAsync();
        Incident incident = await desk.OpenAsync();
        Assignment work = await desk.AssignAsync(incident.Id, crew.UnitId);
        // Each place is there long enough to be looked at.
        await Eventually.GetAsync(
            async () =>
            {
                (await server.SendFixesAsync(crew, new AvlFix(TimeProvider.System.GetUtcNow(), Lon, Lat))).Read<FixReceipt>();
                await Task.Delay(2_500, TestContext.Current.CancellationToken);
                (await server.SendFixesAsync(crew, new AvlFix(TimeProvider.System.GetUtcNow(), Lon + 0.0045, Lat))).Read<FixReceipt>();
                await Task.Delay(2_500, TestContext.Current.CancellationToken);
                return (await desk.ReadAsync<Incident>($"/api/incidents/{incident.Id}")).Assignments[0].Proposal;
            },
            proposal => proposal is not null, "nothing was proposed", TimeSpan.FromSeconds(40));
        UnitTask task = await (await server.CrewAsync(crew.UnitId)).ReadAsync<UnitTask>($"/api/units/{crew.UnitId}/task");
        Assert.Equal("enRoute", task.Assignment!.Proposal!.Milestone);
        return (desk, incident, work, task.Assignment.Proposal);
    }

    private static Task<Answer> Decide(Session session, Proposed proposal, string what) =>
        session.PostAsync($"/api/proposals/{proposal.Id}/{what}", new { commandId = Guid.NewGuid() });
}
