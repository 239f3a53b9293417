using GeoDispatch.Spatial;

namespace GeoDispatch.Roads.Closures;

/// <summary>What somebody drew on the map.</summary>
/// <param name="IsArea">True for a polygon, whose last point is its first; false for a line.</param>
/// <param name="Points">Two or more of a line, four or more of an area.</param>
internal sealed record ClosureDrawing(bool IsArea, IReadOnlyList<LonLat> Points);

/// <summary>One edge of the road graph by what the base map calls it, so that it is found again after another import.</summary>
/// <param name="Direction"><c>both</c>, or <c>along</c> or <c>against</c> the way from <paramref name="FromNode"/> to <paramref name="ToNode"/>.</param>
internal sealed record Stretch(long Way, long FromNode, long ToNode, string Direction);

/// <summary>How much of a street is meant.</summary>
/// <param name="Name">Null where the street has none.</param>
internal sealed record StreetPart(string? Name, string? NameEn, double Meters);

/// <summary>What a drawing means on the network: the answer that is said back before it counts.</summary>
/// <param name="Streets">The longest first.</param>
/// <param name="Lines">The edges' geometries.</param>
/// <param name="UnmatchedMeters">Of the drawn line, what lies along no street.</param>
internal sealed record Understood(
    IReadOnlyList<Stretch> Stretches, IReadOnlyList<StreetPart> Streets, IReadOnlyList<LonLat[]> Lines, double UnmatchedMeters)
{
    internal static Understood Of(RoadGraph graph, ClosureDrawing drawing, bool bothDirections)
    {
        (int[] arcs, double unmatched) = DrawnLine.Lay(graph, drawing, bothDirections);
        int[] edges = [.. arcs.Select(static arc => arc >> 1).Distinct()];
        return new(
            ClosuresNow.Name(graph, arcs),
            [.. edges.GroupBy(edge => graph.Streets[graph.StreetOf[edge]].Name, StringComparer.Ordinal)
                .Select(street => new StreetPart(
                    street.Key, graph.Streets[graph.StreetOf[street.First()]].NameEn, street.Sum(edge => graph.Arrays.Meters[edge])))
                .OrderByDescending(static street => street.Meters)],
            [.. edges.Select(edge => graph.Shapes.PointsOf(edge).ToArray())],
            unmatched);
    }
}

/// <summary>What its maker says of a closure.</summary>
/// <param name="SpeedFactor">0 closed to passing; between 0 and 1 the share of the usual speed that is left.</param>
/// <param name="EmergencyPasses">True where vehicles with lights and sirens are let through.</param>
/// <param name="BothDirections">False where only the direction of drawing is meant; of an area always true.</param>
/// <param name="Until">Null until it is lifted.</param>
/// <param name="Reason">One of <see cref="Closure.Reasons"/>.</param>
internal sealed record ClosureTerms(
    double SpeedFactor, bool EmergencyPasses, ClosureDrawing Drawing, bool BothDirections, DateTimeOffset From, DateTimeOffset? Until,
    string Reason, string? Words);

/// <summary>Who does something to a closure.</summary>
internal sealed record ClosureMaker(Guid AccountId, string Name, string Department);

/// <summary>A closure or slow-down as it stands.</summary>
/// <param name="Version">1 when it was made, one more with each event.</param>
internal sealed record Closure(
    Guid Id, int Version, ClosureTerms Terms, Understood Understood, DateTimeOffset? LiftedAt, DateTimeOffset MadeAt, string MadeBy, string Department)
{
    /// <summary>Works, accident, flood, control, event, other: 施工 事故 积水 管制 活动 其他.</summary>
    internal static readonly string[] Reasons = ["works", "accident", "flood", "control", "event", "other"];

    internal static readonly string[] States = ["current", "planned", "ended"];

    /// <summary>When it ends, as far as that is known: what comes first of its lifting and its time.</summary>
    internal DateTimeOffset? EndsAt => LiftedAt is { } lifted && !(Terms.Until <= lifted) ? lifted : Terms.Until;

    /// <summary>From its beginning, and up to its end but not with it.</summary>
    internal bool IsInForce(DateTimeOffset at) => at >= Terms.From && !(at >= EndsAt);

    internal string StateAt(DateTimeOffset at) => at >= EndsAt ? "ended" : at < Terms.From ? "planned" : "current";
}
