using Dapper;
using GeoDispatch.City.Places;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace GeoDispatch.City;

/// <summary>The base map as data, the search for places, and the words for a point.</summary>
public static class CityModule
{
    /// <summary>Adds the profile of the city, <see cref="PlaceAt"/> and the search for places; nothing is read until it is asked for.</summary>
    public static IServiceCollection AddCity(this IServiceCollection services) => services
        .AddSingleton<CityProfiles>()
        .AddSingleton<PlaceAt>()
        .AddSingleton<Gazetteers>()
        .AddHostedService<GazetteerWatcher>()
        .AddSingleton<LayerPlaces>()
        .AddHostedService(static provider => provider.GetRequiredService<LayerPlaces>());

    /// <summary>Maps <c>/api/city</c> and <c>/api/places</c>.</summary>
    public static void MapCity(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/city", ReadCityAsync).OpenToKeys(Scopes.Map).Produces<CityView>().WithTags("city");
        routes.MapSearchPlaces();
    }

    /// <summary>The city's name, extent and first view. Open to anyone: the public map needs it.</summary>
    internal sealed record CityView(
        string Name, string NameEn, bool Synthetic, double[] Bbox, double[] Center, float Zoom, string Attribution);

    private sealed record Row(
        string Name, string NameEn, bool Synthetic, double West, double South, double East, double North,
        double CenterLon, double CenterLat, float Zoom, string Attribution);

    private static async Task<IResult> ReadCityAsync(Databases databases, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Sharing.OpenConnectionAsync(cancellation);
        Row? row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            """
            SELECT name, name_en AS "NameEn", synthetic, west, south, east, north,
                   center_lon AS "CenterLon", center_lat AS "CenterLat", zoom, attribution
            FROM share.profile
            """,
            cancellationToken: cancellation));
        return row is null
            ? new Problem(404, "city.none", "尚未装入城市 / No city yet", "用 up --city demo 装入演示城市 / Fill in the demo city with up --city demo").ToResult()
            : TypedResults.Ok(new CityView(
                row.Name, row.NameEn, row.Synthetic, [row.West, row.South, row.East, row.North], [row.CenterLon, row.CenterLat], row.Zoom, row.Attribution));
    }
}
