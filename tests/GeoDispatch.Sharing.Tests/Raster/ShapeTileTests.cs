using GeoDispatch.Sharing.Raster;
using SkiaSharp;

namespace GeoDispatch.Sharing.Tests.Raster;

/// <summary>Shapes as PostGIS stores them become what the painter draws.</summary>
public sealed class ShapeTileTests
{
    [Fact]
    public void Each_feature_has_its_own_texts_and_its_corners_in_units_from_the_north_west()
    {
        byte[] shapes = [.. Line((100, 900), (110, 880)), .. Line((104, 900), (104, 896))];
        VectorTileLayer layer = Assert.Single(VectorTileLayer.ReadAll(new ShapeTile(100, 900, 2).Write("streets", 8192, ["kind", "name"], ["primary", "path", null, "东"], shapes)));
        Assert.Equal(("streets", 8192, 2), (layer.Name, layer.Extent, layer.Features.Count));
        Assert.Equal(["primary", "path"], layer.Features.Select(feature => layer.TextOf(layer.FindValue(feature, layer.FindKey("kind")))));
        Assert.Equal(-1, layer.FindValue(layer.Features[0], layer.FindKey("name")));
        Assert.Equal("东", layer.TextOf(layer.FindValue(layer.Features[1], layer.FindKey("name"))));
        Assert.Equal([new SKPoint(0, 0), new SKPoint(5, 10)], Parts(layer, 0).Single());
        Assert.Equal([new SKPoint(2, 0), new SKPoint(2, 2)], Parts(layer, 1).Single());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_hole_runs_against_the_ring_around_it_however_they_are_stored(bool turned)
    {
        (double, double)[] outer = [(0, 0), (0, -40), (40, -40), (40, 0), (0, 0)], inner = [(10, -10), (10, -20), (20, -20), (20, -10), (10, -10)];
        byte[] shapes = Shape(3, 2, Corners(outer), Corners(turned ? [.. inner.Reverse()] : inner));
        VectorTileLayer layer = Assert.Single(VectorTileLayer.ReadAll(new ShapeTile(0, 0, 1).Write("land", 4096, [], [], shapes)));
        SKPoint[][] rings = [.. Parts(layer, 0)];
        Assert.Equal([4, 4], rings.Select(static ring => ring.Length));
        Assert.True(Area(rings[0]) > 0 && Area(rings[1]) < 0);
    }

    private static double Area(SKPoint[] ring) => ring.Zip(ring.Skip(1).Append(ring[0])).Sum(static side => (side.First.X * side.Second.Y) - (side.Second.X * side.First.Y));

    private static IEnumerable<SKPoint[]> Parts(VectorTileLayer layer, int feature)
    {
        var points = new SKPoint[1];
        var parts = new List<SKPoint[]>();
        TileGeometry geometry = layer.GeometryOf(layer.Features[feature]);
        while (geometry.Next(ref points, out int count))
        {
            parts.Add(points[..count]);
        }

        return parts;
    }

    private static byte[] Line(params (double X, double Y)[] points) => [1, .. BitConverter.GetBytes(2), .. Corners(points)];

    private static byte[] Shape(int type, int parts, params byte[][] rings) => [1, .. BitConverter.GetBytes(type), .. BitConverter.GetBytes(parts), .. rings.SelectMany(static ring => ring)];

    private static byte[] Corners((double X, double Y)[] points) =>
        [.. BitConverter.GetBytes(points.Length), .. points.SelectMany(static point => BitConverter.GetBytes(point.X).Concat(BitConverter.GetBytes(point.Y)))];
}
