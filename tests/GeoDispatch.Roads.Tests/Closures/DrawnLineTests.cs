using FsCheck.Xunit;
using GeoDispatch.Roads.Closures;
using GeoDispatch.Spatial;

namespace GeoDispatch.Roads.Tests.Closures;

/// <summary>
/// A main street of three stretches of 887 m from west to east at 37.40° N, crossed by a street from north to south at its first crossing, and
/// beside it, 20 m to the north, a second carriageway for the way back along the last stretch only.
/// </summary>
[Properties(Arbitrary = [typeof(SmallCities)], MaxTest = 300, EndSize = 15)]
public sealed class DrawnLineTests
{
    private const double Carriageway = 37.40018;

    private static readonly RoadGraph Main = RoadGraph.Build(
    [
        Edge(0, 1, 2, false, (118.60, 37.40), (118.61, 37.40)),
        Edge(1, 2, 3, false, (118.61, 37.40), (118.62, 37.40)),
        Edge(2, 3, 4, true, (118.62, 37.40), (118.63, 37.40)),
        Edge(3, 4, 3, true, (118.63, Carriageway), (118.62, Carriageway)),
        Edge(4, 5, 2, false, (118.61, 37.41), (118.61, 37.40)),
        Edge(5, 2, 6, false, (118.61, 37.40), (118.61, 37.39)),
    ]);

    [Fact]
    public void A_line_along_a_street_means_its_stretches_in_both_directions_or_in_the_one_of_drawing()
    {
        Assert.Equal([0, 1, 2, 3], Arcs((118.601, 37.4001), (118.619, 37.4001)));
        Assert.Equal([0, 2], Arcs(false, (118.601, 37.4001), (118.619, 37.4001)));
        Assert.Equal([1, 3], Arcs(false, (118.619, 37.4001), (118.601, 37.4001)));
    }

    [Fact]
    public void Of_two_carriageways_a_line_means_both_or_the_one_that_is_driven_its_way()
    {
        Assert.Equal([4, 6], Arcs((118.621, 37.4001), (118.629, 37.4001)));
        Assert.Equal([4], Arcs(false, (118.621, Carriageway), (118.629, Carriageway)));
        Assert.Equal([6], Arcs(false, (118.629, 37.40), (118.621, 37.40)));
    }

    [Fact]
    public void A_crossing_street_and_what_is_drawn_beyond_the_crossing_are_left_out() =>
        // The last 17 m lie on the next stretch.
        Assert.Equal([0, 1], Arcs((118.602, 37.40), (118.6102, 37.40)));

    [Fact]
    public void A_short_line_in_the_middle_of_a_stretch_means_the_whole_of_it() => Assert.Equal([2, 3], Arcs((118.6150, 37.40), (118.6151, 37.40)));

    [Fact]
    public void A_stretch_that_the_line_cuts_across_is_found_by_the_shortest_way_between()
    {
        // Around the corner, leaving the streets by more than 30 m near the crossing.
        Assert.Equal([0, 1, 8, 9], Arcs((118.602, 37.40), (118.6095, 37.4001), (118.6099, 37.4005), (118.61, 37.408)));
        // The middle stretch is drawn 250 m away from it.
        Assert.Equal([0, 1, 2, 3, 4, 6], Arcs((118.602, 37.40), (118.606, 37.40), (118.612, 37.4022), (118.619, 37.4022), (118.621, 37.40), (118.629, 37.40)));
    }

    [Fact]
    public void A_line_through_a_field_means_nothing_and_its_metres_say_so()
    {
        (int[] arcs, double unmatched) = DrawnLine.Lay(Main, new ClosureDrawing(false, [new(118.602, 37.402), new(118.608, 37.402)]), true);
        Assert.Empty(arcs);
        Assert.InRange(unmatched, 500, 600);
    }

    [Fact]
    public void An_area_means_every_stretch_that_it_touches_also_one_that_only_passes_through()
    {
        Assert.Equal([0, 1, 2, 3, 8, 9, 10, 11], Lay(new ClosureDrawing(true, Box(118.609, 37.399, 118.611, 37.401)), true));
        Assert.Equal([2, 3], Lay(new ClosureDrawing(true, Box(118.614, 37.399, 118.616, 37.401)), true));
        Assert.Empty(Lay(new ClosureDrawing(true, Box(118.614, 37.401, 118.616, 37.402)), true));
    }

    [Property]
    public void The_geometry_of_a_street_means_that_street(SmallCity city)
    {
        RoadGraph graph = RoadGraph.Build(city.Edges);
        for (int edge = 0; edge < city.Edges.Length; edge++)
        {
            // A street that has another beside it for a part, or itself on the way back, cannot be told apart by drawing.
            if (city.Edges[edge].FromNode != city.Edges[edge].ToNode && !Enumerable.Range(2, 17).Any(
                part => graph.Near(graph.PointAt(new RoadPosition(edge, part / 20.0)), DrawnLine.ReachMeters + 10).Any(near => near.Position.Edge != edge)))
            {
                Assert.Contains(2 * edge, Lay(graph, new ClosureDrawing(false, city.Edges[edge].Geometry), true));
            }
        }
    }

    [Property]
    public void Both_directions_are_both_arcs_wherever_there_are_two_and_no_arc_is_against_a_one_way_street(SmallCity city)
    {
        RoadGraph graph = RoadGraph.Build(city.Edges);
        foreach (RoadEdge edge in city.Edges)
        {
            int[] both = Lay(graph, new ClosureDrawing(false, edge.Geometry), true), one = Lay(graph, new ClosureDrawing(false, edge.Geometry), false);
            Assert.All(both.Concat(one), arc => Assert.True((arc & 1) == 0 || !city.Edges[arc >> 1].Oneway));
            Assert.All(both, arc => Assert.True(city.Edges[arc >> 1].Oneway || both.Contains(arc ^ 1)));
            Assert.Subset(both.ToHashSet(), one.ToHashSet());
        }
    }

    private static int[] Arcs(params (double Lon, double Lat)[] line) => Arcs(true, line);

    private static int[] Arcs(bool both, params (double Lon, double Lat)[] line) => Lay(new ClosureDrawing(false, [.. line.Select(static p => new LonLat(p.Lon, p.Lat))]), both);

    private static int[] Lay(ClosureDrawing drawing, bool both) => Lay(Main, drawing, both);

    private static int[] Lay(RoadGraph graph, ClosureDrawing drawing, bool both) => DrawnLine.Lay(graph, drawing, both).Arcs;

    private static LonLat[] Box(double west, double south, double east, double north) =>
        [new(west, south), new(east, south), new(east, north), new(west, north), new(west, south)];

    private static RoadEdge Edge(long id, long from, long to, bool oneway, params (double Lon, double Lat)[] line) => new(
        id, from, to, oneway, 60, 887, [.. line.Select(static p => new LonLat(p.Lon, p.Lat))], id);
}
