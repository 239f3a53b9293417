using System.Globalization;
using System.Text;
using System.Xml.Linq;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Load;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>
/// WMTS 1.0.0 (OGC 07-057r7) over the same tiles: <c>/wmts</c> with parameters, and <c>/wmts/1.0.0/…</c> as resources. Names of parameters
/// are read in any case, values as they are.
/// </summary>
internal static class ServeWmts
{
    internal const string Style = "default";
    private static readonly string[] SectionNames = ["ServiceIdentification", "ServiceProvider", "OperationsMetadata", "Contents", "Themes", "All"];

    internal static void MapWmts(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/wmts").OpenToKeys(Scopes.Map).AreTiles().WithTags("wmts");
        group.MapGet("", AskAsync);
        group.MapGet("/1.0.0/WMTSCapabilities.xml", async (HttpRequest request, Tilesets tilesets, CityProfile profile, CancellationToken cancellation) =>
            Xml(WmtsCapabilities.Make(Base(request), tilesets, await profile.FindAsync(cancellation))));
        group.MapGet("/1.0.0/{layer}/{style}/{tileMatrixSet}/{tileMatrix}/{tileRow}/{tileCol}.mvt", ReadResourceAsync)
            .Produces<byte[]>(StatusCodes.Status200OK, VectorCutter.Mvt);
    }

    private static async Task<IResult> AskAsync(
        HttpRequest request, Tilesets tilesets, TileCache cache, VectorCutter vectors, LayerAccess access, CityProfile profile, CancellationToken cancellation)
    {
        // Query collections find names in any case.
        string? Value(string name) => request.Query.TryGetValue(name, out var value) ? value.ToString() : null;
        if (Check("service", Value("service"), "WMTS") is { } service)
        {
            return service;
        }

        switch (Value("request"))
        {
            case null or "":
                return Missing("request");
            case "GetCapabilities":
                if (Value("acceptversions") is { Length: > 0 } versions && !versions.Split(',').Contains("1.0.0", StringComparer.Ordinal))
                {
                    return Refuse(400, "VersionNegotiationFailed", "acceptversions", $"1.0.0; {versions}");
                }

                string[] sections = Value("sections")?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
                if (sections.FirstOrDefault(static section => !SectionNames.Contains(section, StringComparer.Ordinal)) is { } unknown)
                {
                    return Invalid("sections", unknown);
                }

                SharedCity? city = await profile.FindAsync(cancellation);
                return Xml(WmtsCapabilities.Make(Base(request), tilesets, city, sections));
            case "GetTile":
                if (Check("version", Value("version"), "1.0.0") is { } version)
                {
                    return version;
                }

                string[] names = ["layer", "style", "format", "tilematrixset", "tilematrix", "tilerow", "tilecol"];
                if (names.FirstOrDefault(name => string.IsNullOrEmpty(Value(name))) is { } missing)
                {
                    return Missing(missing);
                }

                return await ReadAsync(
                    400, Value("layer")!, Value("style")!, Value("format")!, Value("tilematrixset")!, Value("tilematrix")!, Value("tilerow")!,
                    Value("tilecol")!, request.HttpContext, tilesets, cache, vectors, access, cancellation);
            case var other:
                return Refuse(501, "OperationNotSupported", other, "GetCapabilities, GetTile");
        }
    }

    private static Task<IResult> ReadResourceAsync(
        string layer, string style, string tileMatrixSet, string tileMatrix, string tileRow, string tileCol, HttpContext http, Tilesets tilesets, TileCache cache,
        VectorCutter vectors, LayerAccess access, CancellationToken cancellation) =>
        ReadAsync(404, layer, style, VectorCutter.Mvt, tileMatrixSet, tileMatrix, tileRow, tileCol, http, tilesets, cache, vectors, access, cancellation);

    /// <param name="unknown">The status where a resource is asked for that is not there.</param>
    private static async Task<IResult> ReadAsync(
        int unknown, string layer, string style, string format, string set, string matrix, string tileRow, string tileCol, HttpContext http, Tilesets tilesets,
        TileCache cache, VectorCutter vectors, LayerAccess access, CancellationToken cancellation)
    {
        if (tilesets.Find(layer) is not Tileset tileset)
        {
            return Invalid("layer", layer, unknown);
        }

        foreach ((string name, string value, string known) in
            new[] { ("style", style, Style), ("format", format, VectorCutter.Mvt), ("tilematrixset", set, TileMatrixSet.WebMercatorQuad.Id) })
        {
            if (value != known)
            {
                return Invalid(name, value, unknown);
            }
        }

        if (!ServeTiles.Number(matrix, out int zoom) || zoom < tileset.MinZoom || zoom > tileset.MaxZoom)
        {
            return Invalid("tilematrix", matrix, unknown);
        }

        if (!ServeTiles.Number(tileRow, out int row) || row >= 1 << zoom)
        {
            return OutOfRange("tilerow", tileRow, zoom, ServeTiles.Number(tileRow, out _));
        }

        if (!ServeTiles.Number(tileCol, out int column) || column >= 1 << zoom)
        {
            return OutOfRange("tilecol", tileCol, zoom, ServeTiles.Number(tileCol, out _));
        }

        ReadableLayers layers = await access.ReadAsync(http.User, cancellation);
        return new TileResult(await cache.GetAsync(tileset, TileGrid.Mercator, new TileId(zoom, column, row), vectors, layers, cancellation));
    }

    private static string Base(HttpRequest request) => $"{request.Scheme}://{request.Host}/wmts";

    private static ContentHttpResult? Check(string name, string? value, string known) =>
        string.IsNullOrEmpty(value) ? Missing(name) : value == known ? null : Invalid(name, value);

    private static ContentHttpResult Missing(string name) => Refuse(400, "MissingParameterValue", name, $"缺少参数 / missing: {name}");

    private static ContentHttpResult Invalid(string name, string value, int status = 400) =>
        Refuse(status, "InvalidParameterValue", name, $"{name}={(value.Length > 200 ? value[..200] : value)}");

    private static ContentHttpResult OutOfRange(string name, string value, int zoom, bool isNumber) => isNumber
        ? Refuse(400, "TileOutOfRange", name, string.Create(CultureInfo.InvariantCulture, $"0 ≤ {name} < {1 << zoom}"))
        : Invalid(name, value);

    private static ContentHttpResult Refuse(int status, string code, string locator, string text)
    {
        XNamespace ows = WmtsCapabilities.Ows;
        return Xml(
            new XDocument(new XElement(
                ows + "ExceptionReport", new XAttribute(XNamespace.Xmlns + "ows", ows), new XAttribute("version", "1.1.0"),
                new XElement(ows + "Exception", new XAttribute("exceptionCode", code), new XAttribute("locator", Printable(locator)),
                    new XElement(ows + "ExceptionText", Printable(text))))),
            status);
    }

    /// <summary>XML 1.0 has no place for control characters and half pairs.</summary>
    private static string Printable(string text) => string.Concat(text.EnumerateRunes().Where(static rune => !Rune.IsControl(rune) && rune.Value is not (0xFFFE or 0xFFFF)));

    private static ContentHttpResult Xml(XDocument document, int status = 200) =>
        TypedResults.Text($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{document}", "text/xml", Encoding.UTF8, status);
}
