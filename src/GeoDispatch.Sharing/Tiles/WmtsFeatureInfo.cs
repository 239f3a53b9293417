using System.Security.Claims;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Features;
using GeoDispatch.Sharing.Wms;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>GetFeatureInfo of WMTS (07-057r7 section 7.3): what lies at a pixel of a tile, found and written as WMS does it.</summary>
internal static class WmtsFeatureInfo
{
    // A tile shows one layer; a click on a map of many names wants the nearest of them.
    private const int MostFeatures = 10;

    /// <summary>What a request has besides the tile.</summary>
    internal static readonly string[] Names = ["i", "j", "infoformat"];

    /// <summary>How the forms end as resources.</summary>
    internal static readonly IReadOnlyList<(string MediaType, string Extension)> Extensions = [("text/html", "html"), ("text/plain", "txt"), ("application/json", "json")];

    /// <summary>Null where no form ends so.</summary>
    internal static string? FindMediaType(string extension) => Extensions.FirstOrDefault(form => form.Extension == extension).MediaType;

    internal static async Task<ContentHttpResult> TellAsync(
        WmtsTile tile, ReadableLayers readable, TileReader tiles, ClaimsPrincipal user, Databases databases, string i, string j, string form,
        CancellationToken cancellation)
    {
        if (FeatureInfoForms.Find(form) is not InfoForm found)
        {
            return WmtsRefusals.Invalid("infoformat", form);
        }

        if (Check("i", i, out int column) is { } badColumn)
        {
            return badColumn;
        }

        if (Check("j", j, out int row) is { } badRow)
        {
            return badRow;
        }

        WmsLayer? layer = WmsLayers.Of(readable, tiles.Tilesets).Find(tile.Tileset.Name);
        (double minX, double minY, double maxX, double maxY) = tile.Set.Grid.EnvelopeOf(tile.Tile);
        var frame = new MapFrame(
            WmsCrs.Find(tile.Set.Grid == TileGrid.Mercator ? "EPSG:3857" : "EPSG:4326")!, new Box(minX, minY, maxX, maxY), TileMatrixSet.TilePixels, TileMatrixSet.TilePixels);
        if (layer is null)
        {
            return FeatureInfoForms.Write([], found);
        }

        var request = new FeatureInfoRequest(frame, column, row, [layer], MostFeatures, found);
        return FeatureInfoForms.Write(await FeatureInfo.ReadNotedAsync(request, "wmts", user, tiles.Reads, databases, cancellation), found);
    }

    private static ContentHttpResult? Check(string name, string value, out int pixel) => !TileReader.Number(value, out pixel) ? WmtsRefusals.Invalid(name, value)
        : pixel >= TileMatrixSet.TilePixels ? WmtsRefusals.Refuse(400, "PointIJOutOfRange", name, $"0 ≤ {name} < {TileMatrixSet.TilePixels}")
        : null;
}
