using GeoDispatch.City.Import;
using GeoDispatch.Spatial;

namespace GeoDispatch.City.Tests.Import;

public sealed class StreetEdgesTests
{
    [Fact]
    public void A_way_is_cut_where_another_drivable_way_meets_it()
    {
        StreetEdge[] edges = [.. StreetEdges.Cut([Line(1, "residential", 1, 2, 3), Line(2, "residential", 2, 4), Line(3, "footway", 3, 5)])];

        Assert.Equal(["1: 1-2", "1: 2-3", "2: 2-4", "3: 3-5 closed"], edges.Select(Describe));
    }

    [Fact]
    public void A_way_that_crosses_itself_is_cut_there()
    {
        StreetEdge[] edges = [.. StreetEdges.Cut([Line(1, "service", 1, 2, 3, 4, 2, 5)])];

        Assert.Equal(["1: 1-2", "1: 2-2", "1: 2-5"], edges.Select(Describe));
    }

    [Theory]
    [InlineData("yes", null, "residential", "1: 1-2 oneway")]
    [InlineData("-1", null, "residential", "1: 2-1 oneway")]
    [InlineData(null, "roundabout", "residential", "1: 1-2 oneway")]
    [InlineData(null, null, "motorway", "1: 1-2 oneway")]
    [InlineData("no", null, "motorway", "1: 1-2")]
    [InlineData(null, null, "residential", "1: 1-2")]
    public void One_way_streets_run_in_their_direction(string? oneway, string? junction, string highway, string edge)
    {
        OsmLine line = Line(1, highway, 1, 2);

        Assert.Equal(edge, Describe(Assert.Single(StreetEdges.Cut([line with { Way = line.Way with { Oneway = oneway, Junction = junction } }]))));
    }

    [Fact]
    public void Where_the_file_lacks_nodes_the_others_are_known_by_where_they_lie()
    {
        OsmLine cut = Line(1, "residential", 1, 2, 3) with { Nodes = [9, 1, 2, 3] };

        StreetEdge[] edges = [.. StreetEdges.Cut([cut, Line(2, "residential", 2, 4)])];

        Assert.Equal(2, edges.Count(edge => edge.Way.Id == 1));
        Assert.Equal(2, edges.First(edge => edge.Way.Id == 1).ToNode);
    }

    [Theory]
    [InlineData("residential", null, null, null, null, true)]
    [InlineData("footway", null, null, null, null, false)]
    [InlineData("service", "no", null, null, null, false)]
    [InlineData("service", "no", null, "yes", null, true)]
    [InlineData("service", "no", null, null, "yes", true)]
    [InlineData("service", null, "no", null, null, false)]
    [InlineData("service", "private", null, null, null, true)]
    public void An_ambulance_drives_where_vehicles_may(
        string highway, string? access, string? vehicle, string? motorVehicle, string? emergency, bool drivable) => Assert.Equal(
            drivable,
            OsmRoads.IsDrivable(Way(1, highway) with { Access = access, Vehicle = vehicle, MotorVehicle = motorVehicle, Emergency = emergency }));

    [Theory]
    [InlineData(null, 30)]
    [InlineData("50", 50)]
    [InlineData("20 mph", 32.18688)]
    [InlineData("walk", 30)]
    [InlineData("500", 30)]
    public void A_posted_limit_counts_where_it_is_a_number(string? posted, double kmh) =>
        Assert.Equal(kmh, OsmRoads.SpeedKmh(Way(1, "residential") with { MaxSpeed = posted }), 4);

    [Theory]
    [InlineData(118.05, 119.20, new[] { 4527, 4528, 4548, 4549 })]
    [InlineData(121.4, 121.6, new[] { 4528, 4529, 4549, 4550 })]
    [InlineData(7.4, 7.5, new int[0])]
    public void The_projected_systems_are_those_of_the_zones_that_the_city_touches(double west, double east, int[] srids) =>
        Assert.Equal(srids, OsmImport.ProjectedSrids(new Bbox(west, 30, east, 31)));

    private static OsmWay Way(long id, string highway) => new(id, highway, null, null, null, null, null, null, null, null, null, null);

    private static OsmLine Line(long id, string highway, params long[] nodes) =>
        new(Way(id, highway), nodes, [.. nodes.Select(node => new LonLat(118 + node * 0.001, 37 + node * node * 0.0001))]);

    private static string Describe(StreetEdge edge) =>
        $"{edge.Way.Id}: {edge.FromNode}-{edge.ToNode}{(edge.Oneway ? " oneway" : "")}{(edge.Drivable ? "" : " closed")}";
}
