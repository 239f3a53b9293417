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

    // A dual carriageway, 20 m apart: eastward on the south side, westward on the north side.
    private static readonly RoadGraph Dual = RoadGraph.Build(
    [
        new RoadEdge(1, 1, 2, true, 60, 1000, [new(118.60, 37.4), new(118.61, 37.4)]),
        new RoadEdge(2, 2, 1, true, 60, 1000, [new(118.61, 37.4), new(118.61, 37.40018), new(118.60, 37.40018), new(118.60, 37.4)]),
    ]);

    [Theory]
    [InlineData(90, 1)]
    [InlineData(120, 1)]
    [InlineData(270, 2)]
    [InlineData(300, 2)]
    public void A_moving_vehicle_is_on_the_carriageway_of_its_direction_though_the_other_is_a_little_nearer(double heading, long street)
    {
        RoadSnap snap = Dual.SnapMoving(new LonLat(118.605, heading < 180 ? 37.40011 : 37.40007), heading)!.Value;

        Assert.Equal(street, Dual.StreetId(snap.Position));
        Assert.Equal(RoadDirection.Along, snap.Position.Direction);
    }

    [Fact]
    public void A_vehicle_that_moves_across_every_street_is_on_the_nearest_and_has_no_direction()
    {
        RoadSnap snap = Dual.SnapMoving(new LonLat(118.605, 37.40001), 0)!.Value;

        Assert.Equal((1, RoadDirection.Either), (Dual.StreetId(snap.Position), snap.Position.Direction));
    }

    [Theory]
    [InlineData(37.3995, RoadDirection.Along)]
    [InlineData(37.4005, RoadDirection.Against)]
    public void A_place_at_the_curb_is_reached_with_it_on_the_right(double lat, RoadDirection direction) =>
        Assert.Equal(direction, Cross.SnapAtCurb(new LonLat(118.61, lat))!.Value.Position.Direction);

    [Fact]
    public void On_a_one_way_street_either_side_will_do() =>
        Assert.Equal(RoadDirection.Either, Dual.SnapAtCurb(new LonLat(118.605, 37.3999))!.Value.Position.Direction);

    [Theory]
    [InlineData(40, 1)]
    [InlineData(60, 9)]
    public void A_place_on_an_island_is_given_up_for_the_main_net_where_that_is_not_much_further(double meters, long street)
    {
        // The island lies further north, so that the main net is this much further away than it.
        double north = (200 + meters) / 111_195;
        RoadGraph graph = RoadGraph.Build(
        [
            new RoadEdge(1, 1, 2, false, 60, 1000, [new(118.60, 37.4), new(118.61, 37.4)]),
            new RoadEdge(2, 2, 3, false, 60, 1000, [new(118.61, 37.4), new(118.61, 37.3)]),
            new RoadEdge(9, 8, 9, false, 60, 500, [new(118.60, 37.4 + north), new(118.61, 37.4 + north)]),
        ]);
        var point = new LonLat(118.605, 37.4 + north / 2 + meters / 2 / 111_195);

        Assert.Equal(street, graph.StreetId(graph.Snap(point)!.Value.Position));
        RoadIsland island = Assert.Single(graph.ListIslands());
        Assert.Equal((1, 500), (island.Edges, island.Meters));
        Assert.Equal([9], island.StreetIds);
    }

    [Fact]
    public void A_one_way_street_that_leads_out_of_the_net_is_an_island_and_a_net_in_one_piece_has_none()
    {
        RoadEdge[] ring = [Edge(1, 1, 2), Edge(2, 2, 3), Edge(3, 3, 1)];

        Assert.Empty(RoadGraph.Build(ring).ListIslands());
        Assert.Equal([4], Assert.Single(RoadGraph.Build([.. ring, Edge(4, 2, 4)]).ListIslands()).StreetIds);

        static RoadEdge Edge(long id, long from, long to) => new(id, from, to, true, 1, 10, [new(118 + from * 0.001, 37), new(118 + to * 0.001, 37)]);
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
