using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using GeoDispatch.Roads.Closures;
using GeoDispatch.Spatial;

namespace GeoDispatch.Roads.Tests.Closures;

/// <summary>Closures at whole hours of one day, some without an end, some lifted.</summary>
public sealed record ClosingDay((int From, int? Until, int? LiftedAt)[] Times);

public static class ClosingDays
{
    public static Arbitrary<ClosingDay> Arbitrary() => Arb.From(Gen.ListOf(
        from begin in Gen.Choose(0, 20)
        from lasts in Gen.Frequency((3, Gen.Choose(1, 10).Select(hours => (int?)hours)), (1, Gen.Constant((int?)null)))
        from lifted in Gen.Frequency((1, Gen.Choose(0, 24).Select(hour => (int?)hour)), (2, Gen.Constant((int?)null)))
        select (begin, begin + lasts, lifted)).Select(times => new ClosingDay([.. times])));
}

[Properties(Arbitrary = [typeof(ClosingDays), typeof(SmallCities)], MaxTest = 300, EndSize = 15)]
public sealed class ClosuresNowTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 3, 5, 0, 0, 0, TimeSpan.FromHours(8));

    [Property]
    public void In_force_are_those_that_have_begun_and_neither_ended_nor_been_lifted(ClosingDay day)
    {
        Closure[] closures = Closures(day);
        LaidClosure[] laid = [.. closures.Select(static closure => new LaidClosure(closure, [0]))];
        for (int hour = 0; hour <= 32; hour++)
        {
            IEnumerable<Guid> expected = closures.Where((_, index) =>
                day.Times[index].From <= hour && !(day.Times[index].Until <= hour) && !(day.Times[index].LiftedAt <= hour)).Select(static closure => closure.Id);
            Assert.Equal(expected, ClosuresNow.At(laid, Midnight.AddHours(hour)).Select(static condition => condition.Id));
            Assert.Equal(expected, closures.Where(closure => closure.StateAt(Midnight.AddHours(hour)) == "current").Select(static closure => closure.Id));
        }
    }

    [Property]
    public void Between_two_changes_nothing_changes_and_at_each_something_does(ClosingDay day)
    {
        Closure[] closures = Closures(day);
        LaidClosure[] laid = [.. closures.Select(static closure => new LaidClosure(closure, [0]))];
        DateTimeOffset from = Midnight.AddHours(-1);
        for (int changes = 0; ClosuresNow.NextChange(closures, from) is { } next; changes++)
        {
            Assert.True(changes < 100 && next > from);
            string[] before = InForce(laid, from), states = [.. closures.Select(closure => closure.StateAt(next))];
            Assert.Equal(before, InForce(laid, next.AddTicks(-1)));
            Assert.NotEqual(closures.Select(closure => closure.StateAt(next.AddTicks(-1))), states);
            from = next;
        }

        Assert.Equal(InForce(laid, from), InForce(laid, from.AddYears(3)));
    }

    [Property]
    public void Arcs_are_found_again_by_their_names_in_a_graph_of_another_order(SmallCity city)
    {
        RoadEdge[] edges = [.. city.Edges.Select(static edge => edge with { Way = edge.Id })];
        RoadGraph graph = RoadGraph.Build(edges), turned = RoadGraph.Build(edges.Reverse());
        int[] arcs = [.. Enumerable.Range(0, 2 * edges.Length).Where(arc => arc % 3 != 0 && ((arc & 1) == 0 || !edges[arc >> 1].Oneway))];
        Closure closure = Named(graph, arcs);

        Assert.Equal(arcs, ClosuresNow.Lay(graph, [closure])[0].Arcs.Order());
        Assert.Equal(arcs, ClosuresNow.Lay(turned, [closure])[0].Arcs.Select(arc => 2 * (edges.Length - 1 - (arc >> 1)) + (arc & 1)).Order());
    }

    [Fact]
    public void A_street_that_was_cut_in_two_since_is_closed_as_a_whole_by_its_drawing()
    {
        LonLat west = new(118.60, 37.40), middle = new(118.605, 37.40), east = new(118.61, 37.40);
        RoadGraph before = RoadGraph.Build([new RoadEdge(1, 1, 2, false, 60, 887, [west, middle, east], 7)]);
        RoadGraph after = RoadGraph.Build([new RoadEdge(1, 1, 3, false, 30, 443, [west, middle], 7), new RoadEdge(2, 3, 2, false, 30, 443, [middle, east], 7)]);
        Closure closure = Named(before, [0, 1]) with { };
        closure = closure with { Terms = closure.Terms with { Drawing = new ClosureDrawing(false, [west, east]) } };

        Assert.Equal([0, 1, 2, 3], ClosuresNow.Lay(after, [closure])[0].Arcs);
    }

    private static string[] InForce(LaidClosure[] laid, DateTimeOffset at) => [.. ClosuresNow.At(laid, at).Select(static condition => $"{condition.Id}")];

    private static Closure Named(RoadGraph graph, int[] arcs) => Closures(new ClosingDay([(0, null, null)]))[0] with
    {
        Understood = new Understood(ClosuresNow.Name(graph, arcs), [], [], 0),
    };

    private static Closure[] Closures(ClosingDay day) => [.. day.Times.Select(static (times, index) => new Closure(
        new Guid(index, 0, 0, new byte[8]), 1,
        new ClosureTerms(
            0, false, new ClosureDrawing(false, []), true, Midnight.AddHours(times.From), times.Until is { } until ? Midnight.AddHours(until) : null, "works", null),
        new Understood([], [], [], 0), times.LiftedAt is { } lifted ? Midnight.AddHours(lifted) : null, Midnight, "x", "120"))];
}
