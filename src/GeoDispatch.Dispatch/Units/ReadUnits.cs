using GeoDispatch.Dispatch.Assignments;
using GeoDispatch.Dispatch.Codes;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Units;

/// <summary>All that the desk shows, as of one moment.</summary>
/// <param name="Contradictions">Units that are somewhere else than they say, or do not move.</param>
internal sealed record Board(
    DateTimeOffset Now, IReadOnlyList<IncidentSummary> Incidents, IReadOnlyList<UnitView> Units, IReadOnlyList<WorkContradiction> Contradictions);

/// <summary>
/// <c>GET /api/board?agency=</c>: open incidents, those closed in the last ten minutes, and the units of the agencies named (several may be);
/// without one every unit.
/// </summary>
internal static class ReadBoard
{
    private static readonly TimeSpan ShownAfterClosing = TimeSpan.FromMinutes(10);

    internal static void Map(IEndpointRouteBuilder group) => group.MapGet("/board", HandleAsync)
        .Produces<Board>().ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> HandleAsync(
        [FromQuery(Name = "agency")] string[] agencies, Databases databases, UnitReader units, CodeTables codes, ProgressWatch progress, TimeProvider clock,
        CancellationToken cancellation)
    {
        if (agencies.Length > 0)
        {
            string[] known = [.. (await codes.ListAgenciesAsync(cancellation)).Select(static agency => agency.Code)];
            if (agencies.Select(agency => Fields.OneOf("agency", agency, known)).FirstOrDefault(static bad => bad is not null) is { } bad)
            {
                return bad.ToResult();
            }
        }

        DateTimeOffset now = clock.GetUtcNow();
        Task<IReadOnlyList<UnitView>> reading = units.ListAsync(agencies, cancellation);
        IReadOnlyList<IncidentSummary> incidents = await IncidentReader.ListAsync(databases, now - ShownAfterClosing, cancellation);
        return TypedResults.Ok(new Board(now, incidents, await reading, await progress.ListContradictionsAsync(cancellation)));
    }
}

/// <summary><c>GET /api/units/{id}/task</c>: what a crew has to do now; a crew reads its own alone.</summary>
internal static class ReadTask
{
    internal sealed record TaskView(UnitView Unit, IncidentDetail? Incident, AssignmentView? Assignment);

    internal static void Map(IEndpointRouteBuilder group) => group.MapGet("/units/{id:guid}/task", HandleAsync)
        .RequireAuthorization(Policies.Crews)
        .Produces<TaskView>().ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, Databases databases, UnitReader units, AuditTrail audit, CancellationToken cancellation)
    {
        if (http.User.IsInRole(Roles.Crew) && Instruction.CrewUnit(http.User) != id)
        {
            return DispatchProblems.NotYours.ToResult();
        }

        if (await units.FindAsync(id, cancellation) is not { } unit)
        {
            return DispatchProblems.UnitUnknown(id).ToResult();
        }

        if (unit.IncidentId is not { } incidentId)
        {
            return TypedResults.Ok(new TaskView(unit, null, null));
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        IncidentDetail? incident = await IncidentReader.FindAsync(connection, incidentId, cancellation);
        await audit.RecordAsync(connection, http.User, "incident.read", incidentId.ToString("D"), cancellation);
        return TypedResults.Ok(new TaskView(unit, incident, incident?.Assignments.FirstOrDefault(assignment => assignment.Id == unit.AssignmentId)));
    }
}
