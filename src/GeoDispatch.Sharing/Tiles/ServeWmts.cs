using System.Globalization;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

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
        group.MapMethods("/1.0.0/WMTSCapabilities.xml", TileReader.Methods, (HttpContext http, TileReader tiles) => AcceptsXml(http.Request)
            ? DescribeAsync(http, tiles, [])
            : Task.FromResult<IResult>(WmtsRefusals.Invalid("accept", http.Request.Headers.Accept.ToString(), StatusCodes.Status406NotAcceptable)));
        group.MapMethods("/1.0.0/{layer}/{style}/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}.{extension}", TileReader.Methods, ReadResourceAsync)
            .Produces<byte[]>(StatusCodes.Status200OK, VectorCutter.Mvt);
        group.MapMethods("/1.0.0/{layer}/{style}/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}/{j}/{i}.{extension}", TileReader.Methods, AskResourceAsync);
        group.MapMethods("/1.0.0/{**rest}", TileReader.Methods, (string? rest) => WmtsRefusals.Invalid("path", rest ?? "", StatusCodes.Status404NotFound));
        // Where 天地图 has them: a client that is set up for it changes nothing but the host.
        foreach (string set in (string[])["c", "w"])
        {
            routes.MapMethods($"/{{name}}_{set}/wmts", TileReader.Methods, AskAsync).OpenToKeys(Scopes.Map).WithTags("wmts");
        }
    }

    private static async Task<IResult> AskAsync(HttpContext http, TileReader tiles, Databases databases)
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
            case "GetTile" or "GetFeatureInfo":
                bool info = Value("request") == "GetFeatureInfo";
                if (Check("version", Value("version"), "1.0.0") is { } version)
                {
                    return version;
                }

                if (TileNames.Concat(info ? WmtsFeatureInfo.Names : []).FirstOrDefault(name => string.IsNullOrEmpty(Value(name))) is { } missing)
                {
                    return WmtsRefusals.Missing(missing);
                }

                var asked = new WmtsAsked(
                    Value("layer")!, Value("style")!, Value("format")!, Value("tilematrixset")!, Value("tilematrix")!, Value("tilerow")!, Value("tilecol")!);
                return info
                    ? await TellAsync(http, tiles, databases, 400, asked, Value("i")!, Value("j")!, Value("infoformat")!)
                    : await ReadAsync(http, tiles, 400, asked);
            case var other:
                return WmtsRefusals.Refuse(501, "OperationNotSupported", other, "GetCapabilities, GetTile, GetFeatureInfo");
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
            ? ReadAsync(http, tiles, 404, new WmtsAsked(layer, style, cutter.MediaType, tileMatrixSet, tileMatrix, tileRow, tileCol))
            : Task.FromResult<IResult>(WmtsRefusals.Invalid("accept", http.Request.Headers.Accept.ToString(), 406));
    }

    private static async Task<IResult> AskResourceAsync(
        string layer, string style, string tileMatrixSet, string tileMatrix, string tileRow, string tileCol, string j, string i, string extension, HttpContext http,
        TileReader tiles, Databases databases) => WmtsFeatureInfo.FindMediaType(extension) is string form
        ? await TellAsync(http, tiles, databases, 404, new WmtsAsked(layer, style, null, tileMatrixSet, tileMatrix, tileRow, tileCol), i, j, form)
        : WmtsRefusals.Invalid("infoformat", extension, 404);

    /// <param name="unknown">The status where a resource is asked for that is not there.</param>
    private static async Task<IResult> ReadAsync(HttpContext http, TileReader tiles, int unknown, WmtsAsked asked)
    {
        if (asked.Format == Tianditu.Format && Tianditu.IsOfLabels(asked.Layer))
        {
            return Tianditu.Blank();
        }

        ReadableLayers layers = await tiles.LayersAsync(http);
        (WmtsTile? tile, IResult? refused) = await FindAsync(http, tiles, layers, unknown, asked);
        return tile is null ? refused! : await tiles.ReadAsync(http, "wmts", tile.Tileset, tile.Set.Grid, tile.Tile, tile.Cutter, layers);
    }

    private static async Task<IResult> TellAsync(
        HttpContext http, TileReader tiles, Databases databases, int unknown, WmtsAsked asked, string i, string j, string form)
    {
        ReadableLayers layers = await tiles.LayersAsync(http);
        (WmtsTile? tile, IResult? refused) = await FindAsync(http, tiles, layers, unknown, asked);
        http.Response.Headers.CacheControl = "no-store";
        return tile is null ? refused! : await WmtsFeatureInfo.TellAsync(tile, layers, tiles, http.User, databases, i, j, form, http.RequestAborted);
    }

    private static async Task<(WmtsTile? Tile, IResult? Refused)> FindAsync(
        HttpContext http, TileReader tiles, ReadableLayers layers, int unknown, WmtsAsked asked)
    {
        string layer = asked.Format == Tianditu.Format ? Tianditu.LayerOf(asked.Layer) : asked.Layer;
        string? mediaType = asked.Format == Tianditu.Format ? "image/png" : asked.Format;
        if (tiles.Tilesets.Find(layer, layers) is not Tileset tileset)
        {
            return (null, WmtsRefusals.Invalid("layer", layer, unknown));
        }

        ITileCutter[] offered = [.. tiles.Cutters.Where(cutter => (mediaType is null || cutter.MediaType == mediaType) && cutter.Offers(tileset))];
        if (offered.Length == 0)
        {
            return (null, WmtsRefusals.Invalid("format", asked.Format ?? "", unknown));
        }

        // Of several that look alike the one with the most levels, where no format is asked for.
        if (offered.Where(cutter => cutter.Style == asked.Style).MaxBy(cutter => mediaType is null ? cutter.Zooms(tileset).Max - cutter.Zooms(tileset).Min : 0) is not ITileCutter chosen)
        {
            return (null, WmtsRefusals.Invalid("style", asked.Style, unknown));
        }

        if (TileMatrixSet.OfWmts.FirstOrDefault(known => known.Id == asked.MatrixSet) is not TileMatrixSet set || !tileset.Has(set.Grid))
        {
            return (null, WmtsRefusals.Invalid("tilematrixset", asked.MatrixSet, unknown));
        }

        if (!TileReader.Number(asked.Matrix, out int level) || !set.Levels(chosen, tileset).Contains(level))
        {
            return (null, WmtsRefusals.Invalid("tilematrix", asked.Matrix, unknown));
        }

        if (!TileReader.Number(asked.Row, out int row) || row >= set.Rows(level))
        {
            return (null, OutOfRange("tilerow", asked.Row, set.Rows(level)));
        }

        return TileReader.Number(asked.Column, out int column) && column < set.Columns(level)
            ? (new WmtsTile(tileset, set, new TileId(level + set.Shift, column, row), chosen), null)
            : (null, OutOfRange("tilecol", asked.Column, set.Columns(level)));
    }

    /// <summary>A page of a browser takes XML too, as the last of all.</summary>
    private static bool AcceptsXml(HttpRequest request)
    {
        IList<MediaTypeHeaderValue> accepted = request.Headers.Accept.Count == 0 ? [] : request.GetTypedHeaders().Accept;
        return accepted.Count == 0 || accepted.Any(static type => type.Quality != 0
            && ((string[])["text/xml", "application/xml"]).Any(name => new MediaTypeHeaderValue(name).IsSubsetOf(type)));
    }

    private static ContentHttpResult? Check(string name, string? value, string known) =>
        string.IsNullOrEmpty(value) ? WmtsRefusals.Missing(name) : value == known ? null : WmtsRefusals.Invalid(name, value);

    private static ContentHttpResult OutOfRange(string name, string value, int count) => TileReader.Number(value, out _)
        ? WmtsRefusals.Refuse(400, "TileOutOfRange", name, string.Create(CultureInfo.InvariantCulture, $"0 ≤ {name} < {count}"))
        : WmtsRefusals.Invalid(name, value);
}

/// <summary>A tile as it is asked for, in the words of the request.</summary>
/// <param name="Format">Null where any will do.</param>
internal sealed record WmtsAsked(string Layer, string Style, string? Format, string MatrixSet, string Matrix, string Row, string Column);

/// <summary>A tile that there is.</summary>
internal sealed record WmtsTile(Tileset Tileset, TileMatrixSet Set, TileId Tile, ITileCutter Cutter);

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
