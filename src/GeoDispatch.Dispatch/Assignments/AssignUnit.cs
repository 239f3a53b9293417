using System.Globalization;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Recommendation;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Dispatch.Assignments;

/// <summary>
/// <c>POST /api/incidents/{id}/assignments</c>: sends up to 20 units that are free, on duty and in service, all or none. The road times at this moment are kept in the log, and what
/// was recommended, where the recommendation is named by which they were chosen.
/// </summary>
internal static class AssignUnit
{
    private const int MostUnits = 20;

    internal sealed record Request(Guid? CommandId, IReadOnlyList<Guid>? UnitIds, Guid? RecommendationId = null, string? Why = null);

    internal static void Map(IEndpointRouteBuilder group) => group.MapPost("/incidents/{id:guid}/assignments", HandleAsync)
        .Produces<IncidentDetail>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> HandleAsync(
        Guid id, Request request, HttpContext http, IncidentLog log, UnitReader units, RoadTimes roadTimes, Recommender recommender,
        CancellationToken cancellation)
    {
        (Instruction? given, Problem? problem) = Instruction.Read(http, request.CommandId, "assignUnits", request);
        if ((problem ?? Check(request.UnitIds) ?? Fields.Text("why", request.Why, 0, 200)) is { } refusal)
        {
            return refusal.ToResult();
        }

        (AskedUnits? asked, problem) = await AskedUnits.FindAsync(request.UnitIds!, id, units, roadTimes, cancellation);
        if (asked is null)
        {
            return problem!.ToResult();
        }

        Recommendations? seen = request.RecommendationId is { } recommendation ? recommender.Find(recommendation) : null;
        (IReadOnlyList<IncidentDetail>? details, problem) = await log.UndertakeAsync(
            given!, [id], request.UnitIds!,
            (states, locked, now) => [IncidentDecider.Decide(
                states[0],
                new IncidentCommand.Assign([.. asked.ToSend(locked, now).Select(unit => unit with { Recommended = seen?.About(unit.UnitId, request.Why) })]), now)],
            cancellation);
        return Answers.Of(http, details?[0], problem, created: true);
    }

    private static Problem? Check(IReadOnlyList<Guid>? unitIds) => unitIds is not { Count: >= 1 and <= MostUnits }
        ? DispatchProblems.BadField("unitIds", unitIds?.Count.ToString(CultureInfo.InvariantCulture), $"1 至 {MostUnits} 个车辆编号 / ids of 1 to {MostUnits} units")
        : unitIds.CountBy(static unitId => unitId).FirstOrDefault(static unit => unit.Value > 1) is { Value: > 1 } twice
        ? DispatchProblems.BadField("unitIds", twice.Key.ToString(), "同一车辆只列一次 / name each unit once")
        : null;
}

/// <summary>Units that somebody wants to send, and their times by road to the incident.</summary>
internal sealed record AskedUnits(IReadOnlyList<UnitView> Units, IReadOnlyDictionary<Guid, double> Seconds)
{
    internal static async Task<(AskedUnits? Asked, Problem? Problem)> FindAsync(
        IReadOnlyList<Guid> unitIds, Guid incidentId, UnitReader units, RoadTimes roadTimes, CancellationToken cancellation)
    {
        var asked = new List<UnitView>();
        foreach (Guid unitId in unitIds)
        {
            if (await units.FindAsync(unitId, cancellation) is not { } unit)
            {
                return (null, DispatchProblems.UnitUnknown(unitId));
            }

            asked.Add(unit);
        }

        return (new AskedUnits(asked, await roadTimes.FindSecondsAsync(asked, incidentId, cancellation)), null);
    }

    /// <param name="locked">What the units do now that nobody else can send them.</param>
    /// <param name="released">A unit that the same command takes from its work: that is no obstacle.</param>
    internal IReadOnlyList<UnitToSend> ToSend(IReadOnlyDictionary<Guid, LockedUnit> locked, DateTimeOffset now, Guid? released = null) =>
        [.. Units.Select(unit => new UnitToSend(
            Guid.CreateVersion7(now), unit.Id, unit.CallSign, Seconds.TryGetValue(unit.Id, out double seconds) ? seconds : null,
            unit.Id == released ? null : locked[unit.Id].Obstacle))];
}
