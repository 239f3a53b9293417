using System.Globalization;
using System.IO.Hashing;
using System.Text.Json.Nodes;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace GeoDispatch.Sharing.Tiles;

/// <summary><c>/tiles/NAME</c> (TileJSON 3.0.0) and <c>/tiles/NAME/{z}/{x}/{y}.mvt</c> (Mapbox Vector Tile 2.1), open to anyone.</summary>
internal static class ServeTiles
{
    private const string MediaType = "application/vnd.mapbox-vector-tile";

    internal static void MapTiles(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/tiles").OpenToKeys(Scopes.Map).WithTags("tiles");
        group.MapGet("/{tileset}", DescribeAsync);
        group.MapGet("/{tileset}/{z}/{x}/{y}.mvt", ReadAsync).Produces<byte[]>(StatusCodes.Status200OK, MediaType);
    }

    private static async Task<IResult> DescribeAsync(
        string tileset, HttpRequest request, Tilesets tilesets, Databases databases, CancellationToken cancellation)
    {
        if (tilesets.Find(tileset) is not Tileset found)
        {
            return Unknown(tileset, tilesets).ToResult();
        }

        JsonObject answer = found.Description.DeepClone().AsObject();
        answer["tilejson"] = "3.0.0";
        answer["scheme"] = "xyz";
        answer["tiles"] = new JsonArray($"{request.Scheme}://{request.Host}/tiles/{tileset}/{{z}}/{{x}}/{{y}}.mvt");
        await using NpgsqlCommand command = databases.Sharing.CreateCommand(
            "SELECT attribution, west, south, east, north, center_lon, center_lat, zoom FROM share.profile");
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        if (await row.ReadAsync(cancellation))
        {
            answer["attribution"] = row.GetString(0);
            answer["bounds"] = new JsonArray(row.GetDouble(1), row.GetDouble(2), row.GetDouble(3), row.GetDouble(4));
            answer["center"] = new JsonArray(row.GetDouble(5), row.GetDouble(6), row.GetFloat(7));
        }

        return TypedResults.Json(answer);
    }

    private static async Task<IResult> ReadAsync(
        string tileset, string z, string x, string y, HttpContext http, Tilesets tilesets, Databases databases, CancellationToken cancellation)
    {
        if (tilesets.Find(tileset) is not Tileset found)
        {
            return Unknown(tileset, tilesets).ToResult();
        }

        if (!Number(z, out int zoom) || !Number(x, out int column) || !Number(y, out int row)
            || !TileId.TryCreate(zoom, column, row, out TileId tile) || zoom < found.MinZoom || zoom > found.MaxZoom)
        {
            return OutsideGrid(found, $"{z}/{x}/{y}").ToResult();
        }

        byte[] bytes = await found.ReadTileAsync(databases, tile, cancellation);
        if (bytes.Length == 0)
        {
            return TypedResults.NoContent();
        }

        http.Response.Headers.CacheControl = "public, max-age=60";
        return TypedResults.Bytes(bytes, MediaType, entityTag: new EntityTagHeaderValue($"\"{XxHash3.HashToUInt64(bytes):x}\""));
    }

    private static bool Number(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static Problem Unknown(string name, Tilesets tilesets) => new(
        404, "tileset.unknown", "没有此瓦片集 / Unknown tileset", $"现有 / There are: {string.Join(", ", tilesets.Names)}", "tileset", name);

    private static Problem OutsideGrid(Tileset tileset, string asked) => new(
        400, "tile.outside_grid", "瓦片在网格之外 / Tile outside the grid",
        $"缩放级 / zoom {tileset.MinZoom}…{tileset.MaxZoom}; 0 ≤ x, y < 2^zoom", "z/x/y", asked);
}
