using GeoDispatch.Roads;
using GeoDispatch.Roads.Matching;
using GeoDispatch.Spatial;
using GeoDispatch.Tracking.Traffic;

namespace GeoDispatch.Tracking.Tests.Traffic;

public sealed class SpeedLearnerTests
{
    private const int MondayNoon = 12, TuesdayNoon = 36, SundayNoon = 156, MondayRush = 8;

    /// <summary>Ten streets of 1 km at 36 km/h (100 s), one after the other, and one of 90 km/h (40 s).</summary>
    private static readonly RoadGraph Graph = Build(0);

    [Fact]
    public void Where_nothing_was_driven_nothing_is_told()
    {
        CityLearnedSpeeds learned = SpeedLearner.Learn(Graph, new PassLedger().Counts);

        Assert.All(Enumerable.Range(0, 22), arc => Assert.True(double.IsNaN(learned.Seconds(arc, MondayNoon, false)) && !learned.IsLearned(arc)));
    }

    [Fact]
    public void An_arc_that_is_driven_often_has_its_own_time_in_each_hour_and_direction()
    {
        CityLearnedSpeeds learned = Learn((0, MondayNoon, 50, 20, false), (0, MondayRush, 200, 20, false), (2, MondayNoon, 100, 60, false));

        Assert.InRange(learned.Seconds(0, MondayNoon, false), 47, 58);
        Assert.InRange(learned.Seconds(0, MondayRush, false), 165, 210);
        Assert.True(learned.IsLearned(0));
        Assert.False(learned.IsLearned(1));
        // Another working day's noon is like Monday's, a Sunday's less so.
        Assert.InRange(learned.Seconds(0, TuesdayNoon, false), 45, 70);
    }

    [Fact]
    public void A_single_slow_pass_moves_an_arc_less_than_halfway()
    {
        CityLearnedSpeeds learned = Learn((0, MondayNoon, 400, 1, false), (2, MondayNoon, 100, 60, false));

        Assert.InRange(learned.Seconds(0, MondayNoon, false), 110, 240);
        Assert.False(learned.IsLearned(0));
    }

    [Fact]
    public void An_arc_that_nobody_drove_has_the_hours_of_its_class_and_another_class_says_nothing()
    {
        CityLearnedSpeeds learned = Learn((0, MondayRush, 150, 60, false), (2, MondayRush, 150, 60, false), (0, SundayNoon, 100, 60, false), (2, SundayNoon, 100, 60, false));

        Assert.InRange(learned.Seconds(10, MondayRush, false), 135, 155);
        Assert.InRange(learned.Seconds(10, SundayNoon, false), 95, 115);
        Assert.True(double.IsNaN(learned.Seconds(20, MondayRush, false)));
        Assert.False(learned.IsLearned(10));
    }

    [Fact]
    public void Runs_with_sirens_are_learned_apart_and_few_of_them_are_normal_times_by_the_factor_of_the_class()
    {
        CityLearnedSpeeds learned = Learn(
            (0, MondayNoon, 100, 60, false), (2, MondayNoon, 100, 60, false), (4, MondayNoon, 200, 60, false), (2, MondayNoon, 70, 200, true));

        Assert.InRange(learned.Seconds(2, MondayNoon, true), 66, 75);
        Assert.InRange(learned.Seconds(2, MondayNoon, false), 95, 105);
        // Never driven with sirens: as much faster than its own normal time as the class is.
        Assert.InRange(learned.Seconds(4, MondayNoon, true) / learned.Seconds(4, MondayNoon, false), 0.66, 0.78);
    }

    [Fact]
    public void What_was_learned_holds_on_the_next_import_of_the_city()
    {
        var ledger = new PassLedger();
        Count(ledger, Graph, 0, MondayNoon, 50, 20, false);
        RoadGraph next = Build(1);

        // The same street stands elsewhere in the new graph.
        Assert.InRange(SpeedLearner.Learn(next, ledger.Counts).Seconds(2, MondayNoon, false), 47, 58);
    }

    [Fact]
    public void Counts_come_back_from_their_bytes_and_what_is_old_fades()
    {
        var counts = new PassCounts();
        for (int pass = 0; pass < 500; pass++)
        {
            counts.Add(MondayNoon, pass < 250 ? 20 : 40);
        }

        Assert.Equal(counts.All, PassCounts.Read(counts.ToBytes()).All);
        Assert.InRange(counts.Count, 30, 60);
        (int _, double logKmh, int count) = counts.All.MaxBy(static bar => bar.Count);
        Assert.True(Math.Abs(Math.Exp(logKmh) - 40) < 2.5 && count > counts.Count * 0.95, $"{Math.Exp(logKmh)} km/h, {count} of {counts.Count}");
        Assert.Throws<FormatException>(() => PassCounts.Read([168, 0, 1]));
        Assert.Throws<FormatException>(() => PassCounts.Read([1, 2]));
    }

    [Fact]
    public void A_drive_over_a_part_of_an_arc_or_at_no_speed_of_a_vehicle_counts_for_nothing()
    {
        DateTimeOffset start = DateTimeOffset.UnixEpoch;
        var whole = new RoadPass(0, 0, 1, start, start.AddSeconds(100), false);

        Assert.Equal(36, Assert.Single(PassLedger.Usable(Graph, [whole], Free)).Kmh, 1);
        Assert.Empty(PassLedger.Usable(Graph, [whole with { Begin = 0.1 }, whole with { Leave = start.AddSeconds(1) }, whole with { Leave = start }, whole with { Leave = start.AddHours(1) }], Free));
        // A left turn after it is no part of it: the route adds it again.
        RoadPass[] turning = [whole, new RoadPass(2, 0, 0.5, whole.Leave, whole.Leave.AddSeconds(50), true)];
        Assert.Equal(40, Assert.Single(PassLedger.Usable(Graph, turning, static (_, _) => 10)).Kmh, 1);
        Assert.Equal(72, Assert.Single(PassLedger.Usable(Graph, turning, static (_, _) => 90)).Kmh, 1);
        Assert.Equal(36, Assert.Single(PassLedger.Usable(Graph, [turning[0], turning[1] with { Follows = false }], static (_, _) => 10)).Kmh, 1);

        static double Free(int from, int into) => 0;
    }

    private static CityLearnedSpeeds Learn(params (int Arc, int Hour, double Seconds, int Times, bool Emergency)[] passes)
    {
        var ledger = new PassLedger();
        foreach ((int arc, int hour, double seconds, int times, bool emergency) in passes)
        {
            Count(ledger, Graph, arc, hour, seconds, times, emergency);
        }

        return SpeedLearner.Learn(Graph, ledger.Counts);
    }

    private static void Count(PassLedger ledger, RoadGraph graph, int arc, int hour, double seconds, int times, bool emergency)
    {
        for (int time = 0; time < Math.Min(times, 55); time++)
        {
            ledger.Add(graph.KeyOf(arc), emergency, hour, 1000 / seconds * 3.6);
        }
    }

    private static RoadGraph Build(int before) => RoadGraph.Build(Enumerable.Range(-before, 11 + before).Select(index => new RoadEdge(
        index, index, index + 1, false, index == 10 ? 40 : 100, 1_000, [new LonLat(118.5 + index * 0.01, 37.4), new LonLat(118.51 + index * 0.01, 37.4)], index)));
}
