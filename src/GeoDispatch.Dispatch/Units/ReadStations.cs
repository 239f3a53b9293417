using Dapper;
using GeoDispatch.City;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Units;

/// <summary><c>GET /api/stations</c>: every station with its units, and which of them are in.</summary>
internal static class ReadStations
{
    /// <summary>Whose last position is nearer to its station is there.</summary>
    private const double InMeters = 300;

    /// <param name="IsIn">It is at its station: by its last position, or, where it never had one, because nothing says otherwise.</param>
    internal sealed record StationUnit(UnitView Unit, bool IsIn);

    /// <param name="Available">How many units of it may be sent, wherever they are.</param>
    internal sealed record StationView(
        Guid Id, string Name, string NameEn, string Agency, string District, double Lon, double Lat, bool Synthetic, int Available, IReadOnlyList<StationUnit> Units);

    internal sealed record StationsView(IReadOnlyList<StationView> Stations);

    private sealed record Row(Guid Id, string Name, string NameEn, string Agency, string District, double Lon, double Lat, bool Synthetic);

    internal static void Map(IEndpointRouteBuilder group) => group.MapGet("/stations", HandleAsync).Produces<StationsView>();

    private static async Task<IResult> HandleAsync(Databases databases, CityProfiles city, UnitReader units, CancellationToken cancellation)
    {
        bool synthetic = (await city.GetAsync(cancellation)).Synthetic;
        ILookup<Guid, UnitView> byStation = (await units.ListAsync([], cancellation)).ToLookup(static unit => unit.StationId);
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        IEnumerable<Row> rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            SELECT id, station.name, station.name_en AS NameEn, agency, district, lon, lat, synthetic
            FROM dispatch.station JOIN dispatch.agency ON agency.code = agency WHERE @synthetic OR NOT synthetic ORDER BY ordinal, station.name, id
            """,
            new { synthetic }, cancellationToken: cancellation));
        return TypedResults.Ok(new StationsView([.. rows.Select(row => new StationView(
            row.Id, row.Name, row.NameEn, row.Agency, row.District, row.Lon, row.Lat, row.Synthetic,
            byStation[row.Id].Count(static unit => unit.Status == "available"),
            [.. byStation[row.Id].Select(static unit => new StationUnit(unit, IsIn(unit)))]))]));
    }

    private static bool IsIn(UnitView unit) => unit.Position is { } at
        ? Geodesy.DistanceMeters(new LonLat(at.Lon, at.Lat), unit.Station) <= InMeters
        : unit is { AssignmentId: null, Post: null };
}
