namespace GeoDispatch.Roads;

/// <summary>What decides the times of streets and turns.</summary>
/// <param name="Profile">What drives.</param>
public sealed record RoadMoment(RoadProfile Profile)
{
    /// <summary>What turns cost; those of the profile if nothing else is said.</summary>
    public TurnCosts Turns { get; init; } = TurnCosts.Of(Profile);

    /// <summary>0 to 167, hour 0 begins on Monday at 00:00 of the city's time; null where the hour changes nothing.</summary>
    public int? HourOfWeek { get; init; }

    /// <summary>Null where nothing is learned.</summary>
    public LearnedSpeeds? Learned { get; init; }

    /// <summary>The closures and slow-downs in force.</summary>
    public IReadOnlyList<RoadCondition> Conditions { get; init; } = [];

    /// <summary>How large the vehicle is; it counts for <see cref="RoadProfile.Large"/> alone.</summary>
    public VehicleSize Size { get; init; } = VehicleSize.Large;

    /// <summary>Every street takes the time that its edge was given, and every turn is free.</summary>
    public static RoadMoment AsGiven(RoadProfile profile = RoadProfile.Emergency) => new(profile) { Turns = TurnCosts.None, KeepsGivenTimes = true };

    /// <summary>True where every street takes the time that its edge was given, whatever the profile and the hour.</summary>
    public bool KeepsGivenTimes { get; init; }
}

/// <summary>Works out the times of every arc for a moment: of the edge's own, by class and hour, learned, slowed down, closed.</summary>
internal static class RoadWeighing
{
    /// <exception cref="ArgumentException">A condition names an arc that the graph has not, or a factor or cost is no number of 0 or more.</exception>
    internal static RoadWeights Of(RoadGraph graph, Lazy<RoadArrays> reversed, RoadMoment moment)
    {
        TurnCosts turns = moment.Turns;
        if (!(turns.Straight >= 0 && turns.Right >= 0 && turns.Left >= 0 && turns.Back >= 0 && double.IsFinite(turns.Straight + turns.Right + turns.Left + turns.Back)))
        {
            throw new ArgumentException($"A turn costs 0 seconds or more: {turns}", nameof(moment));
        }

        bool withSirens = moment.Profile != RoadProfile.Normal;
        double[] usual = Usual(graph, moment, withSirens);
        var passing = (double[])usual.Clone();
        foreach ((int arc, double share) in Slowest(graph.Arrays, moment.Conditions.Where(condition => Binds(condition, moment))))
        {
            usual[arc] /= share > 0 ? share : 1;
            passing[arc] = share > 0 ? usual[arc] : double.PositiveInfinity;
        }

        bool[] refused = Array.ConvertAll(graph.Streets, street => Refuses(street, moment));
        for (int edge = 0; edge < graph.EdgeCount; edge++)
        {
            if (refused[graph.StreetOf[edge]])
            {
                passing[2 * edge] = passing[2 * edge + 1] = double.PositiveInfinity;
            }
        }

        return new RoadWeights(graph.Arrays, reversed, usual, passing, turns, emergency: withSirens);
    }

    /// <summary>
    /// What holds without some closures: as <see cref="Of"/> for a moment that has the others alone, but worked out on the streets of these
    /// closures only, so that it is cheap enough for every unit that stands in one.
    /// </summary>
    /// <param name="weights">With all of them.</param>
    /// <param name="others">The moment with the others.</param>
    /// <param name="opened">Each closes what it names, and holds in <paramref name="weights"/>.</param>
    internal static RoadWeights Open(RoadGraph graph, RoadWeights weights, RoadMoment others, IEnumerable<RoadCondition> opened)
    {
        (double[] usual, double[] passing) = ((double[])weights.Usual.Clone(), (double[])weights.Passing.Clone());
        Dictionary<int, double> shares = Slowest(graph.Arrays, others.Conditions.Where(condition => Binds(condition, others)));
        foreach (int arc in opened.Where(condition => Binds(condition, others)).SelectMany(static condition => condition.Arcs).Distinct())
        {
            // What is closed keeps its usual time, so that only a slow-down beside the closure is still to be counted.
            double share = shares.GetValueOrDefault(arc, 1);
            usual[arc] /= share > 0 ? share : 1;
            passing[arc] = share > 0 && !Refuses(graph.Streets[graph.StreetOf[arc >> 1]], others) ? usual[arc] : double.PositiveInfinity;
        }

        return weights.With(usual, passing);
    }

    private static bool Binds(RoadCondition condition, RoadMoment moment) => !(condition.EmergencyPasses && moment.Profile != RoadProfile.Normal);

    private static bool Refuses(RoadStreet street, RoadMoment moment) => moment.Profile switch
    {
        RoadProfile.Normal => street.EmergencyOnly,
        RoadProfile.Large => street.LargeForbidden || !moment.Size.Fits(street.Bears),
        _ => false,
    };

    private static double[] Usual(RoadGraph graph, RoadMoment moment, bool withSirens)
    {
        RoadArrays roads = graph.Arrays;
        RoadSpeeds[] speeds = Array.ConvertAll(graph.Streets, street => moment.KeepsGivenTimes ? RoadSpeeds.AsGiven : RoadSpeeds.Of(street, moment));
        double[] seconds = new double[2 * roads.Seconds.Length];
        for (int edge = 0; edge < roads.Seconds.Length; edge++)
        {
            seconds[2 * edge] = seconds[2 * edge + 1] = speeds[graph.StreetOf[edge]].Seconds(roads.Seconds[edge], roads.Meters[edge]);
        }

        if (moment is { Learned: { } learned, HourOfWeek: { } hour })
        {
            for (int arc = 0; arc < seconds.Length; arc++)
            {
                double taught = learned.Seconds(arc, hour, withSirens);
                seconds[arc] = taught > 0 && double.IsFinite(taught) ? taught : seconds[arc];
            }
        }

        return seconds;
    }

    /// <exception cref="ArgumentException">The condition names an arc that is not there, or its share of the speed is not 0 to 1.</exception>
    internal static void MustFit(RoadArrays roads, RoadCondition condition)
    {
        if (condition.SpeedFactor is not (>= 0 and <= 1))
        {
            throw new ArgumentException($"Condition {condition.Id}: a share of the speed is 0 to 1, not {condition.SpeedFactor}.", nameof(condition));
        }

        foreach (int arc in condition.Arcs)
        {
            if (arc < 0 || arc >= 2 * roads.Seconds.Length)
            {
                throw new ArgumentException($"Condition {condition.Id}: the graph has no arc {arc}.", nameof(condition));
            }
        }
    }

    /// <summary>What is left of the speed of each arc that a condition names: where several do, the least counts.</summary>
    private static Dictionary<int, double> Slowest(RoadArrays roads, IEnumerable<RoadCondition> conditions)
    {
        var shares = new Dictionary<int, double>();
        foreach (RoadCondition condition in conditions)
        {
            MustFit(roads, condition);
            foreach (int arc in condition.Arcs)
            {
                shares[arc] = Math.Min(shares.GetValueOrDefault(arc, 1), condition.SpeedFactor);
            }
        }

        return shares;
    }
}
