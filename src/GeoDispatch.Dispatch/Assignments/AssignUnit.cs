using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Recommendation;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Dispatch.Assignments;

/// <summary><c>POST /api/incidents/{id}/assignments</c>: sends a unit that is on duty and in service. The road time at this moment is kept in the log.</summary>
internal static class AssignUnit
{
    internal sealed record Request(Guid? CommandId, Guid? UnitId);

    internal static void Map(IEndpointRouteBuilder group) => group.MapPost("/incidents/{id:guid}/assignments", HandleAsync)
        .Produces<IncidentDetail>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> HandleAsync(
        Guid id, Request request, HttpContext http, IncidentLog log, UnitLog unitLog, UnitReader units, RoadTimes roadTimes,
        CancellationToken cancellation)
    {
        (Instruction? given, Problem? problem) = Instruction.Read(http, request.CommandId, "assignUnit", request);
        if (given is null)
        {
            return problem!.ToResult();
        }

        if (request.UnitId is not { } unitId)
        {
            return DispatchProblems.BadField("unitId", null, "须为车辆编号 / must be the id of a unit").ToResult();
        }

        if (await units.FindAsync(unitId, cancellation) is not { } unit)
        {
            return DispatchProblems.UnitUnknown(unitId).ToResult();
        }

        double? seconds = await roadTimes.FindSecondsAsync(unit, id, cancellation);
        Problem? cannotGo = null;
        (IncidentDetail? detail, problem) = await log.AppendAsync(
            id, given, async (doing, stop) => cannotGo = await unitLog.LockToSendAsync(doing, unitId, stop),
            (state, now) =>
            {
                Decision<IncidentEvent> decision = IncidentDecider.Decide(
                    state, new IncidentCommand.Assign(Guid.CreateVersion7(now), unitId, unit.CallSign, seconds), now);
                return decision.Refusal is null && cannotGo is { } why ? why : decision;
            },
            cancellation);
        return Answers.Of(http, detail, problem, created: true);
    }
}
