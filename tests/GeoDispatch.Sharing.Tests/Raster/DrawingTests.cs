using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using GeoDispatch.Sharing.Features;
using GeoDispatch.Sharing.Raster;
using GeoDispatch.Sharing.Tiles;
using GeoDispatch.Spatial;
using SkiaSharp;

namespace GeoDispatch.Sharing.Tests.Raster;

/// <summary>Boxes of all sizes, inside the picture and beyond it.</summary>
public static class AnyBoxes
{
    public static Arbitrary<IReadOnlyList<SKRect>> Arbitrary() => Gen.Choose(-50, 500).Two().Zip(Gen.Choose(1, 120).Two())
        .Select(static box => new SKRect(box.Item1.Item1, box.Item1.Item2, box.Item1.Item1 + box.Item2.Item1, box.Item1.Item2 + box.Item2.Item2))
        .ListOf(60).Select(static boxes => (IReadOnlyList<SKRect>)[.. boxes]).ToArbitrary();
}

/// <summary>What somebody who looks at a drawn map would notice.</summary>
public sealed class DrawingTests
{
    private static readonly byte[] Tile = TileBytes.Tile(
        TileBytes.Layer("water_polygons", ["kind"], [TileBytes.Text("lake")], (3, TileBytes.Line(true, (1024, 1024), (3072, 1024), (3072, 3072), (1024, 3072)), [0, 0])),
        TileBytes.Layer(
            "streets", ["kind"], [TileBytes.Text("primary"), TileBytes.Text("trunk")],
            (2, TileBytes.Line(false, (-64, 512), (4160, 512)), [0, 0]), (2, TileBytes.Line(false, (2048, -64), (2048, 4160)), [0, 1])));

    [Fact]
    public void Water_is_blue_a_road_has_its_casing_and_the_greater_road_passes_over_the_lesser()
    {
        using SKBitmap map = Sheets.Draw(Tile);
        Assert.Equal(Sheets.Colour("background"), map.GetPixel(20, 300));
        Assert.Equal(Sheets.Colour("water"), map.GetPixel(200, 200));
        Assert.Equal(Sheets.Colour("main"), map.GetPixel(100, 64));
        Assert.Equal(Sheets.Colour("trunk"), map.GetPixel(256, 64));
        // 4,096 units are 512 pixels; at zoom 14 the casing is wider than the road by more than a pixel on each side.
        double road = Sheets.Rules.All.Single(static rule => rule.Id == "street-primary").Line!.Width.At(14), casing = Sheets.Rules.All.Single(static rule => rule.Id == "street-primary-casing").Line!.Width.At(14);
        Assert.True(casing > road + 1);
        SKColor edge = map.GetPixel(100, 64 + (int)Math.Floor((road / 2) + 0.2));
        Assert.NotEqual(Sheets.Colour("background"), edge);
        Assert.NotEqual(Sheets.Colour("main"), edge);
    }

    [Fact]
    public void A_hole_in_an_area_stays_open()
    {
        uint[] ring = [.. TileBytes.Line(true, (512, 512), (3584, 512), (3584, 3584), (512, 3584)),
            // From the last corner of the outer ring to the first of the inner one, and the other way around it.
            (1 | (1 << 3)), 2 * 1024, Negative(2048), (2 | (3 << 3)), 0, 2 * 1024, 2 * 1024, 0, 0, Negative(1024), (7 | (1 << 3))];
        using SKBitmap map = Sheets.Draw(TileBytes.Tile(TileBytes.Layer("water_polygons", ["kind"], [TileBytes.Text("lake")], (3, ring, [0, 0]))));
        Assert.Equal((Sheets.Colour("water"), Sheets.Colour("background")), (map.GetPixel(100, 100), map.GetPixel(256, 256)));
        static uint Negative(int distance) => (uint)((distance * 2) - 1);
    }

    [Fact]
    public void The_same_map_is_drawn_the_same_each_time()
    {
        using SKBitmap first = Sheets.Draw(BrokenTile.Good), again = Sheets.Draw(BrokenTile.Good);
        Assert.True(first.GetPixelSpan().SequenceEqual(again.GetPixelSpan()));
    }

    [Theory]
    [InlineData(10, 2048)]
    [InlineData(4086, 2048)]
    [InlineData(2048, 10)]
    [InlineData(2048, 4086)]
    [InlineData(4090, 4090)]
    public void A_name_at_the_edge_of_the_picture_moves_inwards_and_stands_there_whole(int x, int y)
    {
        static SKRectI Ink(int x, int y)
        {
            using SKBitmap map = Sheets.Draw(TileBytes.Tile(
                TileBytes.Layer("place_labels", ["kind", "name"], [TileBytes.Text("town"), TileBytes.Text("黄河路街道")], (1, TileBytes.Point(x, y), [0, 0, 1, 1]))));
            SKColor ground = Sheets.Colour("background");
            (int X, int Y)[] ink = [.. Enumerable.Range(0, 512 * 512).Select(static at => (at % 512, at / 512)).Where(at => map.GetPixel(at.Item1, at.Item2) != ground)];
            return new SKRectI(ink.Min(static at => at.X), ink.Min(static at => at.Y), ink.Max(static at => at.X), ink.Max(static at => at.Y));
        }

        SKRectI middle = Ink(2048, 2048), edge = Ink(x, y);
        Assert.InRange(Math.Abs(middle.Width - edge.Width), 0, 1);
        Assert.InRange(Math.Abs(middle.Height - edge.Height), 0, 1);
    }

    [Fact]
    public void A_sign_that_is_drawn_in_any_case_and_lies_across_an_edge_is_drawn_half_in_each_picture()
    {
        // Eight units to a pixel: the point lies two pixels beyond the eastern edge of one picture, and as far before that of the other.
        using SKBitmap west = Sheets.Draw(Of(4096 + 16)), east = Sheets.Draw(Of(16));
        Assert.NotEqual(Sheets.Colour("background"), west.GetPixel(510, 256));
        for (int x = 0; x < 20; x++)
        {
            Assert.Equal(Sheets.Colour("background"), west.GetPixel(480 - x, 256));
        }

        Assert.NotEqual(Sheets.Colour("background"), east.GetPixel(1, 256));
        static byte[] Of(int x) => TileBytes.Tile(TileBytes.Layer("hospitals", ["name"], [TileBytes.Text("市医院")], (1, TileBytes.Point(x, 2048), [0, 0])));
    }

    [Fact]
    public void Where_there_is_no_room_below_an_icon_its_name_stands_beside_it()
    {
        static SKBitmap Map(params byte[][] layers) => Sheets.Draw(TileBytes.Tile(layers));
        byte[] hall = TileBytes.Layer("pois", ["kind", "name"], [TileBytes.Text("townhall"), TileBytes.Text("市政府")], (1, TileBytes.Point(2048, 2048), [0, 0, 1, 1]));
        byte[] village = TileBytes.Layer("place_labels", ["kind", "name"], [TileBytes.Text("village"), TileBytes.Text("村")], (1, TileBytes.Point(2048, 2048 + (40 * 8)), [0, 0, 1, 1]));
        using SKBitmap alone = Map(hall), crowded = Map(hall, village);
        static bool HasInk(SKBitmap map, int left, int right, int top, int bottom) => Enumerable.Range(left, right - left).Any(
            x => Enumerable.Range(top, bottom - top).Any(y => map.GetPixel(x, y) != Sheets.Colour("background")));
        Assert.True(HasInk(alone, 240, 272, 266, 280));
        Assert.False(HasInk(alone, 268, 300, 252, 260));
        Assert.False(HasInk(crowded, 240, 272, 266, 280));
        Assert.True(HasInk(crowded, 268, 300, 252, 260));
    }

    [Theory]
    [InlineData("motorway", "G18", "shield")]
    [InlineData("trunk", "G220", "shieldNational")]
    [InlineData("trunk", "S303", "shieldProvincial")]
    [InlineData("primary", "X012", "shieldOther")]
    public void The_number_of_a_road_stands_on_a_plate_in_the_colour_of_its_class(string kind, string number, string plate)
    {
        using SKBitmap map = Sheets.Draw(TileBytes.Tile(TileBytes.Layer(
            "street_labels", ["kind", "ref"], [TileBytes.Text(kind), TileBytes.Text(number)], (2, TileBytes.Line(false, (0, 2048), (4096, 2048)), [0, 0, 1, 1]))));
        Assert.Contains(Sheets.Colour(plate), map.Pixels);
        MapRule rule = Assert.Single(Sheets.Rules.All, rule => rule.Label?.Shield?.Name == plate);
        string? filter = MapLibreStyle.Layer(rule, Sheets.Rules.FindFlavour("day")!)["filter"]?.ToJsonString();
        Assert.Contains(rule.If.ContainsKey("ref") ? """["slice",["to-string",["get","ref"]],0,1]""" : "kind", filter, StringComparison.Ordinal);
    }

    [Fact]
    public void A_point_in_what_a_tile_knows_of_its_neighbour_is_the_neighbours_to_draw()
    {
        using SKBitmap map = Sheets.Draw(TileBytes.Tile(TileBytes.Layer("pois", ["kind"], [TileBytes.Text("station")], (1, TileBytes.Point(4100, 2000), [0, 0]))));
        Assert.All(map.Pixels, static pixel => Assert.Equal(Sheets.Colour("background"), pixel));
    }

    [Property(Arbitrary = [typeof(AnyBoxes)])]
    public void What_letters_have_taken_nothing_else_gets(IReadOnlyList<SKRect> boxes)
    {
        var room = new LabelRoom(512, 512);
        var taken = new List<SKRect>();
        foreach (SKRect box in boxes)
        {
            bool fits = box.Left >= 0 && box.Top >= 0 && box.Right <= 512 && box.Bottom <= 512
                && taken.TrueForAll(other => other.Right <= box.Left || box.Right <= other.Left || other.Bottom <= box.Top || box.Bottom <= other.Top);
            Assert.Equal(fits, room.TryTake([box], 0));
            if (fits)
            {
                taken.Add(box);
            }
        }
    }

    [Theory]
    [InlineData(4326)]
    [InlineData(4490)]
    [InlineData(4528)]
    [InlineData(4549)]
    public void Between_the_knots_of_its_grid_a_tile_lies_where_the_projection_puts_it(int srid)
    {
        Crs crs = srid == 4326 ? Crs.Crs84 : Crs.Find($"http://www.opengis.net/def/crs/EPSG/0/{srid}")!;
        double falseEasting = (crs.Domain.MinX + crs.Domain.MaxX) / 2;
        Box box = crs.Degrees ? new Box(118.4, 37.3, 118.8, 37.6) : new Box(falseEasting - 141_000, 4_131_000, falseEasting - 106_000, 4_165_000);
        var frame = new ViewFrame(new MapView(crs, box, 1000, 1000, [MapView.City], null, "day", 1));
        var tile = new TileId(11, 1698, 793);
        var placement = new TilePlacement(frame, tile, 4096);
        (double minX, _, _, double maxY) = TileGrid.Mercator.EnvelopeOf(tile);
        double unit = TileGrid.Mercator.Side(11) / 4096;
        for (int step = 0; step < 4096; step += 91)
        {
            SKPoint[] points = [new SKPoint(step, 4096 - step)];
            placement.Place(points);
            (double x, double y) = frame.ToPixel(minX + (step * unit), maxY - ((4096 - step) * unit));
            Assert.InRange(Math.Max(Math.Abs(points[0].X - x), Math.Abs(points[0].Y - y)), 0, 0.05);
        }
    }

    [Fact]
    public void A_raster_tile_shows_as_much_as_the_browser_does_a_zoom_before()
    {
        Assert.Equal(14, Sheets.Frame().Zoom);
        // The finest screens have more pixels, not another map.
        Assert.Equal(14, Sheets.Frame(1024).Zoom);
        Assert.Equal(13, Math.Round(new ViewFrame(new MapView(Crs.FindStorage(3857)!, Of(Sheets.Place), 256, 256, [MapView.City], null, "day", 1)).Zoom, 9));
        static Box Of(TileId tile)
        {
            (double minX, double minY, double maxX, double maxY) = TileGrid.Mercator.EnvelopeOf(tile);
            return new Box(minX, minY, maxX, maxY);
        }
    }
}
