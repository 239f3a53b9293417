using GeoDispatch.Spatial;

namespace GeoDispatch.Roads.Tests;

public sealed class MomentTests
{
    private const int MondayAtEight = 8, MondayAtThree = 3, SaturdayAtEight = 5 * 24 + 8;

    // 1 ─ 2 ─ 3 along the main road of 600 m in 60 s each, and 1 ─ 4 ─ 3 by lanes of the same length that take 90 s each.
    private static RoadGraph City(RoadStreet? main = null) => RoadGraph.Build(
    [
        Edge(10, 1, 2, 60, 0.000, main ?? Main), Edge(11, 2, 3, 60, 0.000, main ?? Main),
        Edge(12, 1, 4, 90, 0.001, Lane), Edge(13, 4, 3, 90, 0.001, Lane),
    ]);

    private static readonly RoadStreet Main = new("黄河路", null, "primary"), Lane = new(null, null, "service");

    private sealed class Learned(Func<int, int, bool, double> seconds) : LearnedSpeeds
    {
        public override double Seconds(int arc, int hourOfWeek, bool emergency) => seconds(arc, hourOfWeek, emergency);
    }

    [Fact]
    public void A_closed_street_is_gone_around_and_counts_for_one_direction_alone()
    {
        RoadMoment closed = RoadMoment.AsGiven() with { Conditions = [Condition(0, arcs: 2)] };

        Assert.Equal(180, Seconds(City(), closed, 1, 3));
        Assert.Equal(120, Seconds(City(), closed, 3, 1));
    }

    [Fact]
    public void Whoever_stands_on_a_closed_street_leaves_it_and_what_stands_there_is_reached_but_nothing_passes()
    {
        RoadNetwork network = City().At(RoadMoment.AsGiven() with { Conditions = [Condition(0, 0, 1)] });
        RoadPosition on = new(0, 0.5), before = new(2, 0), behind = new(1, 1);

        Assert.Equal(30, network.Route(before, on)!.Seconds);
        Assert.Equal(90, network.Route(on, behind)!.Seconds);
        Assert.Equal(180, network.Route(before, behind)!.Seconds);
    }

    [Fact]
    public void A_place_in_the_middle_of_a_long_closure_is_reached_through_it_and_other_closures_stay()
    {
        // A road of five streets, of which one closure holds the three in the middle, both ways, and another the last.
        RoadGraph road = RoadGraph.Build(Enumerable.Range(1, 5).Select(static n => Edge(n, n, n + 1, 60, 0, Main)));
        RoadNetwork network = road.At(RoadMoment.AsGiven() with { Conditions = [Condition(0, 2, 3, 4, 5, 6, 7), Condition(0, 8, 9)] });
        RoadPosition begin = new(0, 0.5), inside = new(2, 0.5), end = new(4, 0.5), behind = new(4, 1);

        Assert.Null(network.Route(begin, inside));
        Assert.Equal(30 + 60 + 30, network.Into(inside).Route(begin, inside)!.Seconds);
        Assert.Equal(30 + 60 + 30, network.Into(inside).Route(end, inside)!.Seconds);
        Assert.Null(network.Into(inside).Route(begin, behind));
        Assert.Same(network, network.Into(begin));
    }

    [Fact]
    public void Whoever_stands_in_a_closure_leaves_it_and_nobody_behind_it_passes_because_of_that()
    {
        RoadGraph road = RoadGraph.Build(Enumerable.Range(1, 3).Select(static n => Edge(n, n, n + 1, 60, 0, Main)));
        RoadNetwork network = road.At(RoadMoment.AsGiven() with { Conditions = [Condition(0, 2, 3)] });
        RoadPosition target = new(0, 0.5), before = new(0, 1), inside = new(1, 0.5), behind = new(2, 0.5);

        Assert.Equal([(3, 30.0), (1, 60.0)], network.EtasInto(target, [behind, inside, null, before]).Select(static eta => (eta.SourceIndex, eta.Seconds)));
        Assert.Equal([(0, 60.0), (1, 60.0)], network.EtasInto(inside, [target, behind]).Select(static eta => (eta.SourceIndex, eta.Seconds)));
    }

    [Theory]
    [InlineData(RoadProfile.Emergency)]
    [InlineData(RoadProfile.Normal)]
    [InlineData(RoadProfile.Large)]
    public void Into_a_closure_every_street_takes_the_time_that_it_takes_without_that_closure(RoadProfile profile)
    {
        // Slowed down and closed twice beside; closed for some; of a street that some may not use.
        RoadGraph city = City(Main with { EmergencyOnly = true, LargeForbidden = true });
        RoadMoment all = RoadMoment.AsGiven(profile) with
        {
            Conditions =
            [
                Condition(0, 0, 1, 4, 6), Condition(0.5, 0, 4), Condition(0, 1), Condition(0.9, 4), Condition(0, 4) with { EmergencyPasses = true },
                Condition(0, 7) with { EmergencyPasses = true },
            ],
        };
        foreach (RoadPosition place in new[] { new RoadPosition(0, 0.5), new RoadPosition(2, 0.5), new RoadPosition(3, 0.5) })
        {
            RoadWeights opened = city.At(all).Into(place).Weights;
            RoadWeights anew = city.At(all with { Conditions = [.. all.Conditions.Where(condition => condition.SpeedFactor > 0 || !condition.Arcs.Any(arc => arc >> 1 == place.Edge))] }).Weights;
            Assert.Equal(anew.Usual, opened.Usual);
            Assert.Equal(anew.Passing, opened.Passing);
            Assert.Equal(anew.Rows, opened.Rows);
        }
    }

    [Fact]
    public void Of_two_slow_downs_on_a_street_the_slower_counts()
    {
        Assert.Equal(60 / 0.5 + 60, Seconds(City(), RoadMoment.AsGiven() with { Conditions = [Condition(0.8, 0), Condition(0.5, 0)] }, 1, 3));
        Assert.Equal(180, Seconds(City(), RoadMoment.AsGiven() with { Conditions = [Condition(0.8, 0), Condition(0.1, 0)] }, 1, 3));
    }

    [Fact]
    public void What_lets_emergency_vehicles_through_holds_the_others_up()
    {
        RoadCondition accident = Condition(0, 0) with { EmergencyPasses = true };

        Assert.Equal(120, Seconds(City(), RoadMoment.AsGiven() with { Conditions = [accident] }, 1, 3));
        Assert.Equal(180, Seconds(City(), RoadMoment.AsGiven(RoadProfile.Normal) with { Conditions = [accident] }, 1, 3));
    }

    [Fact]
    public void A_low_bridge_turns_large_vehicles_away_and_a_lane_for_emergency_vehicles_all_others()
    {
        RoadGraph low = City(Main with { Bears = new VehicleSize(3.5, double.PositiveInfinity, double.PositiveInfinity) }), reserved = City(Main with { EmergencyOnly = true });

        Assert.Equal([180, 120, 120], [
            Seconds(low, RoadMoment.AsGiven(RoadProfile.Large), 1, 3),
            Seconds(low, RoadMoment.AsGiven(RoadProfile.Large) with { Size = new VehicleSize(3.5, 18, 2.5) }, 1, 3),
            Seconds(low, RoadMoment.AsGiven(), 1, 3)]);
        Assert.Equal([180, 120], [Seconds(reserved, RoadMoment.AsGiven(RoadProfile.Normal), 1, 3), Seconds(reserved, RoadMoment.AsGiven(), 1, 3)]);
        Assert.Equal(180, Seconds(City(Main with { LargeForbidden = true }), RoadMoment.AsGiven(RoadProfile.Large), 1, 3));
    }

    [Fact]
    public void Rush_hour_slows_the_main_road_on_working_days_and_sirens_halve_that()
    {
        double At(RoadProfile profile, int hour) => Seconds(City(), new RoadMoment(profile) { HourOfWeek = hour, Turns = TurnCosts.None }, 1, 2);

        Assert.Equal(60, At(RoadProfile.Normal, MondayAtThree), 6);
        Assert.Equal(60, At(RoadProfile.Normal, SaturdayAtEight), 6);
        Assert.Equal(60 / 0.7, At(RoadProfile.Normal, MondayAtEight), 6);
        Assert.Equal(60 / 1.25, At(RoadProfile.Emergency, MondayAtThree), 6);
        Assert.Equal(60 / 1.25 / 0.85, At(RoadProfile.Emergency, MondayAtEight), 6);
    }

    [Fact]
    public void What_is_learned_takes_the_place_of_what_is_assumed_for_its_arc_its_hour_and_its_kind_of_run()
    {
        var learned = new Learned(static (arc, hour, emergency) => arc == 0 && hour == MondayAtEight && emergency ? 25 : double.NaN);
        double At(RoadProfile profile, int hour, int from, int to) =>
            Seconds(City(), new RoadMoment(profile) { HourOfWeek = hour, Turns = TurnCosts.None, Learned = learned }, from, to);

        Assert.Equal(25, At(RoadProfile.Emergency, MondayAtEight, 1, 2));
        Assert.Equal(60 / 1.25 / 0.85, At(RoadProfile.Emergency, MondayAtEight, 2, 1), 6);
        Assert.Equal(60 / 1.25, At(RoadProfile.Emergency, MondayAtThree, 1, 2), 6);
        Assert.Equal(60 / 0.7, At(RoadProfile.Normal, MondayAtEight, 1, 2), 6);
    }

    [Theory]
    [InlineData(-0.1, 0)]
    [InlineData(1.1, 0)]
    [InlineData(double.NaN, 0)]
    [InlineData(0.5, 8)]
    [InlineData(0.5, -1)]
    public void A_condition_that_cannot_be_is_refused(double factor, int arc) =>
        Assert.Throws<ArgumentException>(() => City().At(RoadMoment.AsGiven() with { Conditions = [Condition(factor, arc)] }));

    private static RoadCondition Condition(double factor, params int[] arcs) => new(Guid.Empty, arcs, factor, EmergencyPasses: false);

    private static RoadEdge Edge(long id, long from, long to, double seconds, double bend, RoadStreet street) => new(
        id, from, to, false, seconds, 600, [At(from), new LonLat((At(from).Lon + At(to).Lon) / 2, 37 + bend), At(to)], id, street);

    private static LonLat At(long node) => new(118 + node % 4 * 0.006, 37 + node / 4 * 0.002);

    // Node 1 is where street 10 begins, 2 where it ends, 3 where street 11 ends.
    private static double Seconds(RoadGraph graph, RoadMoment moment, int from, int to)
    {
        RoadPosition[] nodes = [default, new(0, 0), new(0, 1), new(1, 1)];
        return graph.At(moment).Route(nodes[from], nodes[to])!.Seconds;
    }
}
