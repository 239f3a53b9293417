namespace GeoDispatch.Roads;

/// <summary>
/// What holds on the arrays of a graph for one profile at one moment: the seconds of every arc and of every kind of turn. A closure, an
/// hour, a learned speed is other weights, never another graph. Unchanging; safe to share between threads.
/// </summary>
internal sealed class RoadWeights
{
    private readonly RoadArrays roads;
    private readonly Lazy<RoadArrays> reversed;
    private readonly Lazy<double[]> reversedRows;

    /// <param name="usual">Seconds of each arc for whoever starts or ends on it, finite.</param>
    /// <param name="passing">Seconds of each arc for whoever drives through, infinite where nobody may.</param>
    internal RoadWeights(RoadArrays roads, Lazy<RoadArrays> reversed, double[] usual, double[] passing, TurnCosts turns, bool emergency)
    {
        (this.roads, this.reversed, Usual, Passing, Turns, IsEmergency) = (roads, reversed, usual, passing, turns, emergency);
        ByDifference = turns.ByDifference();
        DearestOnward = Math.Max(turns.Straight, Math.Max(turns.Left, turns.Right));
        Dearest = Math.Max(DearestOnward, turns.Back);
        Rows = Array.ConvertAll(roads.Rows, row => passing[row.Arc]);
        reversedRows = new(() => Array.ConvertAll(reversed.Value.Rows, row => passing[row.Arc]));
    }

    /// <summary>The same, but that streets take other times.</summary>
    internal RoadWeights With(double[] usual, double[] passing) => new(roads, reversed, usual, passing, Turns, IsEmergency);

    internal double[] Usual { get; }

    internal double[] Passing { get; }

    internal TurnCosts Turns { get; }

    /// <summary>True where turn restrictions do not bind that exempt emergency vehicles.</summary>
    internal bool IsEmergency { get; }

    /// <summary>Seconds of a turn by the difference of bearings in 256ths of a circle.</summary>
    internal double[] ByDifference { get; }

    /// <summary>Seconds of the dearest turn.</summary>
    internal double Dearest { get; }

    /// <summary>Seconds of the dearest turn that does not lead back.</summary>
    internal double DearestOnward { get; }

    /// <summary><see cref="Passing"/> in the order of the rows, so that a search reads it from one end to the other.</summary>
    internal double[] Rows { get; }

    /// <summary>The network that runs backwards.</summary>
    internal RoadArrays ReversedRoads => reversed.Value;

    /// <summary>Its rows.</summary>
    internal double[] ReversedRows => reversedRows.Value;

    /// <summary>
    /// Seconds of a share of an arc, for whoever stands on it or goes to a place on it. The whole of it is passing through: so a place at
    /// a crossing opens no closed street that meets there.
    /// </summary>
    internal double Part(int arc, double share) => share >= 1 ? Passing[arc] : share * Usual[arc];

    /// <summary>Seconds of turning from one arc into another.</summary>
    internal double TurnSeconds(int from, int into) => roads.Turn(from, into) switch
    {
        TurnKind.Straight => roads.IsBend(roads.Head(from)) ? 0 : Turns.Straight,
        TurnKind.Right => Turns.Right,
        TurnKind.Left => Turns.Left,
        _ => Turns.Back,
    };
}
