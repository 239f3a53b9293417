using System.Globalization;
using FsCheck.Xunit;

namespace GeoDispatch.Spatial.Tests;

[Properties(Arbitrary = [typeof(Points)], MaxTest = 1_000)]
public sealed class LonLatTests
{
    [Theory]
    [InlineData(180, 90, true)]
    [InlineData(-180, -90, true)]
    [InlineData(180.0000001, 0, false)]
    [InlineData(0, -90.0000001, false)]
    [InlineData(double.NaN, 0, false)]
    [InlineData(0, double.NaN, false)]
    [InlineData(double.PositiveInfinity, 0, false)]
    public void A_point_is_on_earth_only_inside_the_ranges(double lon, double lat, bool onEarth)
    {
        Assert.Equal(onEarth, new LonLat(lon, lat).IsOnEarth);
        Assert.Equal(onEarth, LonLat.TryCreate(lon, lat, out _));
    }

    [Property]
    public void What_was_written_as_text_reads_back_the_same(LonLat point)
    {
        Assert.True(LonLat.TryParse(string.Create(CultureInfo.InvariantCulture, $"{point.Lon:R},{point.Lat:R}"), out LonLat read));
        Assert.Equal(point, read);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("118.67")]
    [InlineData("118.67,")]
    [InlineData("118.67,37.43,5")]
    [InlineData("118,67,37,43")]
    [InlineData("north,37.43")]
    [InlineData("NaN,37.43")]
    [InlineData("Infinity,37.43")]
    [InlineData("37.43,118.67")] // latitude first: 118° of latitude is nowhere
    public void Text_that_is_no_point_is_refused(string? text) => Assert.False(LonLat.TryParse(text, out _));

    [Property]
    public void A_comma_country_reads_the_same_numbers(LonLat point)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.True(LonLat.TryParse(string.Create(CultureInfo.InvariantCulture, $"{point.Lon},{point.Lat}"), out LonLat read));
            Assert.Equal(point, read);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}

[Properties(Arbitrary = [typeof(Points)], MaxTest = 1_000)]
public sealed class BboxTests
{
    [Property]
    public void A_box_around_two_points_is_valid_and_holds_both(LonLat a, LonLat b)
    {
        var box = new Bbox(Math.Min(a.Lon, b.Lon), Math.Min(a.Lat, b.Lat), Math.Max(a.Lon, b.Lon), Math.Max(a.Lat, b.Lat));
        Assert.True(box.IsValid);
        Assert.True(box.Contains(a) && box.Contains(b));
        Assert.True(box.Contains(Geodesy.Between(a, b, 0.5)));
    }

    [Property]
    public void What_lies_beyond_an_edge_is_outside(LonLat point)
    {
        var box = new Bbox(point.Lon - 0.1, point.Lat - 0.1, point.Lon - 0.001, point.Lat + 0.1);
        Assert.False(box.Contains(point));
    }

    [Theory]
    [InlineData(119, 37, 118, 38)]
    [InlineData(118, 38, 119, 37)]
    [InlineData(-181, 37, 119, 38)]
    [InlineData(118, 37, 119, 91)]
    [InlineData(double.NaN, 37, 119, 38)]
    public void A_box_with_its_edges_swapped_or_off_the_earth_is_not_valid(double west, double south, double east, double north) =>
        Assert.False(new Bbox(west, south, east, north).IsValid);
}
