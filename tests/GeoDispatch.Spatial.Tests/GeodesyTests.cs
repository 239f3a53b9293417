using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace GeoDispatch.Spatial.Tests;

/// <summary>Points where a prefecture city may lie: anywhere but the poles.</summary>
public static class Points
{
    public static Arbitrary<LonLat> Arbitrary() => Arb.From(
        from lon in Gen.Choose(-179_999, 179_999)
        from lat in Gen.Choose(-84_999, 84_999)
        select new LonLat(lon / 1000.0, lat / 1000.0));
}

[Properties(Arbitrary = [typeof(Points)], MaxTest = 1_000)]
public sealed class GeodesyTests
{
    // PostGIS 3.3.2: SELECT ST_Distance('POINT(118.58 37.46)'::geography, 'POINT(118.67 37.43)'::geography, false), and alike.
    [Theory]
    [InlineData(118.58, 37.46, 118.67, 37.43, 8617.24203293)]
    [InlineData(118.05, 36.92, 119.20, 38.12, 167600.6655553)]
    [InlineData(0, 0, 180, 0, 20015114.35223369)]
    public void Distance_is_that_of_PostGIS_on_the_sphere(double lon1, double lat1, double lon2, double lat2, double meters) =>
        // The two mean radii differ by 3 cm in 6,371 km.
        Assert.Equal(1, Geodesy.DistanceMeters(new LonLat(lon1, lat1), new LonLat(lon2, lat2)) / meters, 8);

    // PostGIS 3.3.2: SELECT ST_Distance('POINT(118.58 37.46)'::geography, 'POINT(118.67 37.43)'::geography, true)
    [Fact]
    public void Distance_is_within_six_in_a_thousand_of_the_ellipsoid() =>
        Assert.InRange(Geodesy.DistanceMeters(new LonLat(118.58, 37.46), new LonLat(118.67, 37.43)) / 8632.11195652, 0.994, 1.006);

    // PostGIS 3.3.2 measures the azimuth on the ellipsoid:
    // SELECT degrees(ST_Azimuth('POINT(118.58 37.46)'::geography, 'POINT(118.67 37.43)'::geography))
    [Fact]
    public void Bearing_is_near_that_of_the_ellipsoid() =>
        Assert.Equal(112.661, Geodesy.BearingDegrees(new LonLat(118.58, 37.46), new LonLat(118.67, 37.43)), 0.2);

    [Theory]
    [InlineData(118.58, 38, 0)]
    [InlineData(119, 37, 90)]
    [InlineData(118.58, 36, 180)]
    [InlineData(118, 37, 270)]
    public void Bearing_runs_clockwise_from_north(double lon, double lat, double degrees) =>
        Assert.Equal(degrees, Geodesy.BearingDegrees(new LonLat(118.58, 37), new LonLat(lon, lat)), 0.5);

    [Property]
    public void Distance_is_the_same_in_both_directions_and_none_to_oneself(LonLat a, LonLat b)
    {
        Assert.Equal(Geodesy.DistanceMeters(a, b), Geodesy.DistanceMeters(b, a), 6);
        Assert.Equal(0, Geodesy.DistanceMeters(a, a));
        Assert.InRange(Geodesy.DistanceMeters(a, b), 0, Math.PI * Geodesy.EarthRadiusMeters);
    }

    [Property]
    public void No_detour_is_shorter(LonLat a, LonLat b, LonLat over) =>
        Assert.True(Geodesy.DistanceMeters(a, b) <= Geodesy.DistanceMeters(a, over) + Geodesy.DistanceMeters(over, b) + 1e-6);

    [Property]
    public void A_bearing_is_a_compass_reading(LonLat a, LonLat b) => Assert.InRange(Geodesy.BearingDegrees(a, b), 0, 360);

    [Property]
    public void A_point_between_lies_between(LonLat a, LonLat b, byte part)
    {
        LonLat between = Geodesy.Between(a, b, part / 255.0);
        Assert.InRange(between.Lon, Math.Min(a.Lon, b.Lon) - 1e-9, Math.Max(a.Lon, b.Lon) + 1e-9);
        Assert.InRange(between.Lat, Math.Min(a.Lat, b.Lat) - 1e-9, Math.Max(a.Lat, b.Lat) + 1e-9);
        Assert.Equal(a, Geodesy.Between(a, b, 0));
    }
}
