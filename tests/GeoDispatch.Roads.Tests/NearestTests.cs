using FsCheck.Xunit;

namespace GeoDispatch.Roads.Tests;

[Properties(Arbitrary = [typeof(SmallCities)], MaxTest = 1500)]
public sealed class NearestTests
{
    [Property]
    public void Times_and_order_are_those_of_the_oracle(SmallCity city)
    {
        (int, double)[] expected = city.Sources
            .Select((source, index) => (Index: index, Seconds: source is { } from ? Oracle.Seconds(city, from, city.Target) : double.PositiveInfinity))
            .Where(found => double.IsFinite(found.Seconds))
            .OrderBy(found => found.Seconds).ThenBy(found => found.Index)
            .ToArray();
        RoadNetwork network = city.Network;
        for (int k = 0; k <= city.Sources.Length + 1; k++)
        {
            Assert.Equal(expected.Take(k), network.Nearest(city.Target, city.Sources, k));
        }
    }

    [Property]
    public void A_detour_is_never_faster(SmallCity city)
    {
        RoadNetwork network = city.Network;
        RoadPosition[] places = [.. city.Sources.OfType<RoadPosition>().Take(4), city.Target];
        foreach (RoadPosition a in places)
        {
            foreach (RoadPosition b in places)
            {
                foreach (RoadPosition c in places)
                {
                    Assert.True(Seconds(network, a, c) <= Seconds(network, a, b) + Seconds(network, b, c));
                }
            }
        }
    }

    [Fact]
    public void One_graph_serves_many_threads()
    {
        RoadNetwork network = RoadGraph.Build(Enumerable.Range(0, 200).Select(index => new RoadEdge(
            index, index, index + 1, false, 1, 10, [new(118 + index * 0.001, 37), new(118.001 + index * 0.001, 37)]))).At(RoadMoment.AsGiven());
        Parallel.For(0, 2000, index =>
        {
            int edge = index % 200;
            Assert.Equal(199.5 - edge, Assert.Single(network.Nearest(new RoadPosition(edge, 0.5), [new RoadPosition(199, 1)], 1)).Seconds);
        });
    }

    private static double Seconds(RoadNetwork network, RoadPosition from, RoadPosition to) =>
        network.Nearest(to, [from], 1) is [var found] ? found.Seconds : double.PositiveInfinity;
}
