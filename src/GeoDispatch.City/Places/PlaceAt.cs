using System.Security.Claims;
using System.Text.Json;
using Dapper;
using GeoDispatch.City.Import;
using GeoDispatch.City.Places;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Npgsql;

namespace GeoDispatch.City;

/// <summary>A county or a town (街道, 镇) by its border.</summary>
public sealed record AreaName(string Code, string Name, string NameEn);

/// <summary>What a place is said from.</summary>
/// <param name="Direction">From it to the place, one of eight (东, 东北 …); null at the thing itself.</param>
/// <param name="Meters">Air line, as people round it; 0 at the thing itself.</param>
/// <param name="Lon">Of the thing; degrees.</param>
/// <param name="Lat">Of the thing; degrees.</param>
public sealed record Reference(string Name, string NameEn, string? Direction, double Meters, double Lon, double Lat);

/// <summary>A point in words.</summary>
/// <param name="Kind">By what it is said: address, crossing, km, road, poi, village, town, district; <c>outside</c> of the city; or coordinates alone.</param>
/// <param name="Name">In Chinese, as one says it over the radio.</param>
/// <param name="From">Null where it is said by a town or not at all.</param>
/// <param name="District">Null outside of every border, like <paramref name="Town"/>; a base map may have no borders of towns.</param>
/// <param name="OutsideMeters">How far outside of the city, rounded; null inside.</param>
/// <param name="Lon">As asked; degrees.</param>
/// <param name="Lat">As asked; degrees.</param>
public sealed record NamedPlace(
    string Kind, string Name, string NameEn, Reference? From, AreaName? District, AreaName? Town, double? OutsideMeters, double Lon, double Lat, bool Synthetic);

/// <summary>Says in words where a point is.</summary>
public sealed class PlaceAt(Databases databases, ILayerRights rights)
{
    private static readonly JsonSerializerOptions Columns = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private readonly Lazy<Task<string>> sql = new(() => Resources.ReadAsync("PlaceAt.sql", CancellationToken.None));

    /// <summary>By the kinds of places that the asker may find. One query.</summary>
    public async Task<NamedPlace> FindAsync(LonLat point, ClaimsPrincipal asker, CancellationToken cancellation)
    {
        string[] kinds = await SearchPlaces.KindsAsync(asker, rights, cancellation);
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        string found = await connection.QuerySingleAsync<string>(new CommandDefinition(
            await sql.Value,
            new { lon = point.Lon, lat = point.Lat, kinds, besideRoad = PlaceWords.BesideRoad, roadReach = PlaceWords.RoadReach },
            cancellationToken: cancellation));
        return PlaceWords.Of(point, JsonSerializer.Deserialize<Surroundings>(found, Columns)!);
    }
}
