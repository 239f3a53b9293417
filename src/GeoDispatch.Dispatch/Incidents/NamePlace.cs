using System.Globalization;
using System.Security.Claims;
using Dapper;
using GeoDispatch.City;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using GeoDispatch.Roads;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>
/// <c>GET /api/places/at?lon=&amp;lat=</c>: a point in the words of the radio, the district and town that hold it, and the station whose it is.
/// Here, above City and Roads, since stations are ours. Open to whom the search for places is; who sees no station layer gets no station.
/// </summary>
internal static class NamePlace
{
    /// <param name="Station">The responsible ambulance station; null where it is not known, which <paramref name="StationBasis"/> explains.</param>
    /// <param name="StationBasis"><c>road</c>: nobody has drawn areas, so the one nearest by road. <c>none</c>: no street is within 2 km, no road
    /// leads there, the city has no stations, or the asker may not see them.</param>
    internal sealed record Answer(
        string Kind, string Name, string NameEn, Reference? From, AreaName? District, AreaName? Town, double? OutsideMeters, double Lon, double Lat, bool Synthetic,
        Station? Station, string StationBasis);

    /// <param name="Seconds">By road from the station to the point.</param>
    internal sealed record Station(Guid Id, string Name, string NameEn, double Seconds);

    private sealed record Row(Guid Id, string Name, string NameEn, double Lon, double Lat);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/places/at", HandleAsync)
        .RequireAuthorization(Policies.Desk)
        .OpenToKeys(Scopes.Places)
        .Produces<Answer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .WithTags("places");

    private static async Task<IResult> HandleAsync(
        PlaceAt places, Streets streets, Databases databases, ILayerRights rights, ClaimsPrincipal asker, CancellationToken cancellation,
        string? lon = null, string? lat = null)
    {
        Problem? badLon = Check("lon", lon, 180, out double east);
        Problem? badLat = Check("lat", lat, 90, out double north);
        if ((badLon ?? badLat) is { } problem)
        {
            return problem.ToResult();
        }

        var point = new LonLat(east, north);
        NamedPlace place = await places.FindAsync(point, asker, cancellation);
        Station? station = place.Kind != "outside" && await MaySeeStationsAsync(rights, asker, cancellation)
            ? await FindNearestAsync(point, await streets.GetAsync(RoadProfile.Emergency, cancellation), databases, cancellation)
            : null;
        return TypedResults.Ok(new Answer(
            place.Kind, place.Name, place.NameEn, place.From, place.District, place.Town, place.OutsideMeters, place.Lon, place.Lat, place.Synthetic,
            station, station is null ? "none" : "road"));
    }

    private static Problem? Check(string field, string? text, int most, out double degrees) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out degrees) && degrees >= -most && degrees <= most
            ? null
            : new Problem(
                400, "places.bad_point", "坐标不对 / Bad point", $"{field}: 须为 −{most}…{most} 度 / must be −{most}…{most} degrees", field, text ?? "");

    private static async ValueTask<bool> MaySeeStationsAsync(ILayerRights rights, ClaimsPrincipal asker, CancellationToken cancellation) =>
        asker.IsInRole(Roles.Dispatcher) || asker.IsInRole(Roles.Administrator)
        || (await rights.OpenAsync(["stations"], asker, cancellation)).Contains("stations");

    private static async Task<Station?> FindNearestAsync(LonLat point, RoadNetwork network, Databases databases, CancellationToken cancellation)
    {
        if (network.Graph.Snap(point) is not { } target)
        {
            return null;
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        Row[] stations = [.. await connection.QueryAsync<Row>(new CommandDefinition(
            "SELECT id, name, name_en AS NameEn, lon, lat FROM dispatch.station WHERE agency = 'ems' ORDER BY id", cancellationToken: cancellation))];
        RoadPosition?[] starts = [.. stations.Select(station => network.Graph.Snap(new LonLat(station.Lon, station.Lat))?.Position)];
        return network.Into(target.Position).Nearest(target.Position, starts, 1) is [var (index, seconds)]
            ? new Station(stations[index].Id, stations[index].Name, stations[index].NameEn, seconds)
            : null;
    }
}
