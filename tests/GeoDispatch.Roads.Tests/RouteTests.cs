using FsCheck.Xunit;
using GeoDispatch.Spatial;

namespace GeoDispatch.Roads.Tests;

[Properties(Arbitrary = [typeof(SmallCities)], MaxTest = 1500)]
public sealed class RouteTests
{
    [Property]
    public void Route_takes_the_time_that_nearest_tells_and_runs_from_position_to_position(SmallCity city)
    {
        RoadNetwork network = city.Network;
        foreach (RoadPosition source in city.Sources.OfType<RoadPosition>())
        {
            RoadRoute? route = network.Route(source, city.Target);
            IReadOnlyList<(int SourceIndex, double Seconds)> nearest = network.Nearest(city.Target, [source], 1);
            Assert.Equal(nearest.Count == 0, route is null);
            if (route is null)
            {
                continue;
            }

            Assert.Equal(nearest[0].Seconds, route.Seconds);
            Assert.True(route.Geometry.Count >= 2);
            Assert.Equal(network.Graph.PointAt(source), route.Geometry[0]);
            Assert.Equal(network.Graph.PointAt(city.Target), route.Geometry[^1]);
            // Lengths are ten times the seconds here, so a route is as long as its pieces take.
            Assert.Equal(route.Seconds * 10, route.Meters, 6);
        }
    }

    [Property]
    public void Every_step_of_the_geometry_lies_on_a_street_in_its_direction(SmallCity city)
    {
        RoadNetwork network = city.Network;
        foreach (RoadPosition source in city.Sources.OfType<RoadPosition>())
        {
            IReadOnlyList<LonLat> line = network.Route(source, city.Target)?.Geometry ?? [];
            for (int index = 1; index < line.Count; index++)
            {
                Assert.True(line[index - 1] == line[index] || Allowed(city, line[index - 1], line[index]), $"{line[index - 1]} → {line[index]}");
            }
        }
    }

    [Fact]
    public void Against_a_one_way_the_route_goes_around()
    {
        RoadNetwork network = RoadGraph.Build(
        [
            new RoadEdge(1, 1, 2, true, 10, 100, [new(118, 37), new(118.001, 37)]),
            new RoadEdge(2, 2, 3, true, 10, 100, [new(118.001, 37), new(118.001, 37.001)]),
            new RoadEdge(3, 3, 1, true, 10, 100, [new(118.001, 37.001), new(118, 37)]),
        ]).At(RoadMoment.AsGiven());
        RoadRoute ahead = network.Route(new RoadPosition(0, 0.25), new RoadPosition(0, 0.75))!;
        RoadRoute behind = network.Route(new RoadPosition(0, 0.75), new RoadPosition(0, 0.25))!;
        Assert.Equal(5, ahead.Seconds);
        Assert.Equal(25, behind.Seconds);
        Assert.Equal(5, behind.Geometry.Count);
    }

    [Fact]
    public void Already_there_is_a_route_of_no_length()
    {
        RoadNetwork network = RoadGraph.Build([new RoadEdge(1, 1, 2, true, 10, 100, [new(118, 37), new(118.001, 37)])]).At(RoadMoment.AsGiven());
        RoadRoute route = network.Route(new RoadPosition(0, 0.5), new RoadPosition(0, 0.5))!;
        Assert.Equal((0, 0, 2), (route.Seconds, route.Meters, route.Geometry.Count));
    }

    private static bool Allowed(SmallCity city, LonLat a, LonLat b) => city.Edges.Any(edge =>
        Enumerable.Range(1, edge.Geometry.Length - 1).Any(index =>
            Part(edge.Geometry[index - 1], edge.Geometry[index], a) is { } begin
            && Part(edge.Geometry[index - 1], edge.Geometry[index], b) is { } end
            && (begin <= end || !edge.Oneway)));

    private static double? Part(LonLat from, LonLat to, LonLat point)
    {
        double dx = to.Lon - from.Lon, dy = to.Lat - from.Lat, square = dx * dx + dy * dy;
        double part = square > 0 ? ((point.Lon - from.Lon) * dx + (point.Lat - from.Lat) * dy) / square : 0;
        LonLat on = new(from.Lon + part * dx, from.Lat + part * dy);
        return part is >= -1e-9 and <= 1 + 1e-9 && Math.Abs(on.Lon - point.Lon) + Math.Abs(on.Lat - point.Lat) < 1e-9 ? part : null;
    }
}
