using GeoDispatch.Sharing.Tiles;
using GeoDispatch.Spatial;

namespace GeoDispatch.Sharing.Tests.Tiles;

/// <summary>Which tiles a place lies in, in both grids.</summary>
public sealed class TileGridTests
{
    private static readonly Bbox Core = new(118.495, 37.455, 118.495, 37.455);

    [Fact]
    public void A_point_lies_in_the_tile_that_its_degrees_say()
    {
        Assert.Equal(new TileRange(14, 13584, 13584, 6351, 6351), TileGrid.Mercator.Limits(Core, 14));
        // 360 / 2^14 degrees a tile: (118.495 + 180) / 0.02197265625 = 13584.9, (90 - 37.455) / 0.02197265625 = 2391.4.
        Assert.Equal(new TileRange(14, 13584, 13584, 2391, 2391), TileGrid.Degrees.Limits(Core, 14));
    }

    [Fact]
    public void The_first_zoom_of_degrees_is_two_tiles()
    {
        Assert.Equal(new TileRange(1, 0, 1, 0, 0), TileGrid.Degrees.Limits(null, 1));
        Assert.True(TileGrid.Degrees.Holds(new TileId(1, 1, 0)));
        Assert.False(TileGrid.Degrees.Holds(new TileId(1, 0, 1)));
        Assert.False(TileGrid.Degrees.Holds(new TileId(0, 0, 0)));
        Assert.Equal((0, -90, 180, 90), TileGrid.Degrees.EnvelopeOf(new TileId(1, 1, 0)));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.25)]
    [InlineData(1.0)]
    public void What_lies_at_an_edge_touches_the_neighbour_and_with_a_longer_reach_more(double reach)
    {
        foreach (TileGrid grid in new[] { TileGrid.Mercator, TileGrid.Degrees })
        {
            TileRange here = grid.Limits(Core, 16);
            // The same point as a box in metres.
            var box = new MercatorBox(13190803.05, 4502054.63, 13190803.05, 4502054.63);
            TileRange touched = grid.TilesAt(box, 16, reach);
            Assert.True(touched.Holds(new TileId(16, here.West, here.North)));
            Assert.Equal(reach >= 1 ? 3 : touched.East - touched.West + 1, touched.East - touched.West + 1);
            Assert.True(touched.Count <= (reach >= 1 ? 9 : 4));
        }
    }

    [Fact]
    public void The_poles_and_the_antimeridian_end_at_the_last_tile()
    {
        var world = new MercatorBox(-2.1e7, -2.1e7, 2.1e7, 2.1e7);
        Assert.Equal(new TileRange(3, 0, 7, 0, 7), TileGrid.Mercator.TilesAt(world, 3, 1));
        Assert.Equal(new TileRange(3, 0, 7, 0, 3), TileGrid.Degrees.TilesAt(world, 3, 1));
    }
}
