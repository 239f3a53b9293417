using FsCheck.Xunit;

namespace GeoDispatch.Roads.Tests;

/// <summary>What is said of a route, and of other ways, is what is driven.</summary>
[Properties(Arbitrary = [typeof(RestrictedCities)], MaxTest = 500, EndSize = 25)]
public sealed class DrivenRouteTests
{
    [Property]
    public void Every_way_can_be_driven_takes_what_its_steps_take_and_differs_from_those_before(RestrictedCity restricted)
    {
        RoadNetwork network = restricted.Network;
        RoadPosition to = Undirected(restricted.City.Target);
        foreach (RoadPosition from in restricted.City.Sources.OfType<RoadPosition>().Select(Undirected))
        {
            IReadOnlyList<RoadRoute> ways = network.Routes(from, to, 2);
            for (int index = 0; index < ways.Count; index++)
            {
                RoadRoute way = ways[index];
                IReadOnlyList<RoadStep> steps = RoadSteps.Of(network, way);
                Assert.Equal(way.Seconds, steps.Sum(step => step.Seconds), 9);
                Assert.Equal(way.Meters, steps.Sum(step => step.Meters), 6);
                Assert.All(steps, step => Assert.Contains(step.At, way.Geometry));
                Assert.Equal(Driven(way) + TurnOracle.Turning(restricted, from, way.Pieces), way.Seconds, 9);
                Assert.True(TurnOracle.MayBeDriven(restricted, way.Pieces), "one-way, closed or forbidden");
                Assert.Equal((network.Graph.PointAt(from), network.Graph.PointAt(to)), (way.Geometry[0], way.Geometry[^1]));
                Assert.InRange(way.Seconds, ways[0].Seconds, index == 0 ? ways[0].Seconds : 1.4 * ways[0].Seconds + 1e-9);
                Assert.All(ways.Take(index), before => Assert.True(Shared(way, before) <= way.Meters * 2 / 3 + 1e-9));
            }
        }

        // Lengths are ten times the seconds in these cities.
        double Driven(RoadRoute way) => way.Pieces.Sum(piece => Math.Abs(piece.End - piece.Begin) * restricted.Edges[piece.Edge].Seconds);
        double Shared(RoadRoute way, RoadRoute other) => way.Pieces.Where(piece => other.Pieces.Any(before => before.Edge == piece.Edge))
            .Sum(piece => Math.Abs(piece.End - piece.Begin) * restricted.Edges[piece.Edge].Meters);
    }

    private static RoadPosition Undirected(RoadPosition position) => position with { Direction = RoadDirection.Either };
}
