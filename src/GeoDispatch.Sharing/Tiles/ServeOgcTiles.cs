using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Features;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>
/// OGC API – Tiles Part 1 (20-057): tilesets of the dataset and of each collection, as vectors and as maps, in each tile matrix set. Rows
/// come before columns here.
/// </summary>
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

    internal static void MapOgcTiles(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/ogc").OpenToKeys(Scopes.Map).WithTags("ogc-tiles");
        MapTilesets(group, "", TileData.Vector);
        MapTilesets(group, "/map", TileData.Map);
        MapTilesets(group, "/collections/{collectionId}", TileData.Vector);
        MapTilesets(group, "/collections/{collectionId}/map", TileData.Map);
        group.MapMethods("/tileMatrixSets", TileReader.Methods, (HttpRequest request) => TypedResults.Json(TilesetDocuments.ListSets(request)))
            .WithName("getTileMatrixSetsList");
        group.MapMethods("/tileMatrixSets/{tileMatrixSetId}", TileReader.Methods, (string tileMatrixSetId) => TileMatrixSet.Find(tileMatrixSetId) is { } set
            ? TypedResults.Json(set.Describe())
            : UnknownSet(tileMatrixSetId).ToResult()).WithName("getTileMatrixSet");
    }

    private static void MapTilesets(RouteGroupBuilder group, string prefix, TileData data)
    {
        string name = TilesetDocuments.OperationOf(prefix, data);
        group.MapMethods($"{prefix}/tiles", TileReader.Methods, (HttpContext http, TileReader tiles) => ListAsync(data, http, tiles)).WithName($"{name}.getTileSetsList");
        group.MapMethods($"{prefix}/tiles/{{tileMatrixSetId}}", TileReader.Methods, (string tileMatrixSetId, HttpContext http, TileReader tiles) =>
            DescribeAsync(data, tileMatrixSetId, http, tiles)).WithName($"{name}.getTileSet");
        group.MapMethods(
                $"{prefix}/tiles/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", TileReader.Methods,
                (string tileMatrixSetId, string tileMatrix, string tileRow, string tileCol, HttpContext http, TileReader tiles) =>
                    ReadAsync(data, tileMatrixSetId, tileMatrix, tileRow, tileCol, http, tiles))
            .WithName($"{name}.getTile").Produces<byte[]>(StatusCodes.Status200OK, data == TileData.Vector ? VectorCutter.Mvt : "image/png");
    }

    private static async Task<IResult> ListAsync(TileData data, HttpContext http, TileReader tiles)
    {
        (Source? source, Problem? refused) = await FindAsync(data, http, tiles);
        if (source is null)
        {
            return refused!.ToResult();
        }

        return TypedResults.Json(TilesetDocuments.List(http.Request, source, await tiles.CityAsync(http)));
    }

    private static async Task<IResult> DescribeAsync(TileData data, string tileMatrixSetId, HttpContext http, TileReader tiles)
    {
        (Source? source, Problem? refused) = await FindAsync(data, http, tiles);
        if (source is null)
        {
            return refused!.ToResult();
        }

        return FindSet(source, tileMatrixSetId) is TileMatrixSet set
            ? TypedResults.Json(TilesetDocuments.Describe(http.Request, source, set, await tiles.CityAsync(http)))
            : UnknownSet(tileMatrixSetId).ToResult();
    }

    private static async Task<IResult> ReadAsync(
        TileData data, string tileMatrixSetId, string tileMatrix, string tileRow, string tileCol, HttpContext http, TileReader tiles)
    {
        (Source? source, Problem? refused) = await FindAsync(data, http, tiles);
        if (source is null)
        {
            return refused!.ToResult();
        }

        if (FindSet(source, tileMatrixSetId) is not TileMatrixSet set)
        {
            return UnknownSet(tileMatrixSetId).ToResult();
        }

        if (!TileReader.Accepts(http.Request, source.Cutter))
        {
            return new Problem(
                406, "tile.not_acceptable", "没有此格式 / No such format", source.Cutter.MediaType, "Accept", ServeTiles.Cut(http.Request.Headers.Accept.ToString())).ToResult();
        }

        if (!TileReader.Number(tileMatrix, out int level) || !TileReader.Number(tileRow, out int row) || !TileReader.Number(tileCol, out int column)
            || !set.Levels(source.Cutter, source.Tileset).Contains(level) || !set.TryTile(level, column, row, out TileId tile)
            || !set.Limits((await tiles.CityAsync(http))?.Box, level).Holds(tile))
        {
            return new Problem(
                404, "tile.outside_limits", "瓦片在范围之外 / Tile outside the limits",
                "范围见瓦片集的 tileMatrixSetLimits / The tileset says its tileMatrixSetLimits", "tileMatrix/tileRow/tileCol",
                ServeTiles.Cut($"{tileMatrix}/{tileRow}/{tileCol}")).ToResult();
        }

        return await tiles.ReadAsync(http, "ogc-tiles", source.Tileset, set.Grid, tile, source.Cutter, source.Layers);
    }

    private static async Task<(Source? Found, Problem? Refused)> FindAsync(TileData data, HttpContext http, TileReader tiles)
    {
        ReadableLayers layers = await tiles.LayersAsync(http);
        string? collection = http.GetRouteValue("collectionId") as string;
        ITileCutter? cutter = data == TileData.Vector ? tiles.Vectors : tiles.Maps;
        Tileset? tileset = collection is null
            ? tiles.Tilesets.Find(TileReader.Dataset)
            : layers.Find(collection) is null ? null : tiles.Tilesets.Find(collection, layers);
        if (tileset is null && collection is not null)
        {
            return (null, ServeCollections.Unknown(ServeTiles.Cut(collection), layers));
        }

        return tileset is not null && cutter is not null && cutter.Offers(tileset)
            ? (new Source(tileset, cutter, layers, data, collection), null)
            : (null, new Problem(404, "tiles.none", "没有此类瓦片 / No such tiles", "/ogc", "path", ServeTiles.Cut(http.Request.Path.ToString())));
    }

    private static TileMatrixSet? FindSet(Source source, string id) => TileMatrixSet.Find(id) is TileMatrixSet set && source.Tileset.Has(set.Grid) ? set : null;

    private static Problem UnknownSet(string id) => new(
        404, "tile_matrix_set.unknown", "没有此瓦片矩阵集 / Unknown tile matrix set",
        $"现有 / There are: {string.Join(", ", TileMatrixSet.All.Select(static set => set.Id))}", "tileMatrixSetId", ServeTiles.Cut(id));

    /// <summary>What the path of a request names.</summary>
    internal sealed record Source(Tileset Tileset, ITileCutter Cutter, ReadableLayers Layers, TileData Data, string? Collection);
}

/// <summary>What tiles are made of.</summary>
internal enum TileData
{
    Vector,
    Map,
}
