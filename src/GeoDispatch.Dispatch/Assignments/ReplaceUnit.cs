using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Recommendation;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Dispatch.Assignments;

/// <summary>
/// A unit goes to another incident (<c>POST /api/assignments/{id}/divert</c>, 改派), or another unit takes its work over (<c>…/relieve</c>, 接替).
/// </summary>
internal static class ReplaceUnit
{
    internal sealed record DivertRequest(Guid? CommandId, Guid? ToIncidentId, string? Reason);

    internal sealed record RelieveRequest(Guid? CommandId, Guid? UnitId, string? Reason);

    /// <summary>Both incidents as they are after it.</summary>
    internal sealed record Diverted(IncidentDetail From, IncidentDetail To);

    internal static void Map(IEndpointRouteBuilder group)
    {
        RouteGroupBuilder assignment = group.MapGroup("/assignments/{id:guid}").RequireAuthorization(Policies.Dispatchers);
        assignment.MapPost("/divert", DivertAsync).Produces<Diverted>().ProducesProblem(StatusCodes.Status409Conflict);
        assignment.MapPost("/relieve", RelieveAsync).Produces<IncidentDetail>().ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> DivertAsync(
        Guid id, DivertRequest request, HttpContext http, IncidentLog log, Databases databases, UnitReader units, RoadTimes roadTimes,
        CancellationToken cancellation)
    {
        (Instruction? given, Problem? problem) = Instruction.Read(http, request.CommandId, "divert", request);
        problem ??= Fields.Text("reason", request.Reason, 1, 200)
            ?? (request.ToIncidentId is null ? DispatchProblems.BadField("toIncidentId", null, "须为警情编号 / must be the id of an incident") : null);
        if (problem is not null)
        {
            return problem.ToResult();
        }

        Guid to = request.ToIncidentId!.Value;
        if (await AssignmentOwner.FindAsync(databases, id, cancellation) is not { } owner)
        {
            return DispatchProblems.AssignmentUnknown(id).ToResult();
        }

        if (owner.IncidentId == to)
        {
            return DispatchProblems.SameIncident(to).ToResult();
        }

        (AskedUnits? asked, problem) = await AskedUnits.FindAsync([owner.UnitId], to, units, roadTimes, cancellation);
        if (asked is null)
        {
            return problem!.ToResult();
        }

        (IReadOnlyList<IncidentDetail>? details, problem) = await log.UndertakeAsync(
            given!, [owner.IncidentId, to], [owner.UnitId],
            (states, obstacles, now) =>
            [
                IncidentDecider.Decide(states[0], new IncidentCommand.Divert(id, new IncidentRef(to, states[1].Known.Number), request.Reason!.Trim()), now),
                IncidentDecider.Decide(
                    states[1],
                    new IncidentCommand.Assign(asked.ToSend(obstacles, now, released: owner.UnitId), new IncidentRef(owner.IncidentId, states[0].Known.Number)), now),
            ],
            cancellation);
        return details is null ? problem!.ToResult() : TypedResults.Ok(new Diverted(details[0], details[1]));
    }

    private static async Task<IResult> RelieveAsync(
        Guid id, RelieveRequest request, HttpContext http, IncidentLog log, Databases databases, UnitReader units, RoadTimes roadTimes,
        CancellationToken cancellation)
    {
        (Instruction? given, Problem? problem) = Instruction.Read(http, request.CommandId, "relieve", request);
        problem ??= Fields.Text("reason", request.Reason, 1, 200)
            ?? (request.UnitId is null ? DispatchProblems.BadField("unitId", null, "须为车辆编号 / must be the id of a unit") : null);
        if (problem is not null)
        {
            return problem.ToResult();
        }

        if (await AssignmentOwner.FindAsync(databases, id, cancellation) is not { } owner)
        {
            return DispatchProblems.AssignmentUnknown(id).ToResult();
        }

        (AskedUnits? asked, problem) = await AskedUnits.FindAsync([request.UnitId!.Value], owner.IncidentId, units, roadTimes, cancellation);
        if (asked is null)
        {
            return problem!.ToResult();
        }

        // Both units, in their order: the row of the one that leaves is written too.
        Guid[] both = [.. new[] { owner.UnitId, request.UnitId!.Value }.Distinct()];
        (IReadOnlyList<IncidentDetail>? details, problem) = await log.UndertakeAsync(
            given!, [owner.IncidentId], both,
            (states, obstacles, now) =>
                [IncidentDecider.Decide(states[0], new IncidentCommand.Relieve(id, asked.ToSend(obstacles, now)[0], request.Reason!.Trim()), now)],
            cancellation);
        return Answers.Of(http, details?[0], problem);
    }
}
