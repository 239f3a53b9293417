namespace GeoDispatch.Roads.Matching;

/// <summary>Tells what was driven from the places that a matcher decided on, one after the other; what is open goes on with the next.</summary>
internal sealed class PassFold(RoadArrays roads)
{
    private RoadPass? open;
    private double fraction;
    private DateTimeOffset until;

    /// <summary>Begins anew at a place, where the vehicle was from <paramref name="from"/> to <paramref name="to"/>.</summary>
    internal void Begin(int arc, double at, DateTimeOffset from, DateTimeOffset to, List<RoadPass> passes)
    {
        End(passes);
        open = new RoadPass(arc, at, at, from, to, false);
        (fraction, until) = (at, to);
    }

    /// <summary>The vehicle is still where it was.</summary>
    internal void Stand(DateTimeOffset to) => until = to;

    /// <summary>Drives on to a state over its way, the first arc of which is the open one.</summary>
    internal void Go(MatchState state, DateTimeOffset from, DateTimeOffset to, List<RoadPass> passes)
    {
        RoadPass pass = open!.Value;
        (int[] way, double at) = (state.Way, state.Fraction);
        if (state.Turned)
        {
            double end = Math.Max(pass.End, 1 - at);
            passes.Add(pass with { End = end, Leave = until });
            pass = new RoadPass(state.Arc, 1 - end, at, until, to, true);
        }
        else if (way.Length == 1)
        {
            pass = pass with { End = Math.Max(pass.End, at) };
        }
        else
        {
            double driven = (1 - fraction) * Meters(way[0]);
            double whole = driven + at * Meters(state.Arc) + way[1..^1].Sum(Meters);
            for (int index = 1; index < way.Length; index++)
            {
                DateTimeOffset moment = until + (from - until) * (whole > 0 ? Math.Min(1, driven / whole) : 1);
                passes.Add(pass with { End = 1, Leave = moment });
                pass = new RoadPass(way[index], 0, index == way.Length - 1 ? at : 0, moment, moment, true);
                driven += Meters(way[index]);
            }
        }

        open = pass;
        (fraction, until) = (at, to);
    }

    /// <summary>Ends what is open.</summary>
    internal void End(List<RoadPass> passes)
    {
        if (open is { } pass)
        {
            passes.Add(pass with { Leave = until });
        }

        open = null;
    }

    private double Meters(int arc) => roads.Meters[arc >> 1];
}
