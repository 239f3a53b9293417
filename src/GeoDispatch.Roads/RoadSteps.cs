using System.Globalization;
using GeoDispatch.City.Places;
using GeoDispatch.Spatial;

namespace GeoDispatch.Roads;

/// <summary>One instruction of a route.</summary>
/// <param name="Turn">
/// <c>depart</c>, <c>straight</c>, <c>slightRight</c>, <c>right</c>, <c>sharpRight</c>, the same to the left, <c>back</c> or <c>arrive</c>.
/// </param>
/// <param name="Street">The street that is driven from here on; null where it has no name.</param>
/// <param name="StreetEn">The same in English, as far as it is known.</param>
/// <param name="Seconds">Of the turn and of the way until the next step; all together they are the route's, where it begins with no direction.</param>
/// <param name="Meters">How far it is driven.</param>
/// <param name="Zh">The instruction in Chinese.</param>
/// <param name="En">The instruction in English.</param>
/// <param name="At">Where.</param>
public sealed record RoadStep(string Turn, string? Street, string? StreetEn, double Seconds, double Meters, string Zh, string En, LonLat At);

/// <summary>
/// Says a route as a passenger would who reads the map: a step for each turn and for each street that begins straight on. A street with a
/// name is one step however many crossings it passes; a bend without a choice is none.
/// </summary>
internal static class RoadSteps
{
    // Degrees off the direction of travel. People call 45° and more a turn; less is a bend to one side, next to nothing is straight on.
    private const double LeastSlight = 20, LeastTurn = 45, LeastSharp = 120, LeastBack = 170;

    internal static IReadOnlyList<RoadStep> Of(RoadNetwork network, RoadRoute route)
    {
        (RoadGraph graph, RoadWeights weights) = (network.Graph, network.Weights);
        var steps = new List<RoadStep>();
        int before = -1;
        foreach (RoadPiece piece in route.Pieces.Where(static piece => !piece.Begin.Equals(piece.End)))
        {
            RoadStreet street = graph.Streets[graph.StreetOf[piece.Edge]];
            double share = Math.Abs(piece.End - piece.Begin), meters = graph.Arrays.Meters[piece.Edge] * share;
            double seconds = weights.Part(piece.Arc, share) + (before < 0 ? 0 : weights.TurnSeconds(before, piece.Arc));
            var at = new RoadPosition(piece.Edge, piece.Begin);
            string? turn = before < 0 ? "depart" : Between(graph, before, piece.Arc);
            if (turn is null)
            {
                steps[^1] = steps[^1] with { Seconds = steps[^1].Seconds + seconds, Meters = steps[^1].Meters + meters };
            }
            else
            {
                int eighth = Geodesy.EighthOf(graph.Shapes.BearingDegrees(at, piece.Arc));
                // The direction stands in the words of the first step alone; until these are made it is kept there.
                steps.Add(new RoadStep(
                    turn, street.Name, street.NameEn ?? street.Name, seconds, meters, Compass.Chinese[eighth], Compass.English[eighth], graph.PointAt(at)));
            }

            before = piece.Arc;
        }

        return [.. steps.Select(Say), new RoadStep("arrive", null, null, 0, 0, "到达", "Arrive", route.Geometry[^1])];
    }

    /// <summary>What is done on leaving one arc for another; null where a driver just goes on.</summary>
    private static string? Between(RoadGraph graph, int from, int into)
    {
        RoadArrays roads = graph.Arrays;
        if (into == (from ^ 1))
        {
            return "back";
        }

        (string? left, string? entered) = (graph.Streets[graph.StreetOf[from >> 1]].Name, graph.Streets[graph.StreetOf[into >> 1]].Name);
        double turn = roads.TurnDegrees(from, into);
        bool goesOn = left == entered && (roads.IsBend(roads.Head(from))
            // A street with a name is followed by it; without one, a fork has to be said.
            || (Math.Abs(turn) < LeastTurn && (entered is not null || Math.Abs(turn) < LeastSlight || !IsFork(roads, from, into))));
        return goesOn ? null : KindOf(turn);
    }

    private static string KindOf(double turn) => (Math.Abs(turn), turn > 0) switch
    {
        ( < LeastSlight, _) => "straight",
        ( < LeastTurn, true) => "slightRight",
        ( < LeastTurn, false) => "slightLeft",
        ( < LeastSharp, true) => "right",
        ( < LeastSharp, false) => "left",
        ( < LeastBack, true) => "sharpRight",
        ( < LeastBack, false) => "sharpLeft",
        _ => "back",
    };

    private static bool IsFork(RoadArrays roads, int from, int into)
    {
        int node = roads.Head(from);
        return Array.Exists(roads.Out[roads.OutStart[node]..roads.OutStart[node + 1]], other =>
            other != into && other != (from ^ 1) && Math.Abs(roads.TurnDegrees(from, other)) < LeastTurn);
    }

    private static RoadStep Say(RoadStep step)
    {
        (string far, string farEn) = Distance(step.Meters);
        (string street, string streetEn) = (step.Street ?? "无名道路", step.StreetEn ?? "an unnamed road");
        (string zh, string en) = step.Turn switch
        {
            "depart" => ($"沿{street}向{step.Zh}行驶 {far}", $"Drive {step.En} on {streetEn} for {farEn}"),
            "right" => ($"右转进入{street},行驶 {far}", $"Turn right into {streetEn} and drive {farEn}"),
            "left" => ($"左转进入{street},行驶 {far}", $"Turn left into {streetEn} and drive {farEn}"),
            "slightRight" => ($"向右前方进入{street},行驶 {far}", $"Bear right into {streetEn} and drive {farEn}"),
            "sharpRight" => ($"向右后方转弯进入{street},行驶 {far}", $"Turn sharp right into {streetEn} and drive {farEn}"),
            "slightLeft" => ($"向左前方进入{street},行驶 {far}", $"Bear left into {streetEn} and drive {farEn}"),
            "sharpLeft" => ($"向左后方转弯进入{street},行驶 {far}", $"Turn sharp left into {streetEn} and drive {farEn}"),
            "back" => ($"掉头,沿{street}行驶 {far}", $"Turn round and drive on {streetEn} for {farEn}"),
            _ => ($"直行进入{street},行驶 {far}", $"Go straight on into {streetEn} and drive {farEn}"),
        };
        return step with { Zh = zh, En = en };
    }

    /// <summary>As people say it: to ten metres below 200, to fifty below a kilometre, to a hundred above.</summary>
    private static (string Zh, string En) Distance(double meters)
    {
        double step = meters < 195 ? 10 : 50;
        string km = (meters / 1000).ToString("0.0", CultureInfo.InvariantCulture);
        string near = Math.Max(10, Math.Round(meters / step) * step).ToString("0", CultureInfo.InvariantCulture);
        return meters < 975 ? ($"{near} 米", $"{near} m") : ($"{km} 公里", $"{km} km");
    }
}
