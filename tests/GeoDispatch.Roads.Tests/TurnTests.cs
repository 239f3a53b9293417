using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using GeoDispatch.Spatial;

namespace GeoDispatch.Roads.Tests;

/// <summary>A random small network with turn restrictions, every edge a way of its own.</summary>
public sealed record RestrictedCity(SmallCity City, TurnRule[] Rules)
{
    public RoadEdge[] Edges { get; } = [.. City.Edges.Select(static edge => edge with { Way = edge.Id })];

    public override string ToString() => $"{City} rules [{string.Join("; ", Rules.Select(rule =>
        $"{(rule.Only ? "only" : "no")} {rule.FromWay} via {rule.ViaNode?.ToString() ?? "way " + rule.ViaWays[0]} to {rule.ToWay}"))}]";
}

public static class RestrictedCities
{
    public static Arbitrary<RestrictedCity> Arbitrary() => Arb.From(
        from city in SmallCities.Arbitrary().Generator
        from rules in Gen.ListOf(RuleOn(city.Edges), 4)
        select new RestrictedCity(city, [.. rules]));

    private static Gen<TurnRule> RuleOn(RoadEdge[] edges) =>
        from only in Gen.Elements(true, false)
        from first in Gen.Elements(edges)
        from last in Gen.Elements(edges)
        from across in Gen.Elements(edges)
        from way in Gen.Elements(true, false)
        from atEnd in Gen.Elements(true, false)
        select way
            ? new TurnRule(1, only, first.Id, null, [across.Id], last.Id)
            : new TurnRule(1, only, first.Id, atEnd ? first.ToNode : first.FromNode, [], last.Id);
}

[Properties(Arbitrary = [typeof(RestrictedCities)], MaxTest = 400, EndSize = 15)]
public sealed class TurnTests
{
    [Property]
    public void Times_under_turn_restrictions_are_those_of_the_oracle(RestrictedCity restricted)
    {
        SmallCity city = restricted.City;
        RoadGraph graph = RoadGraph.Build(restricted.Edges, restricted.Rules);
        (int, double)[] expected = city.Sources
            .Select((source, index) => (Index: index, Seconds: source is { } from
                ? TurnOracle.Seconds(restricted, from, city.Target) : double.PositiveInfinity))
            .Where(found => double.IsFinite(found.Seconds))
            .OrderBy(found => found.Seconds).ThenBy(found => found.Index)
            .ToArray();

        Assert.Equal(expected, graph.Nearest(city.Target, city.Sources, city.Sources.Length));
    }

    [Property]
    public void A_restriction_never_makes_a_way_faster_and_a_route_takes_the_time_told(RestrictedCity restricted)
    {
        RoadGraph free = RoadGraph.Build(restricted.Edges), bound = RoadGraph.Build(restricted.Edges, restricted.Rules);
        foreach (RoadPosition source in restricted.City.Sources.OfType<RoadPosition>())
        {
            RoadRoute? route = bound.Route(source, restricted.City.Target);
            Assert.True((route?.Seconds ?? double.PositiveInfinity) >= (free.Route(source, restricted.City.Target)?.Seconds ?? double.PositiveInfinity));
            Assert.Equal((route?.Seconds ?? 0) * 10, route?.Meters ?? 0, 6);
        }
    }

    // 1 ─ 2 ─ 3 along the street, 2 ─ 4 to the left, and 3 ─ 5 ─ 4 around the block.
    private static readonly RoadEdge[] Block =
    [
        Edge(10, 1, 2), Edge(11, 2, 3), Edge(12, 2, 4), Edge(13, 3, 5), Edge(14, 5, 4),
    ];

    [Fact]
    public void No_left_turn_sends_around_the_block()
    {
        TurnRule[] rules = [new(1, false, 10, 2, [], 12)];

        // On to the next crossing, round there and back into the street that is no left turn from this side.
        Assert.Equal(60, Seconds(Block, [], 0, 2));
        Assert.Equal(30 + 60 + 60 + 30, Seconds(Block, rules, 0, 2));
    }

    [Fact]
    public void Only_straight_on_forbids_left_and_back()
    {
        TurnRule[] rules = [new(1, true, 10, 2, [], 11)];

        Assert.Equal(180, Seconds(Block, rules, 0, 2));
        Assert.Equal(60, Seconds(Block, rules, 0, 1));
    }

    [Fact]
    public void A_restriction_by_way_holds_for_who_came_that_way_alone()
    {
        TurnRule[] rules = [new(1, false, 10, null, [11], 13)];

        // From the first edge over the second into the fourth is forbidden: over the left turn and back instead.
        Assert.Equal(30 + 60 + 60 + 30, Seconds(Block, rules, 0, 3));
        Assert.Equal(60, Seconds(Block, rules, 1, 3));
    }

    [Fact]
    public void A_rule_about_ways_that_are_not_there_says_nothing() =>
        Assert.Equal(60, Seconds(Block, [new TurnRule(1, true, 10, 2, [], 999), new TurnRule(2, false, 10, null, [998], 12)], 0, 2));

    private static RoadEdge Edge(long id, long from, long to) => new(
        id, from, to, false, 60, 600, [new(118 + from * 0.001, 37), new(118 + to * 0.001, 37.001)], id);

    private static double Seconds(RoadEdge[] edges, TurnRule[] rules, int from, int to) =>
        RoadGraph.Build(edges, rules).Nearest(new RoadPosition(to, 0.5), [new RoadPosition(from, 0.5)], 1)[0].Seconds;
}

/// <summary>Dijkstra over what was driven last: every state is a node and the last two arcs, every step is asked of every rule.</summary>
internal static class TurnOracle
{
    internal static double Seconds(RestrictedCity city, RoadPosition from, RoadPosition to)
    {
        RoadEdge[] edges = city.Edges;
        double best = double.PositiveInfinity;
        RoadEdge start = edges[from.Edge], end = edges[to.Edge];
        if (from.Edge == to.Edge && (from.Fraction <= to.Fraction || !start.Oneway))
        {
            best = Math.Abs(to.Fraction - from.Fraction) * start.Seconds;
        }

        var times = new Dictionary<(long Node, int Before, int Last), double>();
        var queue = new PriorityQueue<(long Node, int Before, int Last), double>();
        Add((start.ToNode, -1, from.Fraction == 1 ? -1 : 2 * from.Edge), (1 - from.Fraction) * start.Seconds);
        if (!start.Oneway || from.Fraction == 0)
        {
            Add((start.FromNode, -1, from.Fraction == 0 ? -1 : 2 * from.Edge + 1), from.Fraction * start.Seconds);
        }

        while (queue.TryDequeue(out (long Node, int Before, int Last) state, out double time))
        {
            if (time > times[state])
            {
                continue;
            }

            if (state.Node == end.FromNode && (to.Fraction == 0 || Allowed(state, 2 * to.Edge)))
            {
                best = Math.Min(best, time + to.Fraction * end.Seconds);
            }

            if (state.Node == end.ToNode && (to.Fraction == 1 || (!end.Oneway && Allowed(state, 2 * to.Edge + 1))))
            {
                best = Math.Min(best, time + (1 - to.Fraction) * end.Seconds);
            }

            for (int arc = 0; arc < 2 * edges.Length; arc++)
            {
                if (Exists(arc) && Tail(arc) == state.Node && Allowed(state, arc))
                {
                    Add((Head(arc), state.Last, arc), time + edges[arc / 2].Seconds);
                }
            }
        }

        return best;

        void Add((long, int, int) state, double time)
        {
            if (!times.TryGetValue(state, out double known) || time < known)
            {
                times[state] = time;
                queue.Enqueue(state, time);
            }
        }

        bool Exists(int arc) => (arc & 1) == 0 || !edges[arc / 2].Oneway;
        long Tail(int arc) => (arc & 1) == 0 ? edges[arc / 2].FromNode : edges[arc / 2].ToNode;
        long Head(int arc) => (arc & 1) == 0 ? edges[arc / 2].ToNode : edges[arc / 2].FromNode;
        long Way(int arc) => edges[arc / 2].Id;

        bool Allowed((long Node, int Before, int Last) state, int next) => city.Rules.All(rule =>
        {
            bool applies = rule.ViaNode is { } via
                ? state.Last >= 0 && Way(state.Last) == rule.FromWay && state.Node == via
                : state is { Last: >= 0, Before: >= 0 } && Way(state.Before) == rule.FromWay && Way(state.Last) == rule.ViaWays[0]
                    && state.Before / 2 != state.Last / 2;
            if (!applies)
            {
                return true;
            }

            bool Named(int arc) => Exists(arc) && Tail(arc) == state.Node && Way(arc) == rule.ToWay
                && (rule.ViaNode is null || rule.FromWay != rule.ToWay || arc == (state.Last ^ 1));
            return rule.Only ? Named(next) || !Enumerable.Range(0, 2 * edges.Length).Any(Named) : !Named(next);
        });
    }
}
