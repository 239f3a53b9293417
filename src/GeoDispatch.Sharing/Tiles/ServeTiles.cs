using System.Globalization;
using System.Text.Json.Nodes;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Load;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Sharing.Tiles;

/// <summary><c>/tiles/NAME</c> (TileJSON 3.0.0) and <c>/tiles/NAME/{z}/{x}/{y}.mvt</c> (Mapbox Vector Tile 2.1), open to anyone.</summary>
internal static class ServeTiles
{
    internal static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    internal static void MapTiles(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/tiles").OpenToKeys(Scopes.Map).AreTiles().WithTags("tiles");
        group.MapMethods("/{tileset}", Reading, DescribeAsync);
        group.MapMethods("/{tileset}/{z}/{x}/{y}.mvt", Reading, ReadAsync).Produces<byte[]>(StatusCodes.Status200OK, VectorCutter.Mvt);
    }

    internal static bool Number(string? text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static async Task<IResult> DescribeAsync(
        string tileset, HttpRequest request, Tilesets tilesets, CityProfile profile, CancellationToken cancellation)
    {
        if (tilesets.Find(tileset) is not Tileset found)
        {
            return Unknown(tileset, tilesets).ToResult();
        }

        JsonObject answer = found.Description.DeepClone().AsObject();
        answer["tilejson"] = "3.0.0";
        answer["scheme"] = "xyz";
        answer["tiles"] = new JsonArray($"{request.Scheme}://{request.Host}/tiles/{tileset}/{{z}}/{{x}}/{{y}}.mvt");
        if (await profile.FindAsync(cancellation) is { } city)
        {
            answer["attribution"] = city.Attribution;
            answer["bounds"] = new JsonArray(city.Box.West, city.Box.South, city.Box.East, city.Box.North);
            answer["center"] = new JsonArray(city.CenterLon, city.CenterLat, city.Zoom);
        }

        return TypedResults.Json(answer);
    }

    private static async Task<IResult> ReadAsync(
        string tileset, string z, string x, string y, HttpContext http, Tilesets tilesets, TileCache cache, VectorCutter vectors, LayerAccess access,
        CancellationToken cancellation)
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

        ReadableLayers layers = await access.ReadAsync(http.User, cancellation);
        return new TileResult(await cache.GetAsync(found, TileGrid.Mercator, tile, vectors, layers, cancellation));
    }

    internal static Problem Unknown(string name, Tilesets tilesets) => new(
        404, "tileset.unknown", "没有此瓦片集 / Unknown tileset", $"现有 / There are: {string.Join(", ", tilesets.Names)}", "tileset", name);

    private static Problem OutsideGrid(Tileset tileset, string asked) => new(
        400, "tile.outside_grid", "瓦片在网格之外 / Tile outside the grid",
        $"缩放级 / zoom {tileset.MinZoom}…{tileset.MaxZoom}; 0 ≤ x, y < 2^zoom", "z/x/y", asked);
}
