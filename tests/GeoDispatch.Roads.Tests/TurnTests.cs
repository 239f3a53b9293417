using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using GeoDispatch.Spatial;

namespace GeoDispatch.Roads.Tests;

/// <summary>
/// A random small network, every edge a way of its own, with turn restrictions, costs of turns and closed streets; vehicles and the
/// place may have a direction. All times are whole seconds or quarters, so that sums are exact.
/// </summary>
public sealed record RestrictedCity(SmallCity City, TurnRule[] Rules, TurnCosts Turns, RoadProfile Profile, int[] Closed)
{
    public RoadEdge[] Edges { get; } = [.. City.Edges.Select(static edge => edge with { Way = edge.Id })];

    public RoadNetwork Network => RoadGraph.Build(Edges, Rules).At(RoadMoment.AsGiven(Profile) with
    {
        Turns = Turns,
        Conditions = [new RoadCondition(Guid.Empty, Closed, 0, EmergencyPasses: false)],
    });

    public override string ToString() => $"{City} {Profile} {Turns} closed [{string.Join(", ", Closed)}] rules [{string.Join("; ", Rules.Select(rule =>
        $"{(rule.Only ? "only" : "no")} {rule.FromWay} via {rule.ViaNode?.ToString() ?? "way " + rule.ViaWays[0]} to {rule.ToWay}{(rule.ExemptsEmergency ? " but emergency" : "")}"))}]";
}

public static class RestrictedCities
{
    public static Arbitrary<RestrictedCity> Arbitrary() => Arb.From(
        from city in SmallCities.Arbitrary().Generator
        from rules in Gen.ListOf(RuleOn(city.Edges), 4)
        from turns in Gen.Frequency((1, Gen.Constant(TurnCosts.None)), (4, Costs()))
        from profile in Gen.Elements(RoadProfile.Emergency, RoadProfile.Normal)
        from closed in Gen.SubListOf(Enumerable.Range(0, 2 * city.Edges.Length))
        from someClosed in Gen.Elements(true, false)
        from target in Directed(city.Target)
        from sources in Gen.CollectToList(city.Sources, source => source is { } position ? Directed(position).Select(directed => (RoadPosition?)directed) : Gen.Constant(source))
        select new RestrictedCity(city with { Target = target, Sources = [.. sources] }, [.. rules], turns, profile, someClosed ? [.. closed] : []));

    private static Gen<RoadPosition> Directed(RoadPosition position) =>
        from direction in Gen.Frequency((3, Gen.Constant(RoadDirection.Either)), (1, Gen.Constant(RoadDirection.Along)), (1, Gen.Constant(RoadDirection.Against)))
        select position with { Direction = direction };

    private static Gen<TurnCosts> Costs() =>
        from straight in Gen.Choose(0, 2)
        from right in Gen.Choose(0, 6)
        from left in Gen.Choose(0, 9)
        from back in Gen.Choose(0, 20)
        select new TurnCosts(straight, right, left, back);

    private static Gen<TurnRule> RuleOn(RoadEdge[] edges) =>
        from only in Gen.Elements(true, false)
        from first in Gen.Elements(edges)
        from last in Gen.Elements(edges)
        from across in Gen.Elements(edges)
        from way in Gen.Elements(true, false)
        from atEnd in Gen.Elements(true, false)
        from exempts in Gen.Elements(true, false)
        select way
            ? new TurnRule(1, only, first.Id, null, [across.Id], last.Id, exempts)
            : new TurnRule(1, only, first.Id, atEnd ? first.ToNode : first.FromNode, [], last.Id, exempts);
}

[Properties(Arbitrary = [typeof(RestrictedCities)], MaxTest = 1000, EndSize = 15)]
public sealed class TurnTests
{
    [Property]
    public void Times_under_restrictions_costs_of_turns_and_closures_are_those_of_the_oracle(RestrictedCity restricted)
    {
        SmallCity city = restricted.City;
        (int, double)[] expected = city.Sources
            .Select((source, index) => (Index: index, Seconds: source is { } from
                ? TurnOracle.Seconds(restricted, from, city.Target) : double.PositiveInfinity))
            .Where(found => double.IsFinite(found.Seconds))
            .OrderBy(found => found.Seconds).ThenBy(found => found.Index)
            .ToArray();

        Assert.Equal(expected, restricted.Network.Nearest(city.Target, city.Sources, city.Sources.Length));
    }

    [Property]
    public void Restrictions_turns_that_cost_and_closures_only_lengthen(RestrictedCity restricted)
    {
        RoadNetwork bound = restricted.Network;
        RoadNetwork[] freer =
        [
            (restricted with { Rules = [] }).Network, (restricted with { Turns = TurnCosts.None }).Network, (restricted with { Closed = [] }).Network,
        ];
        foreach (RoadPosition source in restricted.City.Sources.OfType<RoadPosition>())
        {
            double time = Time(bound, source, restricted.City.Target);
            Assert.All(freer, network => Assert.True(time >= Time(network, source, restricted.City.Target)));
        }
    }

    [Property]
    public void A_route_takes_the_time_of_its_streets_and_its_turns_and_is_as_long_as_its_streets(RestrictedCity restricted)
    {
        RoadNetwork network = restricted.Network;
        foreach (RoadPosition source in restricted.City.Sources.OfType<RoadPosition>().Where(at => at.Direction == RoadDirection.Either || at.Fraction is > 0 and < 1))
        {
            if (network.Route(source, restricted.City.Target) is not { } route)
            {
                continue;
            }

            double driven = route.Pieces.Sum(piece => Math.Abs(piece.End - piece.Begin) * restricted.Edges[piece.Edge].Seconds);
            Assert.Equal(driven * 10, route.Meters, 6);
            Assert.Equal(driven + TurnOracle.Turning(restricted, source, route.Pieces), route.Seconds, 9);
        }
    }

    [Property]
    public void Over_a_street_in_between_driven_in_one_direction_it_is_never_faster(RestrictedCity restricted)
    {
        RoadNetwork network = restricted.Network;
        (RoadPosition target, RoadPosition?[] sources) = (restricted.City.Target, restricted.City.Sources);
        foreach (RoadPosition via in sources.OfType<RoadPosition>().Where(via => via.Direction != RoadDirection.Either && via.Fraction is > 0 and < 1).Take(3))
        {
            // Whoever comes to the place in between in its direction goes on in it: no turn is lost or won there.
            foreach (RoadPosition source in sources.OfType<RoadPosition>().Where(_ => restricted.Rules.Length == 0 && restricted.Closed.Length == 0))
            {
                Assert.True(Time(network, source, target) <= Time(network, source, via) + Time(network, via, target));
            }
        }
    }

    private static double Time(RoadNetwork network, RoadPosition from, RoadPosition to) =>
        network.Nearest(to, [from], 1) is [var found] ? found.Seconds : double.PositiveInfinity;

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
        RoadGraph.Build(edges, rules).At(RoadMoment.AsGiven()).Nearest(new RoadPosition(to, 0.5), [new RoadPosition(from, 0.5)], 1)[0].Seconds;
}
