using GeoDispatch.Sharing.Features;
using GeoDispatch.Sharing.Raster;
using GeoDispatch.Sharing.Tiles;
using GeoDispatch.Spatial;
using GeoDispatch.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using SkiaSharp;

namespace GeoDispatch.Sharing.Tests.Raster;

/// <summary>Draws tiles made for a test by the product's own rules, without a server.</summary>
internal static class Sheets
{
    /// <summary>In the middle of the demo city.</summary>
    internal static readonly TileId Place = new(14, 13585, 6351);

    internal static readonly TilesFolder Folder = new(Product.Tiles);

    internal static readonly MapRules Rules = MapRules.Read(Folder);

    internal static readonly Lettering Letters = new(NullLogger<Lettering>.Instance);

    internal static readonly IconSet Icons = new(Folder);

    /// <summary>What is seen of one tile of zoom 14 on 512 pixels: MapLibre's zoom 14.</summary>
    internal static ViewFrame Frame(int pixels = 512)
    {
        (double minX, double minY, double maxX, double maxY) = TileGrid.Mercator.EnvelopeOf(Place);
        return new ViewFrame(new MapView(Crs.FindStorage(3857)!, new Box(minX, minY, maxX, maxY), pixels, pixels, [MapView.City], null, "day", pixels / 512.0));
    }

    internal static MapSheet Sheet(ViewFrame frame, byte[] tile) =>
        new([.. Rules.All.Where(static rule => rule.Layer != MapRules.Any)], [new PlacedTile(VectorTileLayer.ReadAll(tile), extent => new TilePlacement(frame, Place, extent))]);

    internal static SKBitmap Draw(byte[] tile)
    {
        ViewFrame frame = Frame();
        var bitmap = new SKBitmap(new SKImageInfo(frame.Width, frame.Height));
        using var canvas = new SKCanvas(bitmap);
        MapSheet sheet = Sheet(frame, tile);
        new MapPainter(canvas, frame, Rules.FindFlavour("day")!, 1).Draw(sheet);
        new SymbolPainter(canvas, frame, Rules.FindFlavour("day")!, 1, Letters, Icons).Draw([sheet]);
        return bitmap;
    }

    internal static SKColor Colour(string name) => Rules.FindFlavour("day")!(new ColourName(name));
}
