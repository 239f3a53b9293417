using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Assignments;

/// <summary>
/// What the position proposes is confirmed or dismissed by the crew or a dispatcher: <c>POST /api/proposals/{id}/confirm</c> records the milestone
/// with the time of the position, <c>…/dismiss</c> says that it was not so.
/// </summary>
internal static class DecideProposal
{
    internal sealed record Request(Guid? CommandId);

    private sealed record Proposal(Guid Id, Guid AssignmentId, Guid IncidentId, Guid UnitId, string Milestone, DateTimeOffset At, string State);

    internal static void Map(IEndpointRouteBuilder group)
    {
        RouteGroupBuilder proposal = group.MapGroup("/proposals/{id:guid}").RequireAuthorization(Policies.Crews);
        proposal.MapPost("/confirm", (Guid id, Request request, HttpContext http, IncidentLog log, Databases databases, CancellationToken cancellation) =>
            HandleAsync(id, request, "confirmProposal", "confirmed", http, log, databases, cancellation)).Produces<IncidentDetail>();
        proposal.MapPost("/dismiss", (Guid id, Request request, HttpContext http, IncidentLog log, Databases databases, CancellationToken cancellation) =>
            HandleAsync(id, request, "dismissProposal", "dismissed", http, log, databases, cancellation)).Produces<IncidentDetail>();
    }

    private static async Task<IResult> HandleAsync(
        Guid id, Request request, string kind, string becomes, HttpContext http, IncidentLog log, Databases databases, CancellationToken cancellation)
    {
        (Instruction? given, Problem? problem) = Instruction.Read(http, request.CommandId, kind, new { id });
        if (given is null)
        {
            return problem!.ToResult();
        }

        Proposal? proposal;
        await using (NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation))
        {
            proposal = await connection.QuerySingleOrDefaultAsync<Proposal>(new CommandDefinition(
                """
                SELECT proposal.id, assignment_id AS AssignmentId, incident_id AS IncidentId, unit_id AS UnitId, milestone, at, state
                FROM dispatch.proposal JOIN dispatch.assignment ON assignment.id = assignment_id WHERE proposal.id = @id
                """,
                new { id }, cancellationToken: cancellation));
        }

        if (proposal is null)
        {
            return DispatchProblems.ProposalUnknown(id).ToResult();
        }

        if (given.IsCrew && given.UnitId != proposal.UnitId)
        {
            return DispatchProblems.NotYours.ToResult();
        }

        var milestone = new IncidentCommand.RecordMilestone(
            proposal.AssignmentId, Enum.Parse<AssignmentStatus>(proposal.Milestone, ignoreCase: true), proposal.At, null, null, MilestoneSource.Position);
        (IReadOnlyList<IncidentDetail>? details, problem) = await log.UndertakeAsync(
            given, [proposal.IncidentId], [],
            (states, _, now) =>
            [
                proposal.State != "open" ? DispatchProblems.ProposalDecided(proposal.State)
                    : becomes == "confirmed" ? IncidentDecider.Decide(states[0], milestone, now)
                    : Decision<IncidentEvent>.Nothing,
            ],
            cancellation,
            connection => connection.ExecuteAsync(new CommandDefinition(
                """
                UPDATE dispatch.proposal SET state = @becomes, decided_by = @By WHERE id = @id;
                SELECT pg_notify('incident', id || ':' || version) FROM dispatch.incident WHERE id = @IncidentId
                """,
                new { becomes, given.By, id, proposal.IncidentId }, cancellationToken: cancellation)));
        return Answers.Of(http, details?[0], problem);
    }
}
