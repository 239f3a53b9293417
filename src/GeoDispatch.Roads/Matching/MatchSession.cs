using GeoDispatch.Spatial;

namespace GeoDispatch.Roads.Matching;

/// <summary>
/// A trace while it comes. The most probable chain of places is kept by Viterbi's algorithm; a place is told once all chains that are still
/// possible go through it, or when too many wait.
/// </summary>
public sealed class MatchSession
{
    private readonly TraceMatcher matcher;
    private readonly int mostWaiting;
    private readonly PassFold fold;
    private readonly List<Step> waiting = [];
    private readonly Queue<Step?> untold = [];
    private Step? last;
    private DateTimeOffset? newest;
    private int lost, offRoad;

    internal MatchSession(TraceMatcher matcher, int mostWaiting)
    {
        (this.matcher, this.mostWaiting) = (matcher, mostWaiting);
        fold = new PassFold(matcher.Roads);
    }

    /// <summary>A point that was used, with the arcs it may have been on.</summary>
    private sealed class Step(TracePoint point, List<MatchState> states, bool isFirst, MatchBreak? why)
    {
        internal TracePoint Point => point;

        internal bool IsFirst => isFirst;

        /// <summary>Until it is told.</summary>
        internal MatchBreak? Break { get; set; } = why;

        /// <summary>The last time at which the vehicle was still there.</summary>
        internal DateTimeOffset Until { get; set; } = point.Time;

        internal List<MatchState> States { get; set; } = states;

        internal MatchState? Chosen { get; set; }
    }

    /// <summary>Takes the next point and gives what is decided with it: often nothing, then several at once.</summary>
    public TraceMatch Add(TracePoint point)
    {
        var passes = new List<RoadPass>();
        if (point.Time <= newest)
        {
            untold.Enqueue(null);
            return Tell(passes);
        }

        newest = point.Time;
        bool isGap = last is not null && point.Time - last.Until > MatchRules.LongestGap;
        if (last is not null && !isGap && Geodesy.DistanceMeters(last.Point.At, point.At) < MatchRules.ThinMeters)
        {
            Stand(last, point.Time);
            return Tell(passes);
        }

        List<MatchState> candidates = matcher.Candidates(point);
        List<MatchState> states = last is null || isGap || candidates.Count == 0
            ? [] : matcher.Continue(last.States, candidates, (point.Time - last.Point.Time).TotalSeconds);
        Step? step = null;
        if (states.Count > 0)
        {
            step = new Step(point, states, isFirst: false, null);
        }
        else if (candidates.Count == 0)
        {
            offRoad++;
        }
        else if (last is null || isGap || offRoad > 0 || ++lost > MatchRules.MostLost)
        {
            MatchBreak? why = last is null ? null : offRoad > 0 ? MatchBreak.OffRoad : isGap ? MatchBreak.Gap : MatchBreak.NoWay;
            DecideAll(passes);
            step = new Step(point, candidates, isFirst: true, why);
        }

        untold.Enqueue(step);
        if (step is not null)
        {
            (last, lost, offRoad) = (step, 0, 0);
            waiting.Add(step);
            DecideCommon(passes);
        }

        return Tell(passes);
    }

    /// <summary>Decides what is left. The next point begins a new trace.</summary>
    public TraceMatch End()
    {
        var passes = new List<RoadPass>();
        DecideAll(passes);
        fold.End(passes);
        TraceMatch rest = Tell(passes);
        (last, newest, lost, offRoad) = (null, null, 0, 0);
        return rest;
    }

    private void Stand(Step step, DateTimeOffset until)
    {
        step.Until = until;
        untold.Enqueue(step);
        if (step.Chosen is not null)
        {
            fold.Stand(until);
        }
    }

    private void DecideAll(List<RoadPass> passes)
    {
        if (waiting.Count > 0)
        {
            Decide(last!.States.MaxBy(static state => state.Score)!, waiting.Count, passes);
        }
    }

    /// <summary>Decides up to the newest state that all chains go through; where too many wait, the oldest by the best of the chains.</summary>
    private void DecideCommon(List<RoadPass> passes)
    {
        HashSet<MatchState> chains = [.. last!.States];
        for (int count = waiting.Count; count > 0; count--)
        {
            if (chains.Count == 1)
            {
                Decide(chains.Single(), count, passes);
                return;
            }

            chains = count == 1 ? chains : [.. chains.Select(static state => state.Before!)];
        }

        if (waiting.Count > mostWaiting)
        {
            MatchState oldest = Oldest(last.States.MaxBy(static state => state.Score)!);
            last.States = [.. last.States.Where(state => Oldest(state) == oldest)];
            Decide(oldest, 1, passes);
        }
    }

    private MatchState Oldest(MatchState state)
    {
        for (int back = 1; back < waiting.Count; back++)
        {
            state = state.Before!;
        }

        return state;
    }

    /// <summary>Settles the first <paramref name="count"/> of the waiting steps by the chain that ends in the state.</summary>
    private void Decide(MatchState state, int count, List<RoadPass> passes)
    {
        var chain = new MatchState[count];
        for (int index = count - 1; index >= 0; index--)
        {
            (chain[index], state) = (state, state.Before ?? state);
        }

        for (int index = 0; index < count; index++)
        {
            (Step step, MatchState chosen) = (waiting[index], chain[index]);
            step.Chosen = chosen;
            if (step.IsFirst)
            {
                fold.Begin(chosen.Arc, chosen.Fraction, step.Point.Time, step.Until, passes);
            }
            else
            {
                fold.Go(chosen, step.Point.Time, step.Until, passes);
            }
        }

        // What is decided needs no memory of how.
        chain[^1].Before = null;
        waiting.RemoveRange(0, count);
    }

    private TraceMatch Tell(List<RoadPass> passes)
    {
        var points = new List<MatchedPoint>();
        while (untold.TryPeek(out Step? step) && (step is null || step.Chosen is not null))
        {
            untold.Dequeue();
            points.Add(step is null ? default : new MatchedPoint(step.Chosen!.Position, step.Break));
            if (step is not null)
            {
                step.Break = null;
            }
        }

        return new TraceMatch(points, passes);
    }
}
