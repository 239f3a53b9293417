using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using GeoDispatch.Sharing.Raster;
using SkiaSharp;

namespace GeoDispatch.Sharing.Tests.Raster;

/// <summary>Tiles that somebody may have broken: a good one with some bytes changed, cut off or put in.</summary>
public static class BrokenTile
{
    internal static readonly byte[] Good = TileBytes.Tile(
        TileBytes.Layer("water_polygons", ["kind"], [TileBytes.Text("lake")], (3, TileBytes.Line(true, (1024, 1024), (3072, 1024), (3072, 3072), (1024, 3072)), [0, 0])),
        TileBytes.Layer(
            "streets", ["kind", "oneway", "lanes"], [TileBytes.Text("primary"), TileBytes.Truth(true), TileBytes.Whole(4)],
            (2, TileBytes.Line(false, (0, 512), (2000, 600), (4096, 512)), [0, 0, 1, 1, 2, 2])),
        TileBytes.Layer("pois", ["kind", "name"], [TileBytes.Text("school"), TileBytes.Text("胜利小学")], (1, TileBytes.Point(2048, 3600), [0, 0, 1, 1])));

    public static Arbitrary<byte[]> Arbitrary() => Gen.OneOf(
        Gen.Choose(0, 255).Select(static part => (byte)part).ListOf().Select(static parts => parts.ToArray()),
        Gen.Choose(0, Good.Length - 1).Zip(Gen.Choose(0, 255)).ListOf(6).Select(static changes =>
        {
            byte[] broken = [.. Good];
            foreach ((int at, int value) in changes)
            {
                broken[at] = (byte)value;
            }

            return broken;
        }),
        Gen.Choose(0, Good.Length).Select(static length => Good[..length])).ToArbitrary();
}

/// <summary>What the reader of vector tiles makes of good bytes and of bad ones.</summary>
public sealed class VectorTileTests
{
    [Fact]
    public void A_tile_is_read_with_its_values_as_rules_write_them()
    {
        List<VectorTileLayer> layers = VectorTileLayer.ReadAll(BrokenTile.Good);
        Assert.Equal(["water_polygons", "streets", "pois"], layers.Select(static layer => layer.Name));
        VectorTileLayer streets = layers[1];
        TileFeature street = Assert.Single(streets.Features);
        string Value(string key) => streets.TextOf(streets.FindValue(street, streets.FindKey(key)));
        Assert.Equal((TileShape.Line, "primary", "true", "4"), (street.Shape, Value("kind"), Value("oneway"), Value("lanes")));
        Assert.Equal(-1, streets.FindValue(street, streets.FindKey("name")));
        var points = new SKPoint[1];
        TileGeometry geometry = streets.GeometryOf(street);
        Assert.True(geometry.Next(ref points, out int count));
        Assert.Equal([new SKPoint(0, 512), new SKPoint(2000, 600), new SKPoint(4096, 512)], points[..count]);
        Assert.False(geometry.Next(ref points, out _));
    }

    [Fact]
    public void A_line_of_several_parts_comes_part_by_part()
    {
        uint[] two = [.. TileBytes.Line(false, (10, 10), (20, 20)), (1 | (1 << 3)), 2 * 5, 2 * 5, (2 | (1 << 3)), 2 * 1, 2 * 1];
        VectorTileLayer layer = VectorTileLayer.ReadAll(TileBytes.Tile(TileBytes.Layer("streets", [], [], (2, two, []))))[0];
        var points = new SKPoint[4];
        TileGeometry geometry = layer.GeometryOf(layer.Features[0]);
        Assert.True(geometry.Next(ref points, out int first));
        Assert.Equal(2, first);
        Assert.True(geometry.Next(ref points, out int second));
        Assert.Equal([new SKPoint(25, 25), new SKPoint(26, 26)], points[..second]);
    }

    [Fact]
    public void A_command_that_promises_more_points_than_there_are_bytes_is_refused()
    {
        byte[] tile = TileBytes.Tile(TileBytes.Layer("streets", ["kind"], [TileBytes.Text("primary")], (2, [9, 2, 2, (2u | (0x1FFFFFFFu << 3)), 2, 2], [0, 0])));
        Assert.Throws<BrokenTileException>(() => Sheets.Draw(tile));
    }

    [Property(Arbitrary = [typeof(BrokenTile)], MaxTest = 1000)]
    public void Hostile_bytes_are_drawn_or_clearly_refused(byte[] bytes)
    {
        try
        {
            using SKBitmap drawn = Sheets.Draw(bytes);
            Assert.Equal(512, drawn.Width);
        }
        catch (BrokenTileException refused)
        {
            Assert.NotEmpty(refused.Message);
        }
    }
}
