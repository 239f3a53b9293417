using FsCheck.Fluent;
using GeoDispatch.Spatial;

namespace GeoDispatch.Roads.Tests;

public sealed class SnapTests
{
    private static readonly RoadGraph Cross = RoadGraph.Build(
    [
        new RoadEdge(7, 1, 2, false, 60, 1000, [new(118.60, 37.40), new(118.64, 37.40)]),
        new RoadEdge(8, 3, 4, false, 60, 1000, [new(118.62, 37.42), new(118.62, 37.41)]),
    ]);

    [Fact]
    public void Nearest_street_is_found_with_the_foot_of_the_perpendicular()
    {
        RoadSnap snap = Cross.Snap(new LonLat(118.61, 37.401))!.Value;
        Assert.Equal(7, Cross.StreetId(snap.Position));
        Assert.Equal(0.25, snap.Position.Fraction, 6);
        Assert.Equal(111.2, snap.DistanceMeters, 0.1);
        Assert.Equal(118.61, snap.Point.Lon, 9);
    }

    [Theory]
    [InlineData(118.60, 37.384, true)]
    [InlineData(118.60, 37.381, false)]
    [InlineData(118.55, 37.40, false)]
    [InlineData(0, 0, false)]
    [InlineData(double.NaN, 37.4, false)]
    public void Nothing_beyond_two_kilometres_is_taken(double lon, double lat, bool found) =>
        Assert.Equal(found, Cross.Snap(new LonLat(lon, lat)).HasValue);

    [Fact]
    public void An_empty_network_snaps_nothing() => Assert.Null(RoadGraph.Build([]).Snap(new LonLat(118.6, 37.4)));

    [Fact]
    public void The_grid_finds_what_looking_at_every_street_finds() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Scenes(), static scene =>
    {
        double[] all = scene.Edges.Select(edge => RoadGraph.Build([edge]).Snap(scene.Point, 50_000)?.DistanceMeters ?? double.PositiveInfinity).ToArray();
        double found = RoadGraph.Build(scene.Edges).Snap(scene.Point, scene.Max)?.DistanceMeters ?? double.PositiveInfinity;
        Assert.Equal(all.Min() <= scene.Max ? all.Min() : double.PositiveInfinity, found);
    }));

    [Fact]
    public void Every_street_within_a_distance_is_listed_once_where_it_is_nearest() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Scenes(), static scene =>
    {
        RoadSnap[] expected = [.. scene.Edges
            .Select((edge, index) => RoadGraph.Build([edge]).Snap(scene.Point, scene.Max) is { } snap ? snap with { Position = snap.Position with { Edge = index } } : default)
            .Where(snap => snap != default).OrderBy(snap => snap.DistanceMeters).ThenBy(snap => snap.Position.Edge)];
        Assert.Equal(expected, RoadGraph.Build(scene.Edges).Near(scene.Point, scene.Max));
    }));

    private static FsCheck.Arbitrary<(RoadEdge[] Edges, LonLat Point, double Max)> Scenes()
    {
        FsCheck.Gen<LonLat> points =
            from x in Gen.Choose(0, 400)
            from y in Gen.Choose(0, 400)
            select new LonLat(118.5 + x * 0.0003, 37.3 + y * 0.0003);
        FsCheck.Gen<RoadEdge> edges =
            from a in points
            from b in points
            select new RoadEdge(1, 1, 2, false, 1, 1, [a, b]);
        return (
            from all in Gen.NonEmptyListOf(edges)
            from point in points
            from max in Gen.Choose(100, 5000)
            select (all.ToArray(), point, (double)max)).ToArbitrary();
    }
}
