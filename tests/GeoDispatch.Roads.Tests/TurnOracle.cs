using GeoDispatch.Spatial;

namespace GeoDispatch.Roads.Tests;

/// <summary>Dijkstra over what was driven last: every state is a node and the last two arcs, every step is asked of every rule.</summary>
internal sealed class TurnOracle
{
    private readonly RestrictedCity city;
    private readonly RoadEdge[] edges;

    private TurnOracle(RestrictedCity city) => (this.city, edges) = (city, city.Edges);

    internal static double Seconds(RestrictedCity city, RoadPosition from, RoadPosition to) => new TurnOracle(city).Search(from, to);

    /// <summary>What the turns between the stretches of a route cost.</summary>
    internal static double Turning(RestrictedCity city, RoadPosition from, IReadOnlyList<RoadPiece> pieces)
    {
        var oracle = new TurnOracle(city);
        // Who stands at a crossing has driven nothing yet, and what lies at one is reached without turning into its street.
        int[] arcs = [.. pieces.Where(static piece => !piece.Begin.Equals(piece.End)).Select(static piece => 2 * piece.Edge + (piece.Begin < piece.End ? 0 : 1))];
        double back = arcs.Length > 0 && IsTurnedBack(from, arcs[0]) ? city.Turns.Back : 0;
        return back + Enumerable.Range(1, Math.Max(arcs.Length - 1, 0)).Sum(index => oracle.Turn(arcs[index - 1], arcs[index]));
    }

    /// <summary>Whether every stretch may be driven after those before it: the direction, the closures, every rule.</summary>
    internal static bool MayBeDriven(RestrictedCity city, IReadOnlyList<RoadPiece> pieces)
    {
        var oracle = new TurnOracle(city);
        RoadPiece[] driven = [.. pieces.Where(static piece => !piece.Begin.Equals(piece.End))];
        int[] arcs = [.. driven.Select(static piece => 2 * piece.Edge + (piece.Begin < piece.End ? 0 : 1))];
        return Enumerable.Range(0, arcs.Length).All(index => oracle.Exists(arcs[index])
            && !oracle.IsClosed(arcs[index], Math.Abs(driven[index].End - driven[index].Begin))
            && (index == 0 || (oracle.Head(arcs[index - 1]) == oracle.Tail(arcs[index])
                && oracle.Allowed((oracle.Tail(arcs[index]), index < 2 ? -1 : arcs[index - 2], arcs[index - 1]), arcs[index]))));
    }

    private double Search(RoadPosition from, RoadPosition to)
    {
        double best = double.PositiveInfinity;
        RoadEdge start = edges[from.Edge], end = edges[to.Edge];
        if (from.Edge == to.Edge)
        {
            foreach (int arc in new[] { 2 * from.Edge, 2 * from.Edge + 1 }.Where(arc => Exists(arc) && Comes(to, arc)))
            {
                double ahead = (arc & 1) == 0 ? to.Fraction - from.Fraction : from.Fraction - to.Fraction;
                best = Math.Min(best, ahead < 0 || IsClosed(arc, ahead) ? double.PositiveInfinity : ahead * start.Seconds + (IsTurnedBack(from, arc) ? city.Turns.Back : 0));
            }

            best = from.Fraction.Equals(to.Fraction) ? 0 : best;
        }

        var times = new Dictionary<(long Node, int Before, int Last), double>();
        var queue = new PriorityQueue<(long Node, int Before, int Last), double>();
        foreach (int arc in new[] { 2 * from.Edge, 2 * from.Edge + 1 })
        {
            double ahead = (arc & 1) == 0 ? 1 - from.Fraction : from.Fraction;
            bool standsAtNode = ahead == 0 && (from.Direction == RoadDirection.Either || !Exists(arc));
            if ((Exists(arc) || ahead == 0) && !IsClosed(arc, ahead))
            {
                Add((Head(arc), -1, standsAtNode ? -1 : arc), ahead * start.Seconds + (IsTurnedBack(from, arc) ? city.Turns.Back : 0));
            }
        }

        while (queue.TryDequeue(out (long Node, int Before, int Last) state, out double time))
        {
            if (time > times[state])
            {
                continue;
            }

            foreach (int arc in new[] { 2 * to.Edge, 2 * to.Edge + 1 }.Where(arc => Tail(arc) == state.Node && Comes(to, arc)))
            {
                double part = (arc & 1) == 0 ? to.Fraction : 1 - to.Fraction;
                if (part == 0 || (Exists(arc) && !IsClosed(arc, part) && Allowed(state, arc)))
                {
                    best = Math.Min(best, time + part * end.Seconds + (part == 0 ? 0 : Turn(state.Last, arc)));
                }
            }

            for (int arc = 0; arc < 2 * edges.Length; arc++)
            {
                if (Exists(arc) && !city.Closed.Contains(arc) && Tail(arc) == state.Node && Allowed(state, arc))
                {
                    Add((Head(arc), state.Last, arc), time + edges[arc / 2].Seconds + Turn(state.Last, arc));
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
    }

    // Part of a closed street may be driven to leave it or to come to a place on it; the whole of it is passing through.
    private bool IsClosed(int arc, double part) => part == 1 && city.Closed.Contains(arc);

    private double Turn(int from, int into)
    {
        if (from < 0)
        {
            return 0;
        }

        if (from / 2 == into / 2 && from != into)
        {
            return city.Turns.Back;
        }

        if (edges.Sum(edge => (edge.FromNode == Head(from) ? 1 : 0) + (edge.ToNode == Head(from) ? 1 : 0)) <= 2)
        {
            return 0;
        }

        LonLat[] arriving = Shape(from), leaving = Shape(into);
        int steps = (Bearing(leaving[0], leaving[1]) - Bearing(arriving[^2], arriving[^1]) + 256 + 128) % 256 - 128;
        return Math.Abs(steps) switch
        {
            <= 28 => city.Turns.Straight,
            >= 121 => city.Turns.Back,
            _ => steps > 0 ? city.Turns.Right : city.Turns.Left,
        };
    }

    // Of 256 in a circle, as the product rounds; points that follow each other are different, but for a street from a place to itself.
    private static int Bearing(LonLat from, LonLat to) => (int)Math.Floor(Geodesy.BearingDegrees(from, to) / 360 * 256 + 0.5) % 256;

    private LonLat[] Shape(int arc) => (arc & 1) == 0 ? edges[arc / 2].Geometry : [.. edges[arc / 2].Geometry.Reverse()];

    private static bool IsTurnedBack(RoadPosition from, int arc) => from.Direction == ((arc & 1) == 0 ? RoadDirection.Against : RoadDirection.Along);

    private static bool Comes(RoadPosition to, int arc) => to.Direction != ((arc & 1) == 0 ? RoadDirection.Against : RoadDirection.Along);

    private bool Exists(int arc) => (arc & 1) == 0 || !edges[arc / 2].Oneway;

    private long Tail(int arc) => (arc & 1) == 0 ? edges[arc / 2].FromNode : edges[arc / 2].ToNode;

    private long Head(int arc) => (arc & 1) == 0 ? edges[arc / 2].ToNode : edges[arc / 2].FromNode;

    private long Way(int arc) => edges[arc / 2].Id;

    private bool Allowed((long Node, int Before, int Last) state, int next) => city.Rules.All(rule =>
    {
        bool applies = rule.ViaNode is { } via
            ? state.Last >= 0 && Way(state.Last) == rule.FromWay && state.Node == via
            : state is { Last: >= 0, Before: >= 0 } && Way(state.Before) == rule.FromWay && Way(state.Last) == rule.ViaWays[0]
                && state.Before / 2 != state.Last / 2;
        if (!applies || (rule.ExemptsEmergency && city.Profile != RoadProfile.Normal))
        {
            return true;
        }

        bool Named(int arc) => Exists(arc) && Tail(arc) == state.Node && Way(arc) == rule.ToWay
            && (rule.ViaNode is null || rule.FromWay != rule.ToWay || arc == (state.Last ^ 1));
        return rule.Only ? Named(next) || !Enumerable.Range(0, 2 * edges.Length).Any(Named) : !Named(next);
    });
}
