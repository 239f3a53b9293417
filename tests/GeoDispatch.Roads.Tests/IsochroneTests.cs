using FsCheck.Xunit;
using GeoDispatch.Spatial;

namespace GeoDispatch.Roads.Tests;

[Properties(Arbitrary = [typeof(RestrictedCities)], MaxTest = 200, EndSize = 15)]
public sealed class IsochroneTests
{
    [Property]
    public void Every_place_is_as_far_as_a_search_for_it_alone_says(RestrictedCity restricted)
    {
        RoadNetwork network = restricted.Network;
        RoadPosition[] places = [.. restricted.City.Sources.OfType<RoadPosition>().Take(3).Select(static place => place with { Direction = RoadDirection.Either })];
        if (places.Length == 0)
        {
            return;
        }

        const double Most = 25;
        RoadReach from = new(network, places, isFrom: true, Most), to = new(network, places, isFrom: false, Most);
        for (int edge = 0; edge < restricted.Edges.Length; edge++)
        {
            foreach (double fraction in new[] { 0, 0.25, 0.5, 1 })
            {
                var at = new RoadPosition(edge, fraction);
                Assert.Equal(Capped(places.Min(place => Seconds(network, place, at))), from.Seconds(at));
                Assert.Equal(Capped(places.Min(place => Seconds(network, at, place))), to.Seconds(at));
            }
        }

        static double Capped(double seconds) => seconds <= Most ? seconds : double.PositiveInfinity;
    }

    [Property]
    public void The_places_within_a_time_are_those_that_a_search_for_each_says(RestrictedCity restricted)
    {
        RoadNetwork network = restricted.Network;
        RoadPosition?[] places = [null, .. Enumerable.Range(0, restricted.Edges.Length)
            .SelectMany(static edge => new[] { 0.125, 0.5, 0.75 }.Select(fraction => (RoadPosition?)new RoadPosition(edge, fraction)))];
        var catchment = new RoadCatchment(network.Graph, places);
        foreach (RoadPosition source in restricted.City.Sources.OfType<RoadPosition>().Select(static place => place with { Direction = RoadDirection.Either }))
        {
            const double Most = 11.3;
            ulong[] within = catchment.Within(network, source, Most);
            for (int index = 0; index < places.Length; index++)
            {
                Assert.Equal(places[index] is { } place && Seconds(network, source, place) <= Most, (within[index >> 6] >> index & 1) == 1);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_cell_lies_inside_if_and_only_if_its_road_time_is_within(bool isFrom)
    {
        RoadNetwork network = Town().At(new RoadMoment(RoadProfile.Normal) { Conditions = [new RoadCondition(Guid.Empty, [4, 5, 30, 31], 0, EmergencyPasses: false)] });
        RoadPosition[] places = [network.Graph.Snap(new LonLat(118.003, 37.002))!.Value.Position, network.Graph.Snap(new LonLat(118.031, 37.022))!.Value.Position];
        var cells = new Isochrones(network.Graph, new RoadReach(network, places, isFrom, 4 * 60));
        foreach (int minutes in new[] { 1, 2, 4 })
        {
            Isochrone isochrone = cells.Within(minutes);
            int inside = 0;
            for (int cell = 0; cell < cells.CellCount; cell++)
            {
                LonLat point = cells.Middle(cell);
                double seconds = network.Graph.Snap(point, Isochrones.MostMetersAside) is { } snap
                    ? places.Min(place => isFrom ? Seconds(network, place, snap.Position) : Seconds(network, snap.Position, place))
                    : double.PositiveInfinity;
                Assert.Equal(seconds <= minutes * 60, isochrone.Polygons.Any(polygon => polygon.Count(ring => Surrounds(ring, point)) % 2 == 1));
                inside += seconds <= minutes * 60 ? 1 : 0;
            }

            Assert.InRange(inside, 50, cells.CellCount - 50);
        }
    }

    [Fact]
    public void Outlines_have_their_holes_and_keep_cells_apart_that_meet_in_a_corner()
    {
        bool[] cells =
        [
            true, true, true, false, false,
            true, false, true, false, true,
            true, true, true, true, false,
        ];

        List<List<List<(int X, int Y)>>> polygons = CellOutlines.Of(cells, 5);

        Assert.Equal([2, 1], polygons.Select(polygon => polygon.Count));
        Assert.Equal([10.0 + 0, 1], polygons.Select(polygon => Area(polygon[0]) + 0));
        Assert.Equal(-1, Area(polygons[0][1]));
        Assert.All(polygons.SelectMany(polygon => polygon), ring => Assert.Equal(ring[0], ring[^1]));
    }

    [Property(MaxTest = 2000)]
    public void Every_outline_is_one_outer_ring_with_holes_none_of_which_touches_itself(uint bits, byte width)
    {
        // A picture of 32 cells, 1 to 8 in a row.
        int columns = width % 8 + 1;
        bool[] cells = [.. Enumerable.Range(0, (32 + columns - 1) / columns * columns).Select(cell => cell < 32 && (bits >> cell & 1) == 1)];

        List<List<List<(int X, int Y)>>> polygons = CellOutlines.Of(cells, columns);

        Assert.Equal(cells.Count(set => set), polygons.Sum(polygon => polygon.Sum(Area)));
        Assert.All(polygons, polygon => Assert.All(polygon.Index(), ring => Assert.Equal(ring.Index == 0, Area(ring.Item) > 0)));
        Assert.All(polygons.SelectMany(polygon => polygon), ring => Assert.Equal(ring.Count - 1, ring.Distinct().Count()));
    }

    private static double Area(List<(int X, int Y)> ring) =>
        Enumerable.Range(1, ring.Count - 1).Sum(index => (ring[index - 1].X * ring[index].Y - ring[index].X * ring[index - 1].Y) / 2.0);

    private static bool Surrounds(IReadOnlyList<LonLat> ring, LonLat point)
    {
        bool inside = false;
        for (int index = 1; index < ring.Count; index++)
        {
            (LonLat a, LonLat b) = (ring[index - 1], ring[index]);
            if (a.Lat > point.Lat != b.Lat > point.Lat && point.Lon < a.Lon + (point.Lat - a.Lat) / (b.Lat - a.Lat) * (b.Lon - a.Lon))
            {
                inside = !inside;
            }
        }

        return inside;
    }

    // A net of 8 by 6 crossings 400 m apart, every third street one-way.
    private static RoadGraph Town()
    {
        LonLat At(int node) => new(118 + node % 8 * 0.0045, 37 + node / 8 * 0.0036);
        var edges = new List<RoadEdge>();
        void Add(int from, int to) => edges.Add(new RoadEdge(
            edges.Count + 1, from, to, edges.Count % 3 == 2, 36 + edges.Count % 5 * 4, 400, [At(from), Geodesy.Between(At(from), At(to), 0.4), At(to)], edges.Count + 1, new RoadStreet(null, null, "residential")));
        for (int node = 0; node < 48; node++)
        {
            if (node % 8 < 7)
            {
                Add(node, node + 1);
            }

            if (node < 40)
            {
                Add(node + 8, node);
            }
        }

        return RoadGraph.Build(edges);
    }

    private static double Seconds(RoadNetwork network, RoadPosition from, RoadPosition to) =>
        network.Nearest(to, [from], 1) is [var found] ? found.Seconds : double.PositiveInfinity;
}
