namespace GeoDispatch.Spatial.Tests;

public sealed class AreaTests
{
    // A square with a hole, and a triangle far north.
    private static byte[] Wkb => Multi(
        [[(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)], [(4, 4), (6, 4), (6, 6), (4, 6), (4, 4)]],
        [[(20, 60), (30, 70), (20, 70), (20, 60)]]);

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(9.99, 9.99, true)]
    [InlineData(5, 5, false)]
    [InlineData(4.5, 3.9, true)]
    [InlineData(10.01, 5, false)]
    [InlineData(5, -0.01, false)]
    [InlineData(21, 69, true)]
    [InlineData(29, 61, false)]
    [InlineData(15, 65, false)]
    // Between the corners 20 60 and 30 70 the straight line of the map lies further north than that in degrees: at 25 degrees east at 65.47.
    [InlineData(25, 65.2, false)]
    [InlineData(25, 65.6, true)]
    public void A_point_is_inside_where_the_map_shows_it_inside(double lon, double lat, bool isInside) =>
        Assert.Equal(isInside, Area.Read(Wkb).Contains(new LonLat(lon, lat)));

    [Fact]
    public void What_ends_too_soon_or_is_no_area_is_refused()
    {
        byte[] whole = Wkb;
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<FormatException>(() => Area.Read(whole.AsSpan(0, length)));
        }

        Assert.Throws<FormatException>(() => Area.Read([1, 2, 0, 0, 0, 0, 0, 0, 0]));
        // As many corners as no memory has.
        Assert.Throws<FormatException>(() => Area.Read([1, 3, 0, 0, 0, 1, 0, 0, 0, 255, 255, 255, 127]));
        Assert.Throws<FormatException>(() => Area.Read([1, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 16]));
    }

    private static byte[] Multi(params (double X, double Y)[][][] polygons)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        Head(6, polygons.Length);
        foreach ((double X, double Y)[][] rings in polygons)
        {
            Head(3, rings.Length);
            foreach ((double X, double Y)[] ring in rings)
            {
                writer.Write(ring.Length);
                foreach ((double x, double y) in ring)
                {
                    writer.Write(x);
                    writer.Write(y);
                }
            }
        }

        return stream.ToArray();

        void Head(int type, int count)
        {
            writer.Write((byte)1);
            writer.Write(type);
            writer.Write(count);
        }
    }
}
