using GeoDispatch.City.Import;

namespace GeoDispatch.City.Tests.Import;

public sealed class OsmLimitsTests
{
    [Theory]
    [InlineData("3.5", 3.5)]
    [InlineData("3.5 m", 3.5)]
    [InlineData("350 cm", 3.5)]
    [InlineData("12 ft", 3.6576)]
    [InlineData("12'6\"", 3.81)]
    [InlineData("12'", 3.6576)]
    [InlineData("default", null)]
    [InlineData("none", null)]
    [InlineData("0", null)]
    [InlineData("3,5", null)]
    [InlineData("99999", null)]
    [InlineData(null, null)]
    public void A_height_is_read_in_its_unit(string? value, double? meters) => Near(meters, OsmLimits.Meters(value));

    [Theory]
    [InlineData("7.5", 7.5)]
    [InlineData("7.5 t", 7.5)]
    [InlineData("3500kg", 3.5)]
    [InlineData("10 st", 9.0718474)]
    [InlineData("10000 lbs", 4.5359237)]
    [InlineData("5 m", null)]
    [InlineData("unsigned", null)]
    public void A_weight_is_read_in_its_unit(string? value, double? tonnes) => Near(tonnes, OsmLimits.Tonnes(value));

    [Theory]
    [InlineData("residential", "no", "yes", true)]
    [InlineData("residential", "private", "designated", true)]
    [InlineData("residential", "private", null, false)]
    [InlineData("busway", null, null, true)]
    [InlineData("busway", "yes", null, false)]
    [InlineData("primary", null, null, false)]
    public void Only_what_is_closed_to_others_is_left_to_emergency_vehicles(string highway, string? access, string? emergency, bool only) =>
        Assert.Equal(only, OsmRoads.IsEmergencyOnly(new OsmWay(1, highway, null, null, null, null, null, null, access, null, null, emergency)));

    private static void Near(double? expected, float? found)
    {
        Assert.Equal(expected is null, found is null);
        Assert.Equal(expected ?? 0, found ?? 0, 5);
    }
}
