namespace GeoDispatch.Spatial.Tests;

public sealed class WkbTests
{
    // ST_AsBinary('LINESTRING(118.5 37.25, 118.75 37.5)', 'NDR')
    private const string Line =
        "0102000000020000000000000000A05D400000000000A042400000000000B05D400000000000C04240";

    [Fact]
    public void A_line_of_PostGIS_is_read() => Assert.Equal(
        [new LonLat(118.5, 37.25), new LonLat(118.75, 37.5)], Wkb.ReadLine(Convert.FromHexString(Line), 1));

    [Theory]
    [InlineData("")]
    [InlineData("0102000000")]
    [InlineData("010200000002000000")]
    [InlineData("0101000000000000000000A05D400000000000A04240")]
    [InlineData("010200000003000000000000000000A05D400000000000A042400000000000B05D400000000000C04240")]
    public void Anything_else_is_refused_by_the_name_of_the_street(string hex)
    {
        var refusal = Assert.Throws<FormatException>(() => Wkb.ReadLine(Convert.FromHexString(hex), 42));
        Assert.Contains("42", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_for_PostGIS_names_its_reference_system()
    {
        // SELECT encode(ST_AsEWKB('SRID=4326;LINESTRING(118.5 37.25, 118.75 37.5)', 'NDR'), 'hex')
        const string WithSrid = "0102000020E6100000020000000000000000A05D400000000000A042400000000000B05D400000000000C04240";

        Assert.Equal(WithSrid, Convert.ToHexString(Ewkb.Line([new LonLat(118.5, 37.25), new LonLat(118.75, 37.5)])));
    }
}
