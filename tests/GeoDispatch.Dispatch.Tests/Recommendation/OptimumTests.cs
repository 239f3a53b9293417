using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Recommendation;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Roads;
using GeoDispatch.Spatial;

namespace GeoDispatch.Dispatch.Tests.Recommendation;

/// <summary>Random states of a town, each unit's time asked of the roads by itself.</summary>
public sealed class OptimumTests(ITestOutputHelper output)
{
    private const int States = 500, Side = 14, Units = 60;
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_first_three_are_the_three_that_can_be_there_first_of_all_that_may_go()
    {
        var random = new Random(20261130);
        RoadGraph graph = Town(random);
        int diverted = 0, soonFree = 0, few = 0;
        for (int state = 0; state < States; state++)
        {
            RoadCondition[] closures = [.. Enumerable.Range(0, random.Next(20)).Select(_ => random.Next(graph.EdgeCount))
                .Select(edge => new RoadCondition(Guid.NewGuid(), [2 * edge, 2 * edge + 1], 0, EmergencyPasses: false))];
            RoadNetwork network = graph.At(new RoadMoment(RoadProfile.Emergency) { HourOfWeek = random.Next(168), Conditions = closures });
            LonLat place = Anywhere(random);
            var wish = new Wish(place, null, random.Next(1, 5), null, ["ems"], random.Next(4) == 0 ? ["als"] : [], [], 10);
            var policy = new DivertPolicy(new Dictionary<(int, int), double> { [(2, 1)] = 120, [(3, 1)] = 60, [(4, 1)] = 30, [(3, 2)] = 180, [(4, 2)] = 60 });
            var rules = new RecommendationRules(new Dictionary<string, string[]>(), new HashSet<string>(), new Dictionary<string, Reason> { ["als"] = new("", "") }, policy, 900);
            UnitView[] units = [.. Enumerable.Range(0, random.Next(3, Units)).Select(number => AnyState(random, number))];

            (IReadOnlyList<Candidate> candidates, _) = Sifting.Sift(units, wish, rules, Now);
            RoadPosition target = graph.Snap(place)!.Value.Position;
            RoadPosition?[] sources = [.. candidates.Select(candidate => graph.Snap(candidate.At)?.Position)];
            RoadNetwork into = network.Into(target);
            IReadOnlyList<RankedUnit> ranked = Ranking.ByRoad(
                candidates, into.NearestEtas(target, sources, sources.Length), wish, rules, new RecommendationSettings(), new Dictionary<Guid, CoverCost>()).Units;

            double[] expected = Expected(units, wish, policy, into, target);
            Assert.Equal(expected.Take(3), ranked.Take(3).Select(static unit => unit.Seconds!.Value), (a, b) => Math.Abs(a - b) < 1e-6);
            diverted += ranked.Take(3).Count(static unit => unit.Way == Candidate.Divert);
            soonFree += ranked.Take(3).Count(static unit => unit.Way == Candidate.SoonFree);
            few += expected.Length < 3 ? 1 : 0;
        }

        output.WriteLine($"{States} states: among the first three {diverted} were diverted, {soonFree} were about to be free; {few} states had fewer than three that may go");
        Assert.True(diverted > 30 && soonFree > 20 && few < States / 4);
    }

    /// <summary>The arrivals of all that may go, soonest first, by rules written down once more.</summary>
    private static double[] Expected(UnitView[] units, Wish wish, DivertPolicy policy, RoadNetwork network, RoadPosition target)
    {
        var free = new List<double>();
        var underWay = new List<(double Seconds, double Least)>();
        foreach (UnitView unit in units)
        {
            bool mayGo = unit.Agency == "ems" && wish.Capabilities.All(unit.Capabilities.Contains) && unit.Out is null && unit.Duty.OnDuty;
            bool fresh = (Now - unit.Position!.Time).TotalSeconds <= 120;
            LonLat here = new(unit.Position.Lon, unit.Position.Lat);
            bool atHome = Geodesy.DistanceMeters(here, unit.Station) <= 300 && unit.Leg is null or AssignmentStatus.Notified or AssignmentStatus.Acknowledged;
            if (!mayGo || (!fresh && !atHome)
                || (unit.Leg is null && wish.Priority >= 3 && unit.FreedAt?.AddMinutes(unit.RestMinutes) > Now)
                || network.Route(network.Graph.Snap(fresh ? here : unit.Station)!.Value.Position, target) is not { Seconds: var road })
            {
                continue;
            }

            double since = unit.LegSince is { } from ? (Now - from).TotalSeconds : 0;
            switch (unit.Leg)
            {
                case null:
                    free.Add(road);
                    break;
                case AssignmentStatus.AtDestination:
                    free.Add(road + Math.Max(60, 900 - since));
                    break;
                case AssignmentStatus.HandedOver:
                    free.Add(road + Math.Max(60, 180 - since));
                    break;
                case AssignmentStatus.Notified or AssignmentStatus.Acknowledged or AssignmentStatus.EnRoute
                    when policy.SavedSeconds.TryGetValue((unit.IncidentPriority!.Value, wish.Priority!.Value), out double least):
                    underWay.Add((road, least));
                    break;
                default:
                    break;
            }
        }

        double first = free.Count > 0 ? free.Min() : double.PositiveInfinity;
        return [.. free.Concat(underWay.Where(one => first - one.Seconds >= one.Least).Select(static one => one.Seconds)).Order()];
    }

    private static UnitView AnyState(Random random, int number)
    {
        LonLat station = Anywhere(random);
        LonLat at = random.Next(3) == 0 ? station : Anywhere(random);
        UnitView unit = AnyUnit.Of($"A{number}", station, new UnitPosition(at.Lon, at.Lat, Now.AddSeconds(-random.Next(140)))) with
        {
            Agency = random.Next(8) == 0 ? "fire" : "ems",
            Capabilities = random.Next(2) == 0 ? ["als", "bls"] : ["bls"],
            Duty = new UnitDuty(random.Next(10) > 0, null, null),
            Out = random.Next(12) == 0 ? new UnitOut(Now, "meal", null, null) : null,
            FreedAt = Now.AddMinutes(-random.Next(60)),
            RestMinutes = random.Next(3) * 15,
        };
        return random.Next(5) < 2 ? unit : unit with
        {
            Leg = (AssignmentStatus)random.Next((int)AssignmentStatus.Available),
            LegSince = Now.AddSeconds(-random.Next(1500)),
            AssignmentId = Guid.NewGuid(),
            IncidentId = Guid.NewGuid(),
            IncidentNumber = "I1",
            IncidentPriority = random.Next(1, 5),
        };
    }

    private static LonLat Anywhere(Random random) => new(118 + random.NextDouble() * 0.005 * (Side - 1), 37 + random.NextDouble() * 0.005 * (Side - 1));

    /// <summary>A grid of streets, some one-way, some missing.</summary>
    private static RoadGraph Town(Random random)
    {
        var edges = new List<RoadEdge>();
        for (int node = 0; node < Side * Side; node++)
        {
            foreach (int other in new[] { node + 1, node + Side })
            {
                if (other < Side * Side && (other != node + 1 || other % Side != 0) && random.Next(12) > 0)
                {
                    edges.Add(new RoadEdge(edges.Count, node, other, random.Next(5) == 0, 20 + random.NextDouble() * 60, 450, [At(node), At(other)], edges.Count));
                }
            }
        }

        return RoadGraph.Build(edges);

        static LonLat At(int node) => new(118 + node % Side * 0.005, 37 + node / Side * 0.005);
    }
}
