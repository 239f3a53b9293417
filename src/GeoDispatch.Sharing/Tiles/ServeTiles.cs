using System.Globalization;
using System.Text.Json.Nodes;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>
/// <c>/tiles/NAME</c> (TileJSON 3.0.0) and <c>/tiles/NAME/{z}/{x}/{y}.mvt</c> (Mapbox Vector Tile 2.1), open to anyone: of the base map, and
/// of each layer that the reader may read.
/// </summary>
internal static class ServeTiles
{
    /// <summary>As reads by this interface are counted.</summary>
    private const string Protocol = "tiles";

    internal static void MapTiles(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/tiles").OpenToKeys(Scopes.Map).WithTags("tiles");
        group.MapMethods("/{tileset}", TileReader.Methods, DescribeAsync);
        group.MapMethods("/{tileset}/{z}/{x}/{y}.mvt", TileReader.Methods, ReadAsync).Produces<byte[]>(StatusCodes.Status200OK, VectorCutter.Mvt);
    }

    private static async Task<IResult> DescribeAsync(string tileset, HttpContext http, TileReader tiles)
    {
        ReadableLayers layers = await tiles.LayersAsync(http);
        if (tiles.Tilesets.Find(tileset, layers) is not Tileset found)
        {
            return Unknown(tileset, layers, tiles).ToResult();
        }

        JsonObject answer = found.Description.DeepClone().AsObject();
        answer["tilejson"] = "3.0.0";
        answer["scheme"] = "xyz";
        answer["tiles"] = new JsonArray($"{http.Request.Scheme}://{http.Request.Host}/tiles/{Uri.EscapeDataString(tileset)}/{{z}}/{{x}}/{{y}}.mvt");
        answer["vector_layers"] = found.VectorLayers(layers);
        if (await tiles.CityAsync(http) is { } city)
        {
            answer["attribution"] = city.Attribution;
            answer["bounds"] = new JsonArray(city.Box.West, city.Box.South, city.Box.East, city.Box.North);
            answer["center"] = new JsonArray(city.CenterLon, city.CenterLat, city.Zoom);
        }

        return TypedResults.Json(answer);
    }

    private static async Task<IResult> ReadAsync(string tileset, string z, string x, string y, HttpContext http, TileReader tiles)
    {
        ReadableLayers layers = await tiles.LayersAsync(http);
        if (tiles.Tilesets.Find(tileset, layers) is not Tileset found)
        {
            return Unknown(tileset, layers, tiles).ToResult();
        }

        if (!TileReader.Number(z, out int zoom) || !TileReader.Number(x, out int column) || !TileReader.Number(y, out int row)
            || !TileId.TryCreate(zoom, column, row, out TileId tile) || zoom < found.MinZoom || zoom > found.MaxZoom)
        {
            return OutsideGrid(found, $"{z}/{x}/{y}").ToResult();
        }

        return await tiles.ReadAsync(http, Protocol, found, TileGrid.Mercator, tile, tiles.Vectors, layers);
    }

    internal static Problem Unknown(string name, ReadableLayers layers, TileReader tiles)
    {
        IEnumerable<string> known = tiles.Tilesets.List(layers).Select(static tileset => tileset.Name);
        return new Problem(404, "tileset.unknown", "没有此瓦片集 / Unknown tileset", $"现有 / There are: {string.Join(", ", known)}", "tileset", Cut(name));
    }

    private static Problem OutsideGrid(Tileset tileset, string asked) => new(
        400, "tile.outside_grid", "瓦片在网格之外 / Tile outside the grid",
        string.Create(CultureInfo.InvariantCulture, $"缩放级 / zoom {tileset.MinZoom}…{tileset.MaxZoom}; 0 ≤ x, y < 2^zoom"), "z/x/y", Cut(asked));

    /// <summary>What is said back is at most 200 characters long.</summary>
    internal static string Cut(string text) => text.Length > 200 ? text[..200] : text;
}
