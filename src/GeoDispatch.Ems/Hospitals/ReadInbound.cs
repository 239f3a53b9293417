using GeoDispatch.Dispatch.Assignments;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Ems.Hospitals;

/// <summary><c>GET /api/hospitals/{id}/inbound</c>: which units come to a hospital and when, soonest first, then those that are there. No patient's data.</summary>
internal static class ReadInbound
{
    /// <param name="Status"><c>leftScene</c>: on its way; <c>atDestination</c>: there and not handed over.</param>
    /// <param name="Since">When it left the scene, or arrived.</param>
    /// <param name="EtaSeconds">By road from where it is; null where it is there, or where its position is too old.</param>
    internal sealed record InboundUnit(
        Guid AssignmentId, string CallSign, int Priority, string Status, DateTimeOffset Since, double? EtaSeconds, double? PositionAgeSeconds);

    internal sealed record InboundView(DateTimeOffset Now, IReadOnlyList<InboundUnit> Units);

    internal static void Map(IEndpointRouteBuilder hospitals) => hospitals.MapGet("/{id:guid}/inbound", HandleAsync)
        .RequireAuthorization(Policies.Reception).Produces<InboundView>().ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, HospitalReader hospitals, Journeys journeys, HospitalRoads roads, TimeProvider clock, CancellationToken cancellation)
    {
        HospitalNow? hospital = await hospitals.FindAsync(id, cancellation);
        if ((ReportHospital.RefuseOthers(http.User, id) ?? (hospital is null ? HospitalProblems.Unknown(id) : null)) is { } refusal)
        {
            return refusal.ToResult();
        }

        Journey[] coming = [.. (await journeys.ListToDestinationsAsync(cancellation)).Where(journey => journey.DestinationId == id)];
        double?[] seconds = await roads.FindSecondsAsync(
            [.. coming.Select(journey => journey.IsOnItsWay ? roads.Find(journey) : null)], new LonLat(hospital!.Place.Lon, hospital.Place.Lat), cancellation);
        return TypedResults.Ok(new InboundView(clock.GetUtcNow(), [.. coming.Zip(seconds)
            .OrderBy(static one => one.First.IsOnItsWay ? 0 : 1).ThenBy(static one => one.Second ?? double.PositiveInfinity).ThenBy(static one => one.First.Since)
            .Select(one => new InboundUnit(
                one.First.AssignmentId, one.First.CallSign, one.First.Priority, one.First.Status, one.First.Since, one.Second, roads.AgeSeconds(one.First)))]));
    }
}
