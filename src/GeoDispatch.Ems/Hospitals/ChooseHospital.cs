using GeoDispatch.City;
using GeoDispatch.Dispatch.Assignments;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Recommendation;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Ems.Hospitals;

/// <summary>
/// <c>POST /api/hospitals/choice</c>: where to bring a patient, best first, from a point or from where a unit is. People decide. A POST, for what a
/// patient needs belongs into no URL; nothing is kept.
/// </summary>
internal static class ChooseHospital
{
    /// <param name="AssignmentId">Instead of a point: from where its unit is, or from the incident where that is not known.</param>
    /// <param name="Capabilities">What the patient needs; left out for whatever emergency department.</param>
    /// <param name="WishHospitalId">The one that he asks for.</param>
    /// <param name="Level">1 to 4; left out: the priority of the incident, else 2.</param>
    internal sealed record Request(
        double? Lon, double? Lat, Guid? AssignmentId, IReadOnlyList<string?>? Capabilities, Guid? WishHospitalId, int? Level);

    /// <param name="From"><c>given</c>; <c>fix</c>: the unit's own position; <c>incident</c>.</param>
    internal sealed record ChoiceView(
        DateTimeOffset ComputedAt, string From, int Level, string Basis, Reason? Note, IReadOnlyList<RankedHospital> Hospitals, IReadOnlyList<LeftOutHospital> LeftOut);

    private sealed record Origin(Start At, string From, int? Priority);

    internal static void Map(IEndpointRouteBuilder hospitals) => hospitals.MapPost("/choice", HandleAsync)
        .RequireAuthorization(Policies.Crews).Produces<ChoiceView>()
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> HandleAsync(
        Request request, HttpContext http, HospitalReader reader, Journeys journeys, HospitalRoads roads, CityProfiles city, HospitalChoiceSettings settings,
        TimeProvider clock, CancellationToken cancellation)
    {
        Problem? problem = (request.Capabilities ?? []).Select(static code => Fields.OneOf("capabilities", code, HospitalCapability.Codes)).FirstOrDefault(static bad => bad is not null)
            ?? (request.Level is { } level and not (>= 1 and <= 4) ? Fields.Bad("level", $"{level}", "1 濒危 … 4 非急症 / 1 to 4") : null);
        (Origin? origin, problem) = problem is null ? await FindOriginAsync(request, http, journeys, roads, cancellation) : (null, problem);
        if (origin is null)
        {
            return problem!.ToResult();
        }

        if (!await roads.IsOnRoadAsync(origin.At.At, cancellation))
        {
            return HospitalProblems.OffRoad(FormattableString.Invariant($"{origin.At.At.Lon},{origin.At.At.Lat}")).ToResult();
        }

        IReadOnlyList<HospitalNow> hospitals = await reader.ListAsync(cancellation);
        if (request.WishHospitalId is { } wished && hospitals.All(hospital => hospital.Id != wished))
        {
            return HospitalProblems.Unknown(wished, "wishHospitalId").ToResult();
        }

        DateTimeOffset now = clock.GetUtcNow();
        IReadOnlyList<HandoverTime> handovers = [.. (await journeys.ListHandoverTimesAsync(now - ListHospitals.HandoversSince, cancellation))
            .Where(static time => time.Runs >= ListHospitals.FewestHandovers)];
        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById((await city.GetAsync(cancellation)).TimeZone);
        var options = new List<HospitalOption>();
        foreach (HospitalNow hospital in hospitals)
        {
            double?[] seconds = await roads.FindSecondsAsync([origin.At], new LonLat(hospital.Place.Lon, hospital.Place.Lat), cancellation);
            options.Add(new HospitalOption(
                hospital.Id, hospital.Place.Name, hospital.Place.NameEn, hospital.Capabilities, hospital.Open,
                [.. (hospital.Report?.Diversions ?? []).Select(diversion => diversion with { Until = TimeZoneInfo.ConvertTime(diversion.Until, zone) })],
                hospital.Report?.Beds, hospital.Report?.FreeBeds, now - hospital.Report?.At, seconds[0],
                handovers.FirstOrDefault(time => time.DestinationId == hospital.Id)?.MedianSeconds));
        }

        var wish = new ChoiceWish([.. (request.Capabilities ?? []).OfType<string>().Distinct(StringComparer.Ordinal)], request.Level ?? origin.Priority ?? 2, request.WishHospitalId);
        HospitalRanking ranking = HospitalChoice.Rank(options, wish, handovers.FirstOrDefault(static time => time.DestinationId is null)?.MedianSeconds, settings);
        return TypedResults.Ok(new ChoiceView(now, origin.From, wish.Level, ranking.Basis, ranking.Note, ranking.Hospitals, ranking.LeftOut));
    }

    private static async Task<(Origin? Origin, Problem? Problem)> FindOriginAsync(
        Request request, HttpContext http, Journeys journeys, HospitalRoads roads, CancellationToken cancellation)
    {
        if (request.AssignmentId is not { } assignmentId)
        {
            return Fields.Place("lon", request.Lon, request.Lat) is { } bad ? (null, bad) : (new Origin(new Start(new LonLat(request.Lon!.Value, request.Lat!.Value)), "given", null), null);
        }

        if (await journeys.FindAsync(assignmentId, cancellation) is not { } journey)
        {
            return (null, HospitalProblems.AssignmentUnknown(assignmentId, "assignmentId"));
        }

        if (http.User.IsInRole(Roles.Crew) && Instruction.CrewUnit(http.User) != journey.UnitId)
        {
            return (null, HospitalProblems.NotYourTask);
        }

        // Before it is at the scene, the patient is not with it.
        return roads.Find(journey) is { } fix && (journey.IsAtScene || journey.IsOnItsWay)
            ? (new Origin(fix, "fix", journey.Priority), null)
            : (new Origin(new Start(journey.Place), "incident", journey.Priority), null);
    }
}
