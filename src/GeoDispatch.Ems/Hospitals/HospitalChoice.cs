using System.Globalization;
using GeoDispatch.Dispatch.Recommendation;

namespace GeoDispatch.Ems.Hospitals;

/// <summary>What weighs how much where a hospital is chosen. All of it is ours until the city says otherwise.</summary>
public sealed record HospitalChoiceSettings
{
    /// <summary>So much longer than to the best one a patient of level 1 or 2 may be driven by his own wish. Default 10 minutes.</summary>
    public TimeSpan WishMayCost { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What it counts that no bed is free. Default 15 minutes.</summary>
    public TimeSpan NoBedCosts { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>What it counts that at most one bed in ten is free. Default 5 minutes.</summary>
    public TimeSpan FewBedsCost { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>So long a count of beds is believed. Default 2 hours.</summary>
    public TimeSpan BedsHold { get; init; } = TimeSpan.FromHours(2);
}

/// <summary>A hospital that somebody may be brought to.</summary>
/// <param name="Capabilities">What it can do at all.</param>
/// <param name="Open">What of that it can do now.</param>
/// <param name="Diversions">In force now, their ends in the city's own time.</param>
/// <param name="ReportAge">Null where it never reported.</param>
/// <param name="RoadSeconds">Null where no street leads there.</param>
/// <param name="HandoverSeconds">The usual time from arriving until handed over; null where too few were seen.</param>
internal sealed record HospitalOption(
    Guid Id, string Name, string NameEn, IReadOnlyList<string> Capabilities, IReadOnlyList<string> Open, IReadOnlyList<Diversion> Diversions, int? Beds, int? FreeBeds,
    TimeSpan? ReportAge, double? RoadSeconds, double? HandoverSeconds);

/// <summary>What the patient needs and wants.</summary>
/// <param name="Capabilities">All of these, by their codes; empty for whatever emergency department.</param>
/// <param name="Level">1 (濒危) to 4.</param>
/// <param name="HospitalId">The one that he or his family asks for.</param>
internal sealed record ChoiceWish(IReadOnlyList<string> Capabilities, int Level, Guid? HospitalId);

/// <summary>A hospital in its place.</summary>
/// <param name="Seconds">What it was ordered by: the sum of the three parts.</param>
/// <param name="HandoverSeconds">How much longer than usual in the city one waits there to hand over.</param>
/// <param name="LoadSeconds">What the shortage of beds counts.</param>
/// <param name="IsWish">The patient asks for it.</param>
internal sealed record RankedHospital(
    int Rank, Guid HospitalId, string Name, string NameEn, double Seconds, double RoadSeconds, double HandoverSeconds, double LoadSeconds, bool IsWish, Reason Reason);

/// <param name="Why"><c>lacksCapability</c>, <c>notOpen</c>, <c>diverting</c>, <c>unreachable</c>: the first of what stands in <paramref name="Reason"/>.</param>
internal sealed record LeftOutHospital(Guid HospitalId, string Name, string NameEn, double? RoadSeconds, string Why, Reason Reason);

/// <summary>Where to bring a patient.</summary>
/// <param name="Basis">
/// <c>able</c>: these can treat him now. Where nobody can, <c>stabilise</c>: the nearest that take patients; where all divert, <c>lastResort</c>: the nearest
/// of all; <c>none</c>: no street leads to any.
/// </param>
internal sealed record HospitalRanking(string Basis, Reason? Note, IReadOnlyList<RankedHospital> Hospitals, IReadOnlyList<LeftOutHospital> LeftOut);

/// <summary>
/// In which order hospitals suit a patient, and why. First who can and takes him at all; of these by time: on the road, waiting to hand over, and what a
/// shortage of beds counts. Pure: the road times and the state of the hospitals are given.
/// </summary>
internal static class HospitalChoice
{
    private const double ScarceShare = 0.1;

    private sealed record Obstacle(string Why, string Zh, string En);

    private sealed record Weighed(HospitalOption Option, double Handover, double Load)
    {
        internal double Road => Option.RoadSeconds!.Value;

        internal double Seconds => Road + Handover + Load;
    }

    /// <param name="cityHandoverSeconds">The usual time to hand over in the city; null where too few were seen.</param>
    internal static HospitalRanking Rank(IReadOnlyList<HospitalOption> options, ChoiceWish wish, double? cityHandoverSeconds, HospitalChoiceSettings settings)
    {
        (HospitalOption Option, IReadOnlyList<Obstacle> Obstacles)[] all = [.. options
            .OrderBy(static option => option.Name, StringComparer.Ordinal).ThenBy(static option => option.Id)
            .Select(option => (option, Obstacles(option, wish)))];
        (string Basis, Reason? Note, (HospitalOption Option, IReadOnlyList<Obstacle> Obstacles)[] Taken)[] steps =
        [
            ("able", null, [.. all.Where(static one => one.Obstacles.Count == 0)]),
            ("stabilise", new Reason("没有医院具备所需能力,就近稳定后转院", "no hospital can treat this now: the nearest that takes patients, to stabilise and transfer"),
                [.. all.Where(static one => one.Obstacles.All(static obstacle => obstacle.Why is "lacksCapability" or "notOpen"))]),
            ("lastResort", new Reason("各医院均分流,就近送往并先电话通知", "every hospital diverts: the nearest of all, to be told by telephone first"),
                [.. all.Where(static one => one.Option.RoadSeconds is not null)]),
        ];
        foreach ((string basis, Reason? note, var taken) in steps)
        {
            if (taken.Length > 0)
            {
                Weighed[] weighed = [.. taken.Select(one => Weigh(one.Option, cityHandoverSeconds, settings))];
                return new HospitalRanking(
                    basis, note, basis == "able" ? ByTime(weighed, wish, settings) : Nearest(taken, weighed, wish, settings), [.. all.Except(taken).Select(one => LeftOut(one.Option, one.Obstacles, wish))]);
            }
        }

        return new HospitalRanking("none", new Reason("没有道路可到任何医院", "no street leads to any hospital"), [], [.. all.Select(one => LeftOut(one.Option, one.Obstacles, wish))]);
    }

    /// <summary>A wish is met for levels 3 and 4, for the others where it costs no more than the limit.</summary>
    private static IReadOnlyList<RankedHospital> ByTime(Weighed[] able, ChoiceWish wish, HospitalChoiceSettings settings)
    {
        List<Weighed> order = [.. able.OrderBy(static one => one.Seconds).ThenBy(static one => one.Road)];
        Weighed? wished = order.Find(one => one.Option.Id == wish.HospitalId);
        double costs = wished is null ? 0 : wished.Seconds - order[0].Seconds;
        bool isMet = wish.Level >= 3 || costs <= settings.WishMayCost.TotalSeconds;
        if (wished is not null && isMet)
        {
            order.Remove(wished);
            order.Insert(0, wished);
        }

        (string Zh, string En) said = costs == 0 ? ("患者意愿", "the patient's wish")
            : isMet ? ($"患者意愿,多用 {Clock(costs)}", $"the patient's wish, costs {Clock(costs)}")
            : ($"患者意愿,但多用 {Clock(costs)},超过 {Clock(settings.WishMayCost.TotalSeconds)}", $"the patient's wish, but costs {Clock(costs)}, more than {Clock(settings.WishMayCost.TotalSeconds)}");
        return [.. order.Select((one, index) => Place(index + 1, one, one == wished, one == wished ? [said] : [], settings))];
    }

    private static IReadOnlyList<RankedHospital> Nearest(
        (HospitalOption Option, IReadOnlyList<Obstacle> Obstacles)[] taken, Weighed[] weighed, ChoiceWish wish, HospitalChoiceSettings settings) =>
        [.. weighed.Zip(taken).OrderBy(static one => one.First.Road)
            .Select((one, index) => Place(
                index + 1, one.First, one.First.Option.Id == wish.HospitalId, one.Second.Obstacles.Select(static obstacle => (obstacle.Zh, obstacle.En)), settings))];

    private static RankedHospital Place(int rank, Weighed one, bool isWish, IEnumerable<(string Zh, string En)> first, HospitalChoiceSettings settings)
    {
        var parts = new List<(string Zh, string En)>(first) { ($"道路 {Clock(one.Road)}", $"{Clock(one.Road)} by road") };
        if (one.Handover > 0)
        {
            parts.Add(($"交接多等 {Clock(one.Handover)}", $"{Clock(one.Handover)} longer to hand over"));
        }

        parts.Add(Beds(one.Option, one.Load, settings));
        if (one.Seconds > one.Road)
        {
            parts.Add(($"合计 {Clock(one.Seconds)}", $"{Clock(one.Seconds)} in all"));
        }

        return new RankedHospital(
            rank, one.Option.Id, one.Option.Name, one.Option.NameEn, one.Seconds, one.Road, one.Handover, one.Load, isWish,
            new Reason(string.Join(" · ", parts.Select(static part => part.Zh)), string.Join(" · ", parts.Select(static part => part.En))));
    }

    private static LeftOutHospital LeftOut(HospitalOption option, IReadOnlyList<Obstacle> obstacles, ChoiceWish wish)
    {
        bool isWish = option.Id == wish.HospitalId;
        return new LeftOutHospital(
            option.Id, option.Name, option.NameEn, option.RoadSeconds, obstacles[0].Why,
            new Reason(
                (isWish ? "患者意愿,但" : "") + string.Join(";", obstacles.Select(static obstacle => obstacle.Zh)),
                (isWish ? "the patient's wish, but " : "") + string.Join("; ", obstacles.Select(static obstacle => obstacle.En))));
    }

    private static List<Obstacle> Obstacles(HospitalOption option, ChoiceWish wish)
    {
        var found = new List<Obstacle>();
        HospitalCapability[] lacking = [.. wish.Capabilities.Except(option.Capabilities, StringComparer.Ordinal).Select(HospitalCapability.Get)];
        HospitalCapability[] shut = [.. wish.Capabilities.Intersect(option.Capabilities, StringComparer.Ordinal).Except(option.Open, StringComparer.Ordinal).Select(HospitalCapability.Get)];
        if (lacking.Length > 0)
        {
            found.Add(new Obstacle("lacksCapability", $"不具备:{Names(lacking)}", $"lacks {NamesEn(lacking)}"));
        }

        if (shut.Length > 0)
        {
            found.Add(new Obstacle("notOpen", $"暂不能接诊:{Names(shut)}", $"cannot take now: {NamesEn(shut)}"));
        }

        foreach (Diversion diversion in option.Diversions.Where(diversion => diversion.Capability is null || wish.Capabilities.Contains(diversion.Capability, StringComparer.Ordinal)))
        {
            (string what, string whatEn) = diversion.Capability is { } code ? ($"({HospitalCapability.Get(code).Name})", $" ({HospitalCapability.Get(code).NameEn})") : ("", "");
            string until = diversion.Until.ToString("HH:mm", CultureInfo.InvariantCulture);
            found.Add(new Obstacle("diverting", $"分流至 {until}{what}:{diversion.Reason}", $"diverts until {until}{whatEn}: {diversion.Reason}"));
        }

        if (option.RoadSeconds is null)
        {
            found.Add(new Obstacle("unreachable", "没有道路可到", "no street leads there"));
        }

        return found;
    }

    private static Weighed Weigh(HospitalOption option, double? cityHandoverSeconds, HospitalChoiceSettings settings) => new(
        option,
        option.HandoverSeconds is { } usual && cityHandoverSeconds is { } city ? Math.Max(0, usual - city) : 0,
        option.ReportAge > settings.BedsHold ? 0 : (option.Beds, option.FreeBeds) switch
        {
            (_, 0) => settings.NoBedCosts.TotalSeconds,
            ({ } beds, { } free) when free <= ScarceShare * beds => settings.FewBedsCost.TotalSeconds,
            _ => 0,
        });

    private static (string Zh, string En) Beds(HospitalOption option, double load, HospitalChoiceSettings settings)
    {
        string costs = load > 0 ? $" +{Clock(load)}" : "";
        return (option.ReportAge, option.FreeBeds) switch
        {
            (null, _) or (_, null) => ("床位未报", "beds not reported"),
            ({ } age, _) when age > settings.BedsHold => ($"床位 {age.TotalHours:0} 小时前报,请电话核实", $"beds reported {age.TotalHours:0} h ago: ask by telephone"),
            (_, 0) => ($"无空床{costs}", $"no bed free{costs}"),
            (_, { } free) => ($"空床 {free}/{option.Beds}{costs}", $"{free} of {option.Beds} beds free{costs}"),
        };
    }

    private static string Names(IEnumerable<HospitalCapability> capabilities) => string.Join("、", capabilities.Select(static capability => capability.Name));

    private static string NamesEn(IEnumerable<HospitalCapability> capabilities) => string.Join(", ", capabilities.Select(static capability => capability.NameEn));

    private static string Clock(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{(int)seconds / 60}:{(int)seconds % 60:00}");
}
