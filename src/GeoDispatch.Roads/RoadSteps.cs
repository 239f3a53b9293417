using System.Globalization;
using GeoDispatch.City.Places;
using GeoDispatch.Spatial;

namespace GeoDispatch.Roads;

/// <summary>One instruction of a route.</summary>
/// <param name="Turn"><c>depart</c>, <c>straight</c>, <c>right</c>, <c>left</c>, <c>back</c> or <c>arrive</c>.</param>
/// <param name="Street">The street that is driven from here on; null where it has no name.</param>
/// <param name="StreetEn">The same in English, as far as it is known.</param>
/// <param name="Meters">How far it is driven.</param>
/// <param name="Zh">The instruction in Chinese.</param>
/// <param name="En">The instruction in English.</param>
/// <param name="At">Where.</param>
public sealed record RoadStep(string Turn, string? Street, string? StreetEn, double Meters, string Zh, string En, LonLat At);

/// <summary>Says a route as a passenger would who reads the map: a step for each turn and for each street that begins straight on.</summary>
internal static class RoadSteps
{
    internal static IReadOnlyList<RoadStep> Of(RoadGraph graph, RoadRoute route)
    {
        var steps = new List<RoadStep>();
        int before = -1;
        foreach (RoadPiece piece in route.Pieces.Where(static piece => !piece.Begin.Equals(piece.End)))
        {
            RoadStreet street = graph.Streets[graph.StreetOf[piece.Edge]];
            double meters = graph.Arrays.Meters[piece.Edge] * Math.Abs(piece.End - piece.Begin);
            var at = new RoadPosition(piece.Edge, piece.Begin);
            TurnKind turn = before < 0 ? TurnKind.Straight : graph.Arrays.Turn(before, piece.Arc);
            if (before >= 0 && turn == TurnKind.Straight && street.Name == steps[^1].Street)
            {
                steps[^1] = steps[^1] with { Meters = steps[^1].Meters + meters };
            }
            else
            {
                int eighth = Geodesy.EighthOf(graph.Shapes.BearingDegrees(at, piece.Arc));
                // The direction stands in the words of the first step alone; until these are made it is kept there.
                steps.Add(new RoadStep(
                    before < 0 ? "depart" : turn switch { TurnKind.Right => "right", TurnKind.Left => "left", TurnKind.Back => "back", _ => "straight" },
                    street.Name, street.NameEn ?? street.Name, meters, Compass.Chinese[eighth], Compass.English[eighth], graph.PointAt(at)));
            }

            before = piece.Arc;
        }

        return [.. steps.Select(Say), new RoadStep("arrive", null, null, 0, "到达", "Arrive", route.Geometry[^1])];
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
            "back" => ($"掉头,沿{street}行驶 {far}", $"Turn round and drive on {streetEn} for {farEn}"),
            _ => ($"直行进入{street},行驶 {far}", $"Go straight on into {streetEn} and drive {farEn}"),
        };
        return step with { Zh = zh, En = en };
    }

    /// <summary>To ten metres below a kilometre, to a hundred above.</summary>
    private static (string Zh, string En) Distance(double meters)
    {
        string km = (meters / 1000).ToString("0.0", CultureInfo.InvariantCulture);
        string near = Math.Max(10, Math.Round(meters / 10) * 10).ToString("0", CultureInfo.InvariantCulture);
        return meters < 995 ? ($"{near} 米", $"{near} m") : ($"{km} 公里", $"{km} km");
    }
}
