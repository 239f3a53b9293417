using System.Globalization;
using GeoDispatch.Dispatch.RunCards;
using GeoDispatch.Roads;

namespace GeoDispatch.Dispatch.Recommendation;

/// <summary>A unit that may go.</summary>
/// <param name="Rank">From 1, among those of its agency.</param>
/// <param name="Seconds">Until it is there: until it can start and by road from where it is; null where only the air line is known.</param>
/// <param name="Meters">Air line.</param>
/// <param name="From">Where it was taken to be: <c>fix</c> its own position, <c>station</c> its station, <c>post</c> its standby point.</param>
/// <param name="FixAgeSeconds">Age of its position; null where it never reported.</param>
/// <param name="LowSeconds">One of ten such trips is faster; null where too few were driven to know.</param>
/// <param name="HighSeconds">One of ten such trips is slower; null as <paramref name="LowSeconds"/>.</param>
/// <param name="LearnedShare">Share of the way on streets whose times the city's vehicles taught, 0 to 1; null without a way by road.</param>
/// <param name="Way"><c>available</c>; <c>soonFree</c>: it is handing over; <c>divert</c>: it is on its way to a less urgent incident.</param>
/// <param name="ReadyInSeconds">Until it can start, as of late; 0 where it can now.</param>
/// <param name="SavedSeconds">How much sooner it is there than the first one that need not be diverted; null where it need not be, or nobody else can come.</param>
/// <param name="IncidentNumber">What it works on now.</param>
/// <param name="Cover">What sending it costs; null where that is not known, and where it covers nothing now.</param>
/// <param name="IsOwnArea">Its station answers for the place (划片).</param>
/// <param name="Fills">What the incident's triage asks for and it would fill; null where nobody asked, or others go first.</param>
internal sealed record RankedUnit(
    int Rank, Guid UnitId, string CallSign, string Agency, string StationName, double? Seconds, double Meters, string From, double? FixAgeSeconds,
    Reason Reason, double? LowSeconds = null, double? HighSeconds = null, double? LearnedShare = null, string Way = Candidate.Available,
    double ReadyInSeconds = 0, double? SavedSeconds = null, string? IncidentNumber = null, CoverCost? Cover = null, bool IsOwnArea = false, Reason? Fills = null);

/// <summary>Who goes in which order.</summary>
/// <param name="Unfilled">What the incident's triage asks for and no unit in the list can fill.</param>
internal sealed record Ranked(IReadOnlyList<RankedUnit> Units, IReadOnlyList<LeftOutUnit> LeftOut, IReadOnlyList<UnitNeed> Unfilled);

/// <summary>In which order units should go and why. Pure: who may go and the road times are given.</summary>
internal static class Ranking
{
    private sealed record Arrival(Candidate Candidate, RoadEta? Eta, double Saved = 0)
    {
        internal double Seconds => Candidate.ReadyInSeconds + Eta!.Value.Seconds;
    }

    /// <summary>
    /// Orders by arrival, soonest first, equal ones by their order in <paramref name="candidates"/>, each agency for itself; one of the station that
    /// answers for the place goes before whoever is sooner by less than what its area may cost, and whoever fills what triage asks for goes before all
    /// others. One that would be diverted stands in the list only where it saves what the policy asks; for a transfer, nobody whose leaving would uncover
    /// an area.
    /// </summary>
    /// <param name="etas">By road: the candidates that a road leads from, by index.</param>
    /// <param name="costs">By unit, what sending it costs in cover.</param>
    internal static Ranked ByRoad(
        IReadOnlyList<Candidate> candidates, IEnumerable<RoadEta> etas, Wish wish, RecommendationRules rules, RecommendationSettings settings,
        IReadOnlyDictionary<Guid, CoverCost> costs)
    {
        var ranked = new List<Ranked>();
        IEnumerable<Arrival> arrivals = etas.OrderBy(static eta => eta.SourceIndex).Select(eta => new Arrival(candidates[eta.SourceIndex], eta));
        foreach (IGrouping<string, Arrival> agency in arrivals.GroupBy(static arrival => arrival.Candidate.Unit.Agency, StringComparer.Ordinal))
        {
            double first = agency.Where(static arrival => arrival.Candidate.Way != Candidate.Divert).Min(static arrival => (double?)arrival.Seconds) ?? double.PositiveInfinity;
            var may = new List<Arrival>();
            var leftOut = new List<LeftOutUnit>();
            foreach (Arrival arrival in agency.OrderBy(arrival => arrival.Seconds - GraceSeconds(arrival.Candidate, settings)).ThenBy(static arrival => arrival.Candidate.IsOwnArea ? 0 : 1))
            {
                Candidate candidate = arrival.Candidate;
                double saved = first - arrival.Seconds;
                if (candidate.Way == Candidate.Divert && !(saved >= rules.Policy.LeastSaved(candidate.Unit.IncidentPriority!.Value, wish.Priority!.Value)))
                {
                    leftOut.Add(NotWorthIt(candidate, saved));
                }
                else if (wish.IsTransfer && candidate.Way == Candidate.Available && !(costs.GetValueOrDefault(candidate.Unit.Id)?.LostAddresses <= settings.TransferMayUncover))
                {
                    leftOut.Add(Uncovers(candidate, costs.GetValueOrDefault(candidate.Unit.Id)));
                }
                else
                {
                    may.Add(arrival with { Saved = saved });
                }
            }

            // Where all would uncover something, whoever uncovers least stands first.
            LeftOutUnit[] uncovering = [.. leftOut.Where(static unit => unit.Why == UncoversWhy)
                .OrderBy(unit => costs.GetValueOrDefault(unit.UnitId)?.LostAddresses ?? int.MaxValue)];
            Ranked own = InOrder(may, wish, rules, costs);
            ranked.Add(own with { LeftOut = [.. uncovering, .. leftOut.Except(uncovering), .. own.LeftOut] });
        }

        return Together(ranked, wish);
    }

    /// <summary>Where no road leads to the place: by air line, without a time, so that nobody takes it for one. Nobody is diverted for that.</summary>
    internal static Ranked ByAirLine(IReadOnlyList<Candidate> candidates, Wish wish, RecommendationRules rules) => Together(
        [.. candidates.Where(static candidate => candidate.Way == Candidate.Available)
            .OrderBy(static candidate => candidate.Meters).ThenBy(static candidate => candidate.Unit.CallSign, StringComparer.Ordinal)
            .GroupBy(static candidate => candidate.Unit.Agency, StringComparer.Ordinal)
            .Select(agency => InOrder([.. agency.Select(static candidate => new Arrival(candidate, null))], wish, rules, new Dictionary<Guid, CoverCost>()))], wish);

    internal static LeftOutUnit Unreachable(Candidate candidate) => Sifting.Out(candidate.Unit, "unreachable", "没有道路可到", "no road leads there");

    internal const string UncoversWhy = "uncovers";

    /// <summary>The units of one agency, those that fill what triage asks for first. Who fills nothing of it goes only where nobody fills the rest.</summary>
    /// <param name="may">In the order in which they should go.</param>
    private static Ranked InOrder(IReadOnlyList<Arrival> may, Wish wish, RecommendationRules rules, IReadOnlyDictionary<Guid, CoverCost> costs)
    {
        Wanted? wanted = wish.Wanted is { Missing.Count: > 0 } asked && may.Count > 0 && may[0].Candidate.Unit.Agency == asked.Agency ? asked : null;
        Filling filling = wanted?.Fill([.. may.Select(static arrival => arrival.Candidate.Unit)]) ?? Filling.Nothing;
        bool isFilled = filling.Unfilled.Count == 0;
        Arrival[] order =
        [
            .. may.Where(arrival => !isFilled || !filling.Unable.Contains(arrival.Candidate.Unit.Id))
                .OrderBy(arrival => filling.First.ContainsKey(arrival.Candidate.Unit.Id) ? 0 : filling.Unable.Contains(arrival.Candidate.Unit.Id) ? 2 : 1),
        ];
        return new Ranked(
            [.. order.Take(wish.Limit).Select((arrival, rank) => Rank(
                rank + 1, arrival, costs.GetValueOrDefault(arrival.Candidate.Unit.Id),
                filling.First.TryGetValue(arrival.Candidate.Unit.Id, out UnitNeed? need) ? rules.NameOf(need) : null))],
            isFilled
                ? [.. may.Where(arrival => filling.Unable.Contains(arrival.Candidate.Unit.Id)).Select(arrival => Sifting.Lacks(arrival.Candidate.Unit, wanted!.Missing.Select(rules.NameOf).Distinct()))]
                : [],
            filling.Unfilled);
    }

    /// <summary>What nobody fills is said also where the agency has nobody at all.</summary>
    private static Ranked Together(IReadOnlyList<Ranked> ranked, Wish wish) => new(
        [.. ranked.SelectMany(static one => one.Units)], [.. ranked.SelectMany(static one => one.LeftOut)],
        wish.Wanted is { } wanted && !ranked.SelectMany(static one => one.Units).Any(unit => unit.Agency == wanted.Agency)
            ? wanted.Missing
            : [.. ranked.SelectMany(static one => one.Unfilled)]);

    /// <summary>So much later it may be there and still go first.</summary>
    private static double GraceSeconds(Candidate candidate, RecommendationSettings settings) =>
        candidate.IsOwnArea && candidate.Way != Candidate.Divert ? settings.OwnAreaMayCost.TotalSeconds : 0;

    private static LeftOutUnit NotWorthIt(Candidate candidate, double saved) => saved > 0
        ? Sifting.Out(candidate.Unit, "notWorthDiverting", $"正前往 {candidate.Unit.IncidentNumber},改派只快 {Clock(saved)}", $"on its way to {candidate.Unit.IncidentNumber}, sooner by {Clock(saved)} alone")
        : Sifting.Out(candidate.Unit, "notWorthDiverting", $"正前往 {candidate.Unit.IncidentNumber},改派不会更快", $"on its way to {candidate.Unit.IncidentNumber}, and no sooner there");

    private static LeftOutUnit Uncovers(Candidate candidate, CoverCost? cost) => cost is null
        ? Sifting.Out(candidate.Unit, UncoversWhy, "还没算出会不会留下空白", "whether it would leave an area bare is not worked out yet")
        : Sifting.Out(
            candidate.Unit, UncoversWhy, $"留下空白: {cost.LostAddresses} 个地址 {cost.TargetMinutes} 分钟内无车可到",
            $"would leave {cost.LostAddresses} addresses with nobody within {cost.TargetMinutes} min");

    private static RankedUnit Rank(int rank, Arrival arrival, CoverCost? cost, Reason? fills)
    {
        (Candidate candidate, RoadEta? eta, double saved) = arrival;
        bool diverts = candidate.Way == Candidate.Divert;
        double? gained = diverts && double.IsFinite(saved) ? saved : null;
        return new RankedUnit(
            rank, candidate.Unit.Id, candidate.Unit.CallSign, candidate.Unit.Agency, candidate.Unit.StationName, eta is null ? null : arrival.Seconds, candidate.Meters,
            candidate.From, candidate.FixAgeSeconds, Explain(arrival, gained), eta?.Band?.LowSeconds + candidate.ReadyInSeconds,
            eta?.Band?.HighSeconds + candidate.ReadyInSeconds, eta?.LearnedShare, candidate.Way, candidate.ReadyInSeconds, gained, candidate.Unit.IncidentNumber,
            candidate.Way == Candidate.Available ? cost : null, candidate.IsOwnArea, fills);
    }

    private static Reason Explain(Arrival arrival, double? saved)
    {
        Candidate candidate = arrival.Candidate;
        string km = (candidate.Meters / 1000).ToString("0.0", CultureInfo.InvariantCulture);
        string band = arrival.Eta?.Band is { } of ? $" ({Clock(of.LowSeconds)}–{Clock(of.HighSeconds)})" : "";
        (string zh, string en) = arrival.Eta is { Seconds: var time }
            ? ($"道路 {Clock(time)}{band}", $"{Clock(time)}{band} by road")
            : ($"直线估算 {km} 公里", $"{km} km air line");
        (string state, string stateEn) = candidate.Way switch
        {
            Candidate.SoonFree => ($"{candidate.Unit.IncidentNumber} 交接中,约 {Clock(candidate.ReadyInSeconds)} 后可派", $"handing over {candidate.Unit.IncidentNumber}, free in about {Clock(candidate.ReadyInSeconds)}"),
            Candidate.Divert when saved is { } sooner => ($"改派自 {candidate.Unit.IncidentNumber}(P{candidate.Unit.IncidentPriority}),快 {Clock(sooner)}", $"diverted from {candidate.Unit.IncidentNumber} (P{candidate.Unit.IncidentPriority}), sooner by {Clock(sooner)}"),
            Candidate.Divert => ($"改派自 {candidate.Unit.IncidentNumber}(P{candidate.Unit.IncidentPriority}),别无可派", $"diverted from {candidate.Unit.IncidentNumber} (P{candidate.Unit.IncidentPriority}), nobody else can come"),
            _ => ("待命", "available"),
        };
        if (candidate.IsOwnArea)
        {
            (state, stateEn) = ($"片区 · {state}", $"own area · {stateEn}");
        }

        return candidate.From == "fix"
            ? new Reason($"{state} · {zh} · 定位 {Sifting.Age(candidate.FixAgeSeconds!.Value)} 前", $"{stateEn} · {en} · position {Sifting.Age(candidate.FixAgeSeconds.Value)} old")
            : new Reason($"{state} · {zh} · 按在站计", $"{stateEn} · {en} · taken to be at its station");
    }

    private static string Clock(double seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)seconds / 60}:{(int)seconds % 60:00}");
}
