using System.Collections.Concurrent;
using GeoDispatch.Spatial;

namespace GeoDispatch.Roads.Matching;

/// <summary>An arc that a fix may have been on, after the one that this is most probable after.</summary>
/// <param name="fraction">Of the arc, in the direction of travel.</param>
internal sealed class MatchState(int arc, double fraction, LonLat at, double score)
{
    internal int Arc => arc;

    internal double Fraction => fraction;

    internal LonLat At => at;

    /// <summary>Logarithm of the probability of the chain that ends here; at first of the fix alone.</summary>
    internal double Score { get; init; } = score;

    internal MatchState? Before { get; set; }

    /// <summary>The arcs from the state before, both included; empty for the first.</summary>
    internal int[] Way { get; init; } = [];

    /// <summary>True where the vehicle turned round in the middle of the arc.</summary>
    internal bool Turned { get; init; }

    internal RoadPosition Position => new(arc >> 1, (arc & 1) == 0 ? fraction : 1 - fraction);
}

/// <summary>Finds the streets that traces of fixes were driven on. Safe to share between threads.</summary>
public sealed class TraceMatcher(RoadGraph graph)
{
    private readonly ConcurrentBag<MatchReach> idle = [];

    internal RoadArrays Roads => graph.Arrays;

    /// <summary>Matches a whole trace; its points are in the order of time.</summary>
    public TraceMatch Match(IEnumerable<TracePoint> trace)
    {
        MatchSession session = Begin();
        var points = new List<MatchedPoint>();
        var passes = new List<RoadPass>();
        foreach (TracePoint point in trace)
        {
            Keep(session.Add(point));
        }

        Keep(session.End());
        return new TraceMatch(points, passes);

        void Keep(TraceMatch piece)
        {
            points.AddRange(piece.Points);
            passes.AddRange(piece.Passes);
        }
    }

    /// <summary>Begins a trace whose points come one by one; a session serves one thread at a time.</summary>
    /// <param name="mostWaiting">A place is decided at the latest when so many after it are known; at least 1.</param>
    public MatchSession Begin(int mostWaiting = 60) => new(this, Math.Max(1, mostWaiting));

    /// <summary>Where the point may be, by itself.</summary>
    internal List<MatchState> Candidates(TracePoint point)
    {
        var states = new List<MatchState>();
        foreach (RoadSnap snap in graph.Near(point.At, MatchRules.RadiusMeters).Take(MatchRules.MostStreets))
        {
            double score = MatchRules.Emission(snap.DistanceMeters);
            (int edge, double fraction) = (snap.Position.Edge, snap.Position.Fraction);
            double? turn = point.HeadingDegrees is { } heading ? Math.Abs(Math.IEEERemainder(heading - BearingDegrees(snap.Position), 360)) : null;
            states.Add(new MatchState(2 * edge, fraction, snap.Point, score + (turn is { } along ? MatchRules.Heading(along) : 0)));
            if (!Roads.Oneway[edge])
            {
                states.Add(new MatchState(2 * edge + 1, 1 - fraction, snap.Point, score + (turn is { } against ? MatchRules.Heading(180 - against) : 0)));
            }
        }

        return states;
    }

    /// <summary>The candidates that a way leads to from a state before, each after the best of these, the most probable first.</summary>
    internal List<MatchState> Continue(IReadOnlyList<MatchState> before, List<MatchState> candidates, double seconds)
    {
        double beta = MatchRules.BetaMeters(seconds), turning = MatchRules.TurnRound * beta;
        double plausible = MatchRules.FastestMetersPerSecond * seconds + MatchRules.RadiusMeters;
        var best = new MatchState?[candidates.Count];
        double top = double.NegativeInfinity;
        MatchReach reach = idle.TryTake(out MatchReach? used) ? used : new MatchReach(Roads);
        foreach (MatchState from in before)
        {
            double[] air = [.. candidates.Select(to => Geodesy.DistanceMeters(from.At, to.At))];
            // What would fall behind the best by more than the beam need not be searched for.
            double spare = Math.Min(MatchRules.MostDetourMeters, beta * (from.Score - top + MatchRules.Beam));
            reach.Run(from.Arc, from.Fraction, Math.Min(plausible, air.Max() + spare) + turning, turning);
            for (int index = 0; index < candidates.Count; index++)
            {
                MatchState to = candidates[index];
                (double meters, int vertex, bool turned) = Way(reach, from, to, turning);
                double score = from.Score + to.Score - Math.Abs(meters - air[index]) / beta;
                if (meters > plausible + turning || meters - air[index] > MatchRules.MostDetourMeters || !(score > (best[index]?.Score ?? double.NegativeInfinity)))
                {
                    continue;
                }

                top = Math.Max(top, score);
                best[index] = new MatchState(to.Arc, to.Fraction, to.At, score)
                {
                    Before = from,
                    Way = turned ? [from.Arc, to.Arc] : vertex < 0 ? [to.Arc] : reach.Way(vertex, to.Arc),
                    Turned = turned,
                };
            }
        }

        idle.Add(reach);
        return [.. best.OfType<MatchState>().Where(state => state.Score >= top - MatchRules.Beam).OrderByDescending(static state => state.Score)];
    }

    /// <summary>Metres from one state to another; the vertex before the other's arc, or −1 where both are on one street.</summary>
    private (double Meters, int Vertex, bool Turned) Way(MatchReach reach, MatchState from, MatchState to, double turning)
    {
        double length = Roads.Meters[to.Arc >> 1];
        double ahead = (to.Fraction - from.Fraction) * length;
        if (to.Arc == from.Arc && ahead > -MatchRules.BackMeters)
        {
            return (Math.Max(0, ahead), -1, false);
        }

        (double meters, int vertex) = reach.To(to.Arc, to.Fraction);
        double back = Math.Abs(1 - to.Fraction - from.Fraction) * length + turning;
        return to.Arc == (from.Arc ^ 1) && back < meters ? (back, -1, true) : (meters, vertex, false);
    }

    private double BearingDegrees(RoadPosition position)
    {
        const double Little = 0.02;
        return Geodesy.BearingDegrees(
            graph.PointAt(position with { Fraction = Math.Max(0, position.Fraction - Little) }),
            graph.PointAt(position with { Fraction = Math.Min(1, position.Fraction + Little) }));
    }
}
