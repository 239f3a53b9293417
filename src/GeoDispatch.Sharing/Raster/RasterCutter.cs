using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Features;
using GeoDispatch.Sharing.Tiles;
using GeoDispatch.Spatial;

namespace GeoDispatch.Sharing.Raster;

/// <summary>Raster tiles of 256 pixels, or of 512 for fine screens, in one flavour: drawn in blocks, so that nothing is cut where tiles meet.</summary>
internal sealed class RasterCutter(MapImages images, MapRules rules, int blockSide, string flavour, int ratio) : ITileCutter
{
    internal const string Png = "image/png";

    public string Name { get; } = ratio == 1 ? $"png-{flavour}" : $"png{ratio}x-{flavour}";

    public string MediaType => Png;

    public string Extension => "png";

    public string Style => flavour == "day" ? VectorCutter.DefaultStyle : flavour;

    public bool Packs => false;

    public int BlockSide => blockSide;

    // Of what tiles of vectors know beyond their edge.
    public double Reach => 64.0 / 4096 * 2;

    // Small scales show the city as a whole; beyond 19 nothing is added to what the letters already say.
    public (int Min, int Max) Zooms(Tileset tileset) => (0, 19);

    internal string Flavour => flavour;

    internal int Ratio => ratio;

    public string Recipe(Tileset tileset) => tileset.Sql.Text + rules.Recipe;

    public Task<IReadOnlyList<byte[]>> CutAsync(Tileset tileset, TileGrid grid, TileId first, ReadableLayers layers, CancellationToken cancellation)
    {
        int side = WebMercatorPixels * ratio;
        // Where the world is smaller than a block the rest of it is sky.
        (double minX, _, _, double maxY) = grid.EnvelopeOf(first);
        double width = grid.Side(first.Z) * BlockSide;
        var view = new MapView(
            grid == TileGrid.Mercator ? Crs.FindStorage(3857)! : Crs.Crs84, new Box(minX, maxY - width, minX + width, maxY),
            side * BlockSide, side * BlockSide, [tileset.Name], null, flavour, ratio);
        int above = int.Log2(BlockSide);
        TileId? block = grid == TileGrid.Mercator && first.Z >= above ? new TileId(first.Z - above, first.X >> above, first.Y >> above) : null;
        return images.DrawSquaresAsync(view, side, block, layers, cancellation);
    }

    private const int WebMercatorPixels = 256;
}
