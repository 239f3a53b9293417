using FsCheck.Xunit;
using GeoDispatch.Dispatch.Recommendation;
using GeoDispatch.Spatial;

namespace GeoDispatch.Dispatch.Tests.Recommendation;

/// <summary>The squares that the map of cover counts in.</summary>
public sealed class CoverSquareTests
{
    [Property]
    public void A_point_lies_in_its_square(ushort x, ushort y)
    {
        // Away from the edges, where a last digit decides.
        var at = new LonLat((x / 65_536.0 * 360) - 180 + 0.0001, (y / 65_536.0 * 160) - 80 + 0.0001);

        (double west, double south, double east, double north) = MapSquare.Of(at).Bounds;

        Assert.InRange(at.Lon, west, east);
        Assert.InRange(at.Lat, south, north);
    }

    [Fact]
    public void A_square_is_about_a_kilometre_wide_in_the_city()
    {
        (double west, double south, double east, _) = MapSquare.Of(new LonLat(118.58, 37.455)).Bounds;

        Assert.InRange(Geodesy.DistanceMeters(new LonLat(west, south), new LonLat(east, south)), 960, 980);
    }

    [Fact]
    public void An_address_is_counted_once_by_the_soonest_unit_and_most_of_a_square_decide()
    {
        MapSquare one = new(26_000, 12_000), other = new(26_001, 12_000), third = new(26_002, 12_000);
        MapSquare[] squares = [one, one, one, other, other, third];

        IReadOnlyList<CoverSquare> counted = CoverSquare.Count(squares, [[0b000011], [0b000001]], [[0b000111], [0b001011]]);

        Assert.Equal<CoverSquare>([new(one, 3, 2, 1), new(other, 2, 0, 1), new(third, 1, 0, 0)], counted);
        Assert.Equal(["within", "near", "beyond"], counted.Select(static square => square.Level));
    }
}
