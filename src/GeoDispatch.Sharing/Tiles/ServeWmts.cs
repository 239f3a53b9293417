using System.Globalization;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>
/// WMTS 1.0.0 (OGC 07-057r7) over the same tiles: <c>/wmts</c> with parameters, and <c>/wmts/1.0.0/…</c> as resources. Names of parameters
/// are read in any case, values as they are; what it does not know it passes over, such as the <c>tk</c> of 天地图's clients.
/// </summary>
internal static class ServeWmts
{
    private static readonly string[] SectionNames = ["ServiceIdentification", "ServiceProvider", "OperationsMetadata", "Contents", "Themes", "All"];
    private static readonly string[] TileNames = ["layer", "style", "format", "tilematrixset", "tilematrix", "tilerow", "tilecol"];

    internal static void MapWmts(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/wmts").OpenToKeys(Scopes.Map).WithTags("wmts");
        group.MapMethods("", TileReader.Methods, AskAsync);
        group.MapMethods("/1.0.0/WMTSCapabilities.xml", TileReader.Methods, (HttpContext http, TileReader tiles) => DescribeAsync(http, tiles, []));
        group.MapMethods("/1.0.0/{layer}/{style}/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}.{extension}", TileReader.Methods, ReadResourceAsync)
            .Produces<byte[]>(StatusCodes.Status200OK, VectorCutter.Mvt);
        group.MapMethods("/1.0.0/{**rest}", TileReader.Methods, (string? rest) => WmtsRefusals.Invalid("path", rest ?? "", StatusCodes.Status404NotFound));
        // Where 天地图 has them: a client that is set up for it changes nothing but the host.
        foreach (string set in (string[])["c", "w"])
        {
            routes.MapMethods($"/{{name}}_{set}/wmts", TileReader.Methods, AskAsync).OpenToKeys(Scopes.Map).WithTags("wmts");
        }
    }

    private static async Task<IResult> AskAsync(HttpContext http, TileReader tiles)
    {
        // Query collections find names in any case.
        string? Value(string name) => http.Request.Query.TryGetValue(name, out StringValues value) ? value.ToString() : null;
        if (Check("service", Value("service"), "WMTS") is { } service)
        {
            return service;
        }

        switch (Value("request"))
        {
            case null or "":
                return WmtsRefusals.Missing("request");
            case "GetCapabilities":
                if (Value("acceptversions") is { Length: > 0 } versions && !versions.Split(',').Contains("1.0.0", StringComparer.Ordinal))
                {
                    return WmtsRefusals.Refuse(400, "VersionNegotiationFailed", "acceptversions", $"1.0.0; {versions}");
                }

                string[] sections = Value("sections")?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
                return sections.FirstOrDefault(static section => !SectionNames.Contains(section, StringComparer.Ordinal)) is { } unknown
                    ? WmtsRefusals.Invalid("sections", unknown)
                    : await DescribeAsync(http, tiles, sections);
            case "GetTile":
                if (Check("version", Value("version"), "1.0.0") is { } version)
                {
                    return version;
                }

                return TileNames.FirstOrDefault(name => string.IsNullOrEmpty(Value(name))) is { } missing
                    ? WmtsRefusals.Missing(missing)
                    : await ReadAsync(
                        http, tiles, 400, Value("layer")!, Value("style")!, Value("format")!, Value("tilematrixset")!, Value("tilematrix")!,
                        Value("tilerow")!, Value("tilecol")!);
            case var other:
                return WmtsRefusals.Refuse(501, "OperationNotSupported", other, "GetCapabilities, GetTile");
        }
    }

    private static async Task<IResult> DescribeAsync(HttpContext http, TileReader tiles, string[] sections)
    {
        ReadableLayers layers = await tiles.LayersAsync(http);
        return WmtsRefusals.Xml(WmtsCapabilities.Make(
            $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}/wmts", tiles.Tilesets.List(layers),
            tiles.Cutters, await tiles.CityAsync(http), sections));
    }

    private static Task<IResult> ReadResourceAsync(
        string layer, string style, string tileMatrixSet, string tileMatrix, string tileRow, string tileCol, string extension, HttpContext http, TileReader tiles)
    {
        if (tiles.Cutters.FirstOrDefault(cutter => cutter.Extension == extension) is not ITileCutter cutter)
        {
            return Task.FromResult<IResult>(WmtsRefusals.Invalid("format", extension, 404));
        }

        return TileReader.Accepts(http.Request, cutter)
            ? ReadAsync(http, tiles, 404, layer, style, cutter.MediaType, tileMatrixSet, tileMatrix, tileRow, tileCol)
            : Task.FromResult<IResult>(WmtsRefusals.Invalid("accept", http.Request.Headers.Accept.ToString(), 406));
    }

    /// <param name="unknown">The status where a resource is asked for that is not there.</param>
    private static async Task<IResult> ReadAsync(
        HttpContext http, TileReader tiles, int unknown, string layer, string style, string format, string matrixSet, string matrix, string tileRow, string tileCol)
    {
        ReadableLayers layers = await tiles.LayersAsync(http);
        string mediaType = format;
        if (format == Tianditu.Format)
        {
            mediaType = "image/png";
            if (Tianditu.IsOfLabels(layer))
            {
                return Tianditu.Blank();
            }

            layer = Tianditu.LayerOf(layer);
        }

        if (tiles.Tilesets.Find(layer, layers) is not Tileset tileset)
        {
            return WmtsRefusals.Invalid("layer", layer, unknown);
        }

        ITileCutter[] offered = [.. tiles.Cutters.Where(cutter => cutter.MediaType == mediaType && cutter.Offers(tileset))];
        if (offered.Length == 0)
        {
            return WmtsRefusals.Invalid("format", format, unknown);
        }

        if (Array.Find(offered, cutter => cutter.Style == style) is not ITileCutter chosen)
        {
            return WmtsRefusals.Invalid("style", style, unknown);
        }

        if (TileMatrixSet.OfWmts.FirstOrDefault(known => known.Id == matrixSet) is not TileMatrixSet set || !tileset.Has(set.Grid))
        {
            return WmtsRefusals.Invalid("tilematrixset", matrixSet, unknown);
        }

        if (!TileReader.Number(matrix, out int level) || !set.Levels(chosen, tileset).Contains(level))
        {
            return WmtsRefusals.Invalid("tilematrix", matrix, unknown);
        }

        if (!TileReader.Number(tileRow, out int row) || row >= set.Rows(level))
        {
            return OutOfRange("tilerow", tileRow, set.Rows(level));
        }

        if (!TileReader.Number(tileCol, out int column) || column >= set.Columns(level))
        {
            return OutOfRange("tilecol", tileCol, set.Columns(level));
        }

        return await tiles.ReadAsync(http, "wmts", tileset, set.Grid, new TileId(level + set.Shift, column, row), chosen, layers);
    }

    private static ContentHttpResult? Check(string name, string? value, string known) =>
        string.IsNullOrEmpty(value) ? WmtsRefusals.Missing(name) : value == known ? null : WmtsRefusals.Invalid(name, value);

    private static ContentHttpResult OutOfRange(string name, string value, int count) => TileReader.Number(value, out _)
        ? WmtsRefusals.Refuse(400, "TileOutOfRange", name, string.Create(CultureInfo.InvariantCulture, $"0 ≤ {name} < {count}"))
        : WmtsRefusals.Invalid(name, value);
}

/// <summary>What clients of 天地图 ask for, in the words of it.</summary>
internal static class Tianditu
{
    /// <summary>As <c>FORMAT</c>: images.</summary>
    internal const string Format = "tiles";

    // 256 × 256 pixels of nothing.
    private static readonly byte[] Transparent = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAQAAAAEAAQMAAABmvDolAAAAA1BMVEUAAACnej3aAAAAAXRSTlMAQObYZgAAAB9JREFUeNrtwQENAAAAwqD3T20ON6AAAAAAAAAAAL4NIQAAAWDknZcAAAAASUVORK5CYII=");

    /// <summary>Names of places stand on our base map: the layer that 天地图's clients lay over it has nothing to add.</summary>
    internal static bool IsOfLabels(string layer) => layer == "cva";

    internal static string LayerOf(string layer) => layer == "vec" ? TileReader.Dataset : layer;

    internal static IResult Blank() => TypedResults.Bytes(Transparent, "image/png");
}
