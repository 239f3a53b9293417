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

/// <summary>OGC API – Tiles Part 1: the base map as one tileset of the dataset, in TileMatrixSet.WebMercatorQuad. Rows come before columns here.</summary>
public static class ServeOgcTiles
{
    /// <summary>What <c>/ogc/conformance</c> may say of these routes.</summary>
    public static readonly IReadOnlyList<string> Conformance =
    [
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
        "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
        "http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
        "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
    ];

    /// <summary>The tileset that stands for the dataset.</summary>
    internal const string Dataset = "city";

    private const string TilingScheme = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";

    internal static void MapOgcTiles(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/ogc").OpenToKeys(Scopes.Map).AreTiles().WithTags("ogc-tiles");
        group.MapGet("/tiles", ListAsync).WithName("dataset.vector.getTileSetsList");
        group.MapGet("/tiles/{tileMatrixSetId}", DescribeAsync).WithName("dataset.vector.getTileSet");
        group.MapGet("/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", ReadAsync)
            .WithName("dataset.vector.getTile").Produces<byte[]>(StatusCodes.Status200OK, VectorCutter.Mvt);
        group.MapGet("/tileMatrixSets", (HttpRequest request) => TypedResults.Json(new JsonObject
        {
            ["tileMatrixSets"] = new JsonArray(new JsonObject
            {
                ["id"] = TileMatrixSet.WebMercatorQuad.Id,
                ["title"] = TileMatrixSet.WebMercatorQuad.Title,
                ["uri"] = TileMatrixSet.WebMercatorQuad.Uri,
                ["crs"] = TileMatrixSet.WebMercatorQuad.Crs,
                ["links"] = new JsonArray(Link(request, "self", $"tileMatrixSets/{TileMatrixSet.WebMercatorQuad.Id}", "application/json")),
            }),
            ["links"] = new JsonArray(Link(request, "self", "tileMatrixSets", "application/json")),
        })).WithName("getTileMatrixSetsList");
        group.MapGet("/tileMatrixSets/{tileMatrixSetId}", (string tileMatrixSetId) => tileMatrixSetId == TileMatrixSet.WebMercatorQuad.Id
            ? TypedResults.Json(TileMatrixSet.WebMercatorQuad.Describe())
            : UnknownSet(tileMatrixSetId)).WithName("getTileMatrixSet");
    }

    private static async Task<IResult> ListAsync(HttpRequest request, Tilesets tilesets, CityProfile profile, CancellationToken cancellation)
    {
        JsonObject tileset = Describe(request, tilesets.Find(Dataset)!, await profile.FindAsync(cancellation));
        return TypedResults.Json(new JsonObject
        {
            ["tilesets"] = new JsonArray(tileset),
            ["links"] = new JsonArray(Link(request, "self", "tiles", "application/json")),
        });
    }

    private static async Task<IResult> DescribeAsync(
        string tileMatrixSetId, HttpRequest request, Tilesets tilesets, CityProfile profile, CancellationToken cancellation) =>
        tileMatrixSetId != TileMatrixSet.WebMercatorQuad.Id
            ? UnknownSet(tileMatrixSetId)
            : TypedResults.Json(Describe(request, tilesets.Find(Dataset)!, await profile.FindAsync(cancellation)));

    private static async Task<IResult> ReadAsync(
        string tileMatrixSetId, string tileMatrix, string tileRow, string tileCol, HttpContext http, Tilesets tilesets,
        TileCache cache, VectorCutter vectors, LayerAccess access, CityProfile profile, CancellationToken cancellation)
    {
        if (tileMatrixSetId != TileMatrixSet.WebMercatorQuad.Id)
        {
            return UnknownSet(tileMatrixSetId);
        }

        Tileset tileset = tilesets.Find(Dataset)!;
        if (!ServeTiles.Number(tileMatrix, out int zoom) || !ServeTiles.Number(tileRow, out int row) || !ServeTiles.Number(tileCol, out int column)
            || zoom < tileset.MinZoom || zoom > tileset.MaxZoom || !TileId.TryCreate(zoom, column, row, out TileId tile)
            || !TileMatrixSet.WebMercatorQuad.Limits((await profile.FindAsync(cancellation))?.Box, zoom).Holds(tile))
        {
            return new Problem(
                404, "tile.outside_limits", "瓦片在范围之外 / Tile outside the limits",
                $"范围见 tileMatrixSetLimits / The limits stand in /ogc/tiles/{TileMatrixSet.WebMercatorQuad.Id}", "tileMatrix/tileRow/tileCol",
                $"{tileMatrix}/{tileRow}/{tileCol}").ToResult();
        }

        ReadableLayers layers = await access.ReadAsync(http.User, cancellation);
        return new TileResult(await cache.GetAsync(tileset, TileGrid.Mercator, tile, vectors, layers, cancellation));
    }

    private static JsonObject Describe(HttpRequest request, Tileset tileset, SharedCity? city)
    {
        var answer = new JsonObject
        {
            ["title"] = city is null ? tileset.Name : $"{city.Name} / {city.NameEn}",
            ["description"] = (string?)tileset.Description["description"],
            ["dataType"] = "vector",
            ["crs"] = TileMatrixSet.WebMercatorQuad.Crs,
            ["tileMatrixSetURI"] = TileMatrixSet.WebMercatorQuad.Uri,
            ["tileMatrixSetId"] = TileMatrixSet.WebMercatorQuad.Id,
            ["tileMatrixSetLimits"] = new JsonArray([.. Enumerable.Range(tileset.MinZoom, tileset.MaxZoom - tileset.MinZoom + 1)
                .Select(zoom => TileMatrixSet.WebMercatorQuad.Limits(city?.Box, zoom)).Select(static limits => (JsonNode)new JsonObject
                {
                    ["tileMatrix"] = limits.Zoom.ToString(CultureInfo.InvariantCulture),
                    ["minTileRow"] = limits.North,
                    ["maxTileRow"] = limits.South,
                    ["minTileCol"] = limits.West,
                    ["maxTileCol"] = limits.East,
                })]),
            ["layers"] = new JsonArray([.. tileset.Description["vector_layers"]!.AsArray().Select(static layer => (JsonNode)new JsonObject
            {
                ["id"] = (string?)layer!["id"],
                ["dataType"] = "vector",
                ["minTileMatrix"] = layer["minzoom"]!.ToString(),
                ["maxTileMatrix"] = layer["maxzoom"]!.ToString(),
            })]),
        };
        if (city is not null)
        {
            answer["attribution"] = city.Attribution;
            answer["boundingBox"] = new JsonObject
            {
                ["lowerLeft"] = new JsonArray(city.Box.West, city.Box.South),
                ["upperRight"] = new JsonArray(city.Box.East, city.Box.North),
                ["crs"] = "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
            };
        }

        JsonObject item = Link(request, "item", $"tiles/{TileMatrixSet.WebMercatorQuad.Id}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", VectorCutter.Mvt);
        item["templated"] = true;
        answer["links"] = new JsonArray(
            Link(request, "self", $"tiles/{TileMatrixSet.WebMercatorQuad.Id}", "application/json"),
            Link(request, TilingScheme, $"tileMatrixSets/{TileMatrixSet.WebMercatorQuad.Id}", "application/json"),
            item);
        return answer;
    }

    private static JsonObject Link(HttpRequest request, string relation, string path, string type) => new()
    {
        ["rel"] = relation,
        ["href"] = $"{request.Scheme}://{request.Host}/ogc/{path}",
        ["type"] = type,
    };

    private static IResult UnknownSet(string id) => new Problem(
        404, "tile_matrix_set.unknown", "没有此瓦片矩阵集 / Unknown tile matrix set", $"现有 / There is: {TileMatrixSet.WebMercatorQuad.Id}", "tileMatrixSetId", id).ToResult();
}
