using Dapper;
using GeoDispatch.City;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Units;

/// <summary>A place that a unit may bring somebody to, such as a hospital.</summary>
public sealed record Destination(Guid Id, string Name, string NameEn, string Kind, double Lon, double Lat, bool Synthetic);

/// <summary>The destinations; modules above keep by the same id what they know besides.</summary>
public sealed class Destinations(Databases databases, CityProfiles city)
{
    internal sealed record DestinationsView(IReadOnlyList<Destination> Destinations);

    /// <summary>All, by name. Synthetic ones belong to the demo city and show in it alone.</summary>
    public async Task<IReadOnlyList<Destination>> ListAsync(CancellationToken cancellation = default)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return [.. await connection.QueryAsync<Destination>(new CommandDefinition(
            $"{Select} WHERE @synthetic OR NOT synthetic ORDER BY name",
            new { synthetic = (await city.GetAsync(cancellation)).Synthetic },
            cancellationToken: cancellation))];
    }

    /// <summary>Null where there is none.</summary>
    public async Task<Destination?> FindAsync(Guid id, CancellationToken cancellation = default)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<Destination>(new CommandDefinition($"{Select} WHERE id = @id", new { id }, cancellationToken: cancellation));
    }

    /// <summary>Adds a destination, or changes what is known of it.</summary>
    public static Task AddAsync(
        NpgsqlConnection connection, Guid id, string name, string nameEn, string kind, LonLat at, bool synthetic, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO dispatch.destination (id, name, name_en, kind, lon, lat, synthetic) VALUES (@id, @name, @nameEn, @kind, @Lon, @Lat, @synthetic)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, kind = excluded.kind, lon = excluded.lon, lat = excluded.lat
            """,
            new { id, name, nameEn, kind, at.Lon, at.Lat, synthetic }, cancellationToken: cancellation));

    /// <summary>The id of a real destination by its name; null where there is none.</summary>
    public static Task<Guid?> FindIdAsync(NpgsqlConnection connection, string name, CancellationToken cancellation) =>
        connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
            "SELECT id FROM dispatch.destination WHERE name = @name AND NOT synthetic", new { name }, cancellationToken: cancellation));

    internal static void Map(IEndpointRouteBuilder group) => group
        .MapGet("/destinations", async (Destinations destinations, CancellationToken cancellation) =>
            TypedResults.Ok(new DestinationsView(await destinations.ListAsync(cancellation))))
        .RequireAuthorization(Policies.Crews).Produces<DestinationsView>();

    private const string Select = "SELECT id, name, name_en AS NameEn, kind, lon, lat, synthetic FROM dispatch.destination";
}
