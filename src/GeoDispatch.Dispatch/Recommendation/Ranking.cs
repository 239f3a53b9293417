using System.Globalization;
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
internal sealed record RankedUnit(
    int Rank, Guid UnitId, string CallSign, string Agency, string StationName, double? Seconds, double Meters, string From, double? FixAgeSeconds,
    Reason Reason, double? LowSeconds = null, double? HighSeconds = null, double? LearnedShare = null, string Way = Candidate.Available,
    double ReadyInSeconds = 0, double? SavedSeconds = null, string? IncidentNumber = null, CoverCost? Cover = null);

/// <summary>In which order units should go and why. Pure: who may go and the road times are given.</summary>
internal static class Ranking
{
    private sealed record Arrival(Candidate Candidate, RoadEta Eta)
    {
        internal double Seconds => Candidate.ReadyInSeconds + Eta.Seconds;
    }

    /// <summary>
    /// Orders by arrival, soonest first, equal ones by their order in <paramref name="candidates"/>, each agency for itself. One that would be
    /// diverted stands in the list only where it saves what the policy asks.
    /// </summary>
    /// <param name="etas">By road: the candidates that a road leads from, by index.</param>
    /// <param name="costs">By unit, what sending it costs in cover.</param>
    internal static (IReadOnlyList<RankedUnit> Units, IReadOnlyList<LeftOutUnit> LeftOut) ByRoad(
        IReadOnlyList<Candidate> candidates, IEnumerable<RoadEta> etas, Wish wish, DivertPolicy policy, IReadOnlyDictionary<Guid, CoverCost> costs)
    {
        var units = new List<RankedUnit>();
        var leftOut = new List<LeftOutUnit>();
        IEnumerable<Arrival> arrivals = etas.OrderBy(static eta => eta.SourceIndex).Select(eta => new Arrival(candidates[eta.SourceIndex], eta));
        foreach (IGrouping<string, Arrival> agency in arrivals.GroupBy(static arrival => arrival.Candidate.Unit.Agency, StringComparer.Ordinal))
        {
            double first = agency.Where(static arrival => arrival.Candidate.Way != Candidate.Divert).Min(static arrival => (double?)arrival.Seconds) ?? double.PositiveInfinity;
            int rank = 0;
            foreach (Arrival arrival in agency.OrderBy(static arrival => arrival.Seconds))
            {
                double saved = first - arrival.Seconds;
                if (arrival.Candidate.Way == Candidate.Divert && !(saved >= policy.LeastSaved(arrival.Candidate.Unit.IncidentPriority!.Value, wish.Priority!.Value)))
                {
                    leftOut.Add(NotWorthIt(arrival.Candidate, saved));
                }
                else if (rank < wish.Limit)
                {
                    units.Add(Rank(++rank, arrival, saved, costs.GetValueOrDefault(arrival.Candidate.Unit.Id)));
                }
            }
        }

        return (units, leftOut);
    }

    /// <summary>Where no road leads to the place: by air line, without a time, so that nobody takes it for one. Nobody is diverted for that.</summary>
    internal static IReadOnlyList<RankedUnit> ByAirLine(IReadOnlyList<Candidate> candidates, int limit) =>
        [.. candidates.Where(static candidate => candidate.Way == Candidate.Available)
            .OrderBy(static candidate => candidate.Meters).ThenBy(static candidate => candidate.Unit.CallSign, StringComparer.Ordinal)
            .GroupBy(static candidate => candidate.Unit.Agency, StringComparer.Ordinal)
            .SelectMany(agency => agency.Take(limit).Select(static (candidate, rank) => new RankedUnit(
                rank + 1, candidate.Unit.Id, candidate.Unit.CallSign, candidate.Unit.Agency, candidate.Unit.StationName, null, candidate.Meters, candidate.From,
                candidate.FixAgeSeconds, Explain(candidate, null, null))))];

    internal static LeftOutUnit Unreachable(Candidate candidate) => Sifting.Out(candidate.Unit, "unreachable", "没有道路可到", "no road leads there");

    private static LeftOutUnit NotWorthIt(Candidate candidate, double saved) => saved > 0
        ? Sifting.Out(candidate.Unit, "notWorthDiverting", $"正前往 {candidate.Unit.IncidentNumber},改派只快 {Clock(saved)}", $"on its way to {candidate.Unit.IncidentNumber}, sooner by {Clock(saved)} alone")
        : Sifting.Out(candidate.Unit, "notWorthDiverting", $"正前往 {candidate.Unit.IncidentNumber},改派不会更快", $"on its way to {candidate.Unit.IncidentNumber}, and no sooner there");

    private static RankedUnit Rank(int rank, Arrival arrival, double saved, CoverCost? cost)
    {
        (Candidate candidate, RoadEta eta) = arrival;
        bool diverts = candidate.Way == Candidate.Divert;
        double? gained = diverts && double.IsFinite(saved) ? saved : null;
        return new RankedUnit(
            rank, candidate.Unit.Id, candidate.Unit.CallSign, candidate.Unit.Agency, candidate.Unit.StationName, arrival.Seconds, candidate.Meters,
            candidate.From, candidate.FixAgeSeconds, Explain(candidate, arrival, gained), eta.Band?.LowSeconds + candidate.ReadyInSeconds,
            eta.Band?.HighSeconds + candidate.ReadyInSeconds, eta.LearnedShare, candidate.Way, candidate.ReadyInSeconds, gained, candidate.Unit.IncidentNumber,
            candidate.Way == Candidate.Available ? cost : null);
    }

    private static Reason Explain(Candidate candidate, Arrival? arrival, double? saved)
    {
        string km = (candidate.Meters / 1000).ToString("0.0", CultureInfo.InvariantCulture);
        string band = arrival?.Eta.Band is { } of ? $" ({Clock(of.LowSeconds)}–{Clock(of.HighSeconds)})" : "";
        (string zh, string en) = arrival is { Eta.Seconds: var time }
            ? ($"道路 {Clock(time)}{band}", $"{Clock(time)}{band} by road")
            : ($"直线估算 {km} 公里", $"{km} km air line");
        (string state, string stateEn) = candidate.Way switch
        {
            Candidate.SoonFree => ($"{candidate.Unit.IncidentNumber} 交接中,约 {Clock(candidate.ReadyInSeconds)} 后可派", $"handing over {candidate.Unit.IncidentNumber}, free in about {Clock(candidate.ReadyInSeconds)}"),
            Candidate.Divert when saved is { } sooner => ($"改派自 {candidate.Unit.IncidentNumber}(P{candidate.Unit.IncidentPriority}),快 {Clock(sooner)}", $"diverted from {candidate.Unit.IncidentNumber} (P{candidate.Unit.IncidentPriority}), sooner by {Clock(sooner)}"),
            Candidate.Divert => ($"改派自 {candidate.Unit.IncidentNumber}(P{candidate.Unit.IncidentPriority}),别无可派", $"diverted from {candidate.Unit.IncidentNumber} (P{candidate.Unit.IncidentPriority}), nobody else can come"),
            _ => ("待命", "available"),
        };
        return candidate.From == "fix"
            ? new Reason($"{state} · {zh} · 定位 {Sifting.Age(candidate.FixAgeSeconds!.Value)} 前", $"{stateEn} · {en} · position {Sifting.Age(candidate.FixAgeSeconds.Value)} old")
            : new Reason($"{state} · {zh} · 按在站计", $"{stateEn} · {en} · taken to be at its station");
    }

    private static string Clock(double seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)seconds / 60}:{(int)seconds % 60:00}");
}
