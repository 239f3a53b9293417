using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Assignments;

/// <summary>What becomes of an assignment: <c>POST /api/assignments/{id}/milestones</c> and <c>/cancel</c>.</summary>
internal static class ChangeAssignment
{
    private static readonly string[] Milestones =
        [.. Enum.GetValues<AssignmentStatus>().Where(static s => s is not (AssignmentStatus.Notified or AssignmentStatus.Cancelled)).Select(static s => s.Text())];

    internal sealed record MilestoneRequest(Guid? CommandId, string? Milestone, DateTimeOffset? At, Guid? DestinationId);

    internal sealed record CancelRequest(Guid? CommandId, string? Reason);

    internal static void Map(IEndpointRouteBuilder group)
    {
        RouteGroupBuilder assignment = group.MapGroup("/assignments/{id:guid}");
        assignment.MapPost("/milestones", RecordMilestoneAsync).RequireAuthorization(Policies.Crews)
            .Produces<IncidentDetail>().ProducesProblem(StatusCodes.Status409Conflict);
        assignment.MapPost("/cancel", CancelAsync).RequireAuthorization(Policies.Dispatchers)
            .Produces<IncidentDetail>().ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> RecordMilestoneAsync(
        Guid id, MilestoneRequest request, HttpContext http, IncidentLog log, Databases databases, Destinations destinations,
        CancellationToken cancellation)
    {
        if (Fields.OneOf("milestone", request.Milestone, Milestones) is { } bad)
        {
            return bad.ToResult();
        }

        Destination? destination = null;
        if (request.DestinationId is { } destinationId
            && (destination = await destinations.FindAsync(destinationId, cancellation)) is null)
        {
            return DispatchProblems.DestinationUnknown(destinationId).ToResult();
        }

        AssignmentStatus milestone = Enum.Parse<AssignmentStatus>(request.Milestone!, ignoreCase: true);
        return await HandleAsync(
            id, request.CommandId, request, "recordMilestone." + request.Milestone,
            new IncidentCommand.RecordMilestone(
                id, milestone, request.At.ToMicroseconds(), destination?.Id, destination?.Name,
                http.User.IsInRole(Roles.Crew) ? MilestoneSource.Crew : MilestoneSource.Dispatcher),
            http, log, databases, cancellation);
    }

    private static async Task<IResult> CancelAsync(
        Guid id, CancelRequest request, HttpContext http, IncidentLog log, Databases databases, CancellationToken cancellation) =>
        Fields.Text("reason", request.Reason, 1, 200) is { } bad
            ? bad.ToResult()
            : await HandleAsync(
                id, request.CommandId, request, "cancelAssignment", new IncidentCommand.CancelAssignment(id, request.Reason!.Trim()), http, log, databases,
                cancellation);

    private static async Task<IResult> HandleAsync(
        Guid id, Guid? commandId, object request, string kind, IncidentCommand command, HttpContext http, IncidentLog log, Databases databases,
        CancellationToken cancellation)
    {
        (Instruction? given, Problem? problem) = Instruction.Read(http, commandId, kind, request);
        if (given is null)
        {
            return problem!.ToResult();
        }

        if (await AssignmentOwner.FindAsync(databases, id, cancellation) is not { } owner)
        {
            return DispatchProblems.AssignmentUnknown(id).ToResult();
        }

        if (given.IsCrew && given.UnitId != owner.UnitId)
        {
            return DispatchProblems.NotYours.ToResult();
        }

        (IncidentDetail? detail, problem) = await log.AppendAsync(
            owner.IncidentId, given, (state, now) => IncidentDecider.Decide(state, command, now), cancellation);
        return Answers.Of(http, detail, problem);
    }
}

/// <summary>The incident and the unit of an assignment; neither ever changes.</summary>
internal sealed record AssignmentOwner(Guid IncidentId, Guid UnitId)
{
    /// <summary>Null where there is no such assignment.</summary>
    internal static async Task<AssignmentOwner?> FindAsync(Databases databases, Guid assignmentId, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<AssignmentOwner>(new CommandDefinition(
            "SELECT incident_id AS IncidentId, unit_id AS UnitId FROM dispatch.assignment WHERE id = @assignmentId",
            new { assignmentId }, cancellationToken: cancellation));
    }
}
