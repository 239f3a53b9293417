using Dapper;
using GeoDispatch.City.Demo;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Ems.Hospitals;

/// <summary>A hospital that takes patients of 120. Capabilities: chestPain, stroke, trauma, obstetric, pediatric, poisoning.</summary>
internal sealed record Hospital(
    Guid Id, string Name, string NameEn, double Lon, double Lat, IReadOnlyList<string> Capabilities, bool Synthetic);

/// <summary><c>GET /api/hospitals</c>.</summary>
internal static class ListHospitals
{
    internal sealed record HospitalsView(IReadOnlyList<Hospital> Hospitals);

    private sealed record Row(Guid DestinationId, string[] Capabilities);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/hospitals", HandleAsync)
        .RequireAuthorization(Policies.Crews).OpenToKeys(Scopes.Board).WithTags("ems").Produces<HospitalsView>();

    private static async Task<IResult> HandleAsync(Destinations destinations, Databases databases, CancellationToken cancellation)
    {
        Dictionary<Guid, Destination> places = (await destinations.ListAsync(cancellation)).ToDictionary(static place => place.Id);
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        IEnumerable<Row> rows = await connection.QueryAsync<Row>(new CommandDefinition(
            "SELECT destination_id AS DestinationId, capabilities FROM ems.hospital", cancellationToken: cancellation));
        return TypedResults.Ok(new HospitalsView([.. rows
            .Where(row => places.ContainsKey(row.DestinationId))
            .Select(row => (Place: places[row.DestinationId], row.Capabilities))
            .OrderBy(static hospital => hospital.Place.Name, StringComparer.Ordinal)
            .Select(static hospital => new Hospital(
                hospital.Place.Id, hospital.Place.Name, hospital.Place.NameEn, hospital.Place.Lon, hospital.Place.Lat,
                hospital.Capabilities, hospital.Place.Synthetic))]));
    }
}

/// <summary>The hospitals of the demo city, all synthetic.</summary>
public static class DemoHospitals
{
    private static readonly string[][] Profiles =
    [
        ["chestPain", "stroke", "trauma", "obstetric", "pediatric", "poisoning"],
        ["chestPain", "stroke", "trauma"],
        ["trauma", "obstetric"],
        ["chestPain", "pediatric"],
    ];

    /// <summary>Makes every hospital of the demo city a destination with capabilities. Again is harmless.</summary>
    public static async Task SeedAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        IReadOnlyList<Site> sites = await DemoCitySites.ListAsync(database, "hospital", cancellation);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellation);
        foreach ((int index, Site site) in sites.Index())
        {
            Guid id = DemoIds.Of($"hospital:{site.Name}");
            await Destinations.AddAsync(connection, id, site.Name, site.NameEn, "hospital", site.At, synthetic: true, cancellation);
            await connection.ExecuteAsync(new CommandDefinition(
                "INSERT INTO ems.hospital (destination_id, capabilities) VALUES (@id, @capabilities) ON CONFLICT DO NOTHING",
                new { id, capabilities = Profiles[index % Profiles.Length] }, cancellationToken: cancellation));
        }
    }
}
