using GeoDispatch.Spatial;

namespace GeoDispatch.Roads.Tests;

public sealed class StepTests
{
    private static readonly RoadStreet HuangHe = new("黄河路", "Huanghe Road", "primary"), XiSi = new("西四路", null, "secondary"), Unnamed = new(null, null, "service");

    // Eastward along 黄河路 in two pieces to a crossing, from there south and north along 西四路, and on eastward without a name; at the
    // southern end a lane leads around to the unnamed street.
    private static readonly RoadNetwork Network = RoadGraph.Build(
    [
        Edge(1, 1, 2, 620, HuangHe), Edge(2, 2, 3, 600, HuangHe), Edge(3, 3, 4, 304, XiSi), Edge(4, 3, 5, 300, XiSi), Edge(5, 3, 6, 80, Unnamed),
        Edge(6, 2, 7, 310, Unnamed), Edge(7, 7, 4, 610, Unnamed),
    ]).At(RoadMoment.AsGiven());

    [Fact]
    public void A_route_is_said_in_both_languages_street_by_street()
    {
        RoadRoute route = Network.Route(new RoadPosition(0, 0), new RoadPosition(2, 1))!;

        Assert.Equal(
            ["沿黄河路向东行驶 1.2 公里", "右转进入西四路,行驶 300 米", "到达"], RoadSteps.Of(Network, route).Select(step => step.Zh));
        Assert.Equal(
            ["Drive east on Huanghe Road for 1.2 km", "Turn right into 西四路 and drive 300 m", "Arrive"], RoadSteps.Of(Network, route).Select(step => step.En));
    }

    [Fact]
    public void Left_straight_on_and_back_have_words_of_their_own()
    {
        IEnumerable<string> Say(RoadPosition from, RoadPosition to) => RoadSteps.Of(Network, Network.Route(from, to)!).Select(step => step.Zh);

        Assert.Equal(["沿黄河路向东行驶 300 米", "左转进入西四路,行驶 300 米", "到达"], Say(new(1, 0.5), new(3, 1)));
        Assert.Equal(["沿黄河路向东行驶 300 米", "直行进入无名道路,行驶 80 米", "到达"], Say(new(1, 0.5), new(4, 1)));
        var turning = new RoadRoute(0, 0, [default, default]) { Pieces = [new RoadPiece(4, 0.5, 1), new RoadPiece(4, 1, 0)] };
        Assert.Equal(["沿无名道路向东行驶 40 米", "掉头,沿无名道路行驶 80 米", "到达"], RoadSteps.Of(Network, turning).Select(step => step.Zh));
    }

    [Fact]
    public void Slight_and_sharp_turns_and_forks_have_words_of_their_own_and_a_bend_is_none()
    {
        // 黄河路 bends at 3; at 2 a lane forks off a little to the right, another one leads sharply back to the left.
        RoadStreet lane = new(null, null, "service");
        LonLat[] at = [new(118, 37), new(118.002, 37), new(118.004, 37), new(118.004, 37.002), new(118.004, 36.9992), new(118.001, 37.0012), new(118.006, 36.9984), new(118.006, 36.9992)];
        RoadEdge Way(long id, int from, int to, RoadStreet street) => new(id, from, to, false, 20, 200, [at[from], at[to]], id, street);
        RoadNetwork network = RoadGraph.Build(
            [Way(1, 0, 1, HuangHe), Way(2, 1, 2, HuangHe), Way(3, 2, 3, HuangHe), Way(4, 1, 4, lane), Way(5, 1, 5, lane), Way(6, 4, 6, lane), Way(7, 4, 7, lane)]).At(RoadMoment.AsGiven());
        IEnumerable<string> Say(int to) => RoadSteps.Of(network, network.Route(new RoadPosition(0, 0), new RoadPosition(to, 1))!).Select(step => $"{step.Turn} {step.Zh} / {step.En}");

        Assert.Equal(["depart 沿黄河路向东行驶 600 米 / Drive east on Huanghe Road for 600 m", "arrive 到达 / Arrive"], Say(2));
        Assert.Equal("slightRight 向右前方进入无名道路,行驶 200 米 / Bear right into an unnamed road and drive 200 m", Say(3).ElementAt(1));
        Assert.Equal("sharpLeft 向左后方转弯进入无名道路,行驶 200 米 / Turn sharp left into an unnamed road and drive 200 m", Say(4).ElementAt(1));
        Assert.Equal("slightRight 向右前方进入无名道路,行驶 400 米 / Bear right into an unnamed road and drive 400 m", Say(5).ElementAt(1));
        Assert.Equal("slightLeft 向左前方进入无名道路,行驶 200 米 / Bear left into an unnamed road and drive 200 m", Say(6).ElementAt(2));
    }

    [Fact]
    public void An_alternative_differs_by_a_third_and_is_not_much_slower()
    {
        IReadOnlyList<RoadRoute> routes = Network.Routes(new RoadPosition(0, 0.9), new RoadPosition(2, 0.9), 2);

        Assert.Equal(2, routes.Count);
        Assert.Equal([1, 2, 3], Streets(routes[0]));
        Assert.Equal([1, 6, 7, 3], Streets(routes[1]));
        Assert.Equal(routes[1].Pieces.Sum(piece => Math.Abs(piece.End - piece.Begin) * Network.Graph.Arrays.Seconds[piece.Edge]), routes[1].Seconds, 9);
        Assert.Single(Network.Routes(new RoadPosition(0, 0.9), new RoadPosition(2, 0.9), 0));
        Assert.Single(Network.Routes(new RoadPosition(0, 0.1), new RoadPosition(0, 0.9), 2));
        Assert.Empty(RoadGraph.Build([Edge(1, 1, 2, 10, Unnamed) with { Oneway = true }]).At(RoadMoment.AsGiven()).Routes(new RoadPosition(0, 1), new RoadPosition(0, 0.5), 2));

        IEnumerable<long> Streets(RoadRoute route) => route.Pieces.Select(piece => Network.Graph.StreetId(new RoadPosition(piece.Edge, 0)));
    }

    private static RoadEdge Edge(long id, long from, long to, double meters, RoadStreet street) => new(
        id, from, to, false, meters / 10, meters, [At(from), At(to)], id, street);

    private static LonLat At(long node) => node switch
    {
        1 => new(118.00, 37),
        2 => new(118.007, 37),
        3 => new(118.014, 37),
        4 => new(118.014, 36.997),
        5 => new(118.014, 37.003),
        6 => new(118.015, 37),
        _ => new(118.007, 36.997),
    };
}
