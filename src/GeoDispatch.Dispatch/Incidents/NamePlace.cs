using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
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
    /// <param name="StationBasis"><c>area</c>: the one whose area (划片) holds the point, the smallest where several do. <c>road</c>: no area holds it, so
    /// the one nearest by road. <c>none</c>: no street is within 2 km, no road leads there, the city has no stations, or the asker may not see them.</param>
    internal sealed record Answer(
        string Kind, string Name, string NameEn, Reference? From, AreaName? District, AreaName? Town, double? OutsideMeters, double Lon, double Lat, bool Synthetic,
        Station? Station, string StationBasis);

    /// <param name="Seconds">By road from the station to the point; null where no road leads there from the station whose area it is.</param>
    internal sealed record Station(Guid Id, string Name, string NameEn, double? Seconds);

    /// <param name="Answers">True where the point lies in the station's area.</param>
    private sealed record Row(Guid Id, string Name, string NameEn, double Lon, double Lat, bool Answers);

    /// <summary>Where stations stand on the roads, for as long as the roads are the same: another network, or a station that was moved, is looked for anew.</summary>
    private static readonly ConditionalWeakTable<RoadNetwork, ConcurrentDictionary<LonLat, RoadPosition?>> Snapped = [];

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
        (Station? station, string basis) = place.Kind != "outside" && await MaySeeStationsAsync(rights, asker, cancellation)
            ? await FindStationAsync(point, await streets.GetAsync(RoadProfile.Emergency, cancellation), databases, cancellation)
            : (null, "none");
        return TypedResults.Ok(new Answer(
            place.Kind, place.Name, place.NameEn, place.From, place.District, place.Town, place.OutsideMeters, place.Lon, place.Lat, place.Synthetic,
            station, basis));
    }

    private static Problem? Check(string field, string? text, int most, out double degrees) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out degrees) && degrees >= -most && degrees <= most
            ? null
            : new Problem(
                400, "places.bad_point", "坐标不对 / Bad point", $"{field}: 须为 −{most}…{most} 度 / must be −{most}…{most} degrees", field, text ?? "");

    private static async ValueTask<bool> MaySeeStationsAsync(ILayerRights rights, ClaimsPrincipal asker, CancellationToken cancellation) =>
        asker.IsInRole(Roles.Dispatcher) || asker.IsInRole(Roles.Administrator)
        || (await rights.OpenAsync(["stations"], asker, cancellation)).Contains("stations");

    private static async Task<(Station? Station, string Basis)> FindStationAsync(
        LonLat point, RoadNetwork network, Databases databases, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        Row[] stations = [.. await connection.QueryAsync<Row>(new CommandDefinition(
            """
            SELECT s.id, s.name, s.name_en AS NameEn, s.lon, s.lat, s.id IS NOT DISTINCT FROM area.station_id AS Answers
            FROM dispatch.station s
            LEFT JOIN (
                SELECT station_id FROM dispatch.station_area JOIN dispatch.station answering ON answering.id = station_id AND answering.agency = 'ems'
                WHERE ST_Intersects(geom, ST_SetSRID(ST_MakePoint(@Lon, @Lat), 4326))
                ORDER BY ST_Area(geom), station_id LIMIT 1
            ) area ON true
            WHERE s.agency = 'ems'
            ORDER BY s.id
            """,
            new { point.Lon, point.Lat }, cancellationToken: cancellation))];
        if (Array.Find(stations, static station => station.Answers) is { } answers)
        {
            return (Nearest(point, network, [answers]) ?? new Station(answers.Id, answers.Name, answers.NameEn, null), "area");
        }

        return Nearest(point, network, stations) is { } nearest ? (nearest, "road") : (null, "none");
    }

    /// <summary>Of these the one nearest by road; null where none can be reached.</summary>
    private static Station? Nearest(LonLat point, RoadNetwork network, Row[] stations)
    {
        if (network.Graph.Snap(point) is not { } target)
        {
            return null;
        }

        ConcurrentDictionary<LonLat, RoadPosition?> known = Snapped.GetValue(network, static _ => new());
        RoadPosition?[] starts = [.. stations.Select(station => known.GetOrAdd(new LonLat(station.Lon, station.Lat), at => network.Graph.Snap(at)?.Position))];
        return network.Into(target.Position).Nearest(target.Position, starts, 1) is [var (index, seconds)]
            ? new Station(stations[index].Id, stations[index].Name, stations[index].NameEn, seconds)
            : null;
    }
}
