using FsCheck.Xunit;

namespace GeoDispatch.Spatial.Tests;

[Properties(MaxTest = 2_000)]
public sealed class TileIdTests
{
    [Property]
    public void A_tile_exists_exactly_where_its_zoom_has_its_column_and_row(sbyte z, int x, int y)
    {
        bool exists = z is >= 0 and <= TileId.MaxZoom && x >= 0 && y >= 0 && x < Math.Pow(2, z) && y < Math.Pow(2, z);
        Assert.Equal(exists, TileId.TryCreate(z, x, y, out TileId tile));
        Assert.Equal(new TileId(z, x, y), tile);
    }

    [Property]
    public void The_four_children_of_a_tile_exist_down_to_the_deepest_zoom(byte zoom, int x, int y)
    {
        int z = zoom % TileId.MaxZoom;
        int side = 1 << z;
        int column = (int)((uint)x % side), row = (int)((uint)y % side);
        Assert.True(TileId.TryCreate(z, column, row, out _));
        Assert.All([(0, 0), (0, 1), (1, 0), (1, 1)], child =>
            Assert.True(TileId.TryCreate(z + 1, 2 * column + child.Item1, 2 * row + child.Item2, out _)));
    }

    [Theory]
    [InlineData(0, 0, 0, true)]
    [InlineData(0, 1, 0, false)]
    [InlineData(14, 16383, 16383, true)]
    [InlineData(14, 16384, 0, false)]
    [InlineData(14, 0, -1, false)]
    [InlineData(-1, 0, 0, false)]
    [InlineData(22, 4194303, 4194303, true)]
    [InlineData(23, 0, 0, false)]
    // A shift by 32 or more would wrap around and let these through.
    [InlineData(32, 0, 0, false)]
    [InlineData(54, 5, 5, false)]
    public void The_edges_of_the_grid_hold(int z, int x, int y, bool exists) =>
        Assert.Equal(exists, TileId.TryCreate(z, x, y, out _));
}
