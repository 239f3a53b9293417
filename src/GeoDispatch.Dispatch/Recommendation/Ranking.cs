using System.Globalization;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Roads;
using GeoDispatch.Spatial;

namespace GeoDispatch.Dispatch.Recommendation;

/// <summary>Why, as shown to the dispatcher.</summary>
internal sealed record Reason(string Zh, string En);

/// <summary>A unit that may go.</summary>
/// <param name="Rank">From 1.</param>
/// <param name="Seconds">By road from where it is; null where only the air line is known.</param>
/// <param name="Meters">Air line.</param>
/// <param name="From">Where it was taken to be: <c>fix</c> its own position, <c>station</c> its station.</param>
/// <param name="FixAgeSeconds">Age of its position; null where it never reported.</param>
/// <param name="LowSeconds">One of ten such trips is faster; null where too few were driven to know.</param>
/// <param name="HighSeconds">One of ten such trips is slower; null as <paramref name="LowSeconds"/>.</param>
/// <param name="LearnedShare">Share of the way on streets whose times the city's vehicles taught, 0 to 1; null without a way by road.</param>
internal sealed record RankedUnit(
    int Rank, Guid UnitId, string CallSign, string StationName, double? Seconds, double Meters, string From, double? FixAgeSeconds, Reason Reason,
    double? LowSeconds = null, double? HighSeconds = null, double? LearnedShare = null);

/// <summary>A unit that is not suggested, and why: <c>assigned</c>, <c>stalePosition</c>, <c>unreachable</c>.</summary>
internal sealed record LeftOutUnit(Guid UnitId, string CallSign, string Why, string? IncidentNumber, Reason Reason);

/// <summary>Where a unit that may go is taken to be.</summary>
internal sealed record Candidate(UnitView Unit, LonLat At, string From, double? FixAgeSeconds, double Meters);

/// <summary>Who may go, in which order and why. Pure: positions, times and the moment are given.</summary>
internal static class Ranking
{
    /// <summary>An older position says nothing of where a vehicle is now.</summary>
    internal static readonly TimeSpan PositionHolds = TimeSpan.FromMinutes(2);

    private const double AtStationMeters = 300;

    /// <summary>Parts the units into those that may go and those that may not.</summary>
    internal static (IReadOnlyList<Candidate> Candidates, IReadOnlyList<LeftOutUnit> LeftOut) Sift(
        IEnumerable<UnitView> units, LonLat place, DateTimeOffset now)
    {
        var candidates = new List<Candidate>();
        var leftOut = new List<LeftOutUnit>();
        foreach (UnitView unit in units)
        {
            double? age = unit.Position is { } fix ? Math.Max(0, (now - fix.Time).TotalSeconds) : null;
            LonLat? position = unit.Position is { } known ? new LonLat(known.Lon, known.Lat) : null;
            if (!unit.IsAvailable)
            {
                leftOut.Add(new LeftOutUnit(unit.Id, unit.CallSign, "assigned", unit.IncidentNumber, new Reason(
                    $"正在执行 {unit.IncidentNumber}", $"working on {unit.IncidentNumber}")));
            }
            else if (position is { } here && age <= PositionHolds.TotalSeconds)
            {
                candidates.Add(new Candidate(unit, here, "fix", age, Geodesy.DistanceMeters(here, place)));
            }
            else if (position is null || Geodesy.DistanceMeters(position.Value, unit.Station) <= AtStationMeters)
            {
                candidates.Add(new Candidate(unit, unit.Station, "station", age, Geodesy.DistanceMeters(unit.Station, place)));
            }
            else
            {
                leftOut.Add(new LeftOutUnit(unit.Id, unit.CallSign, "stalePosition", null, new Reason(
                    $"定位已 {Age(age!.Value)} 未更新", $"position {Age(age.Value)} old")));
            }
        }

        return (candidates, leftOut);
    }

    /// <summary>Orders by road time as found: <paramref name="nearest"/> names candidates by index, soonest first.</summary>
    internal static IReadOnlyList<RankedUnit> ByRoad(IReadOnlyList<Candidate> candidates, IEnumerable<RoadEta> nearest) =>
        [.. nearest.Select((found, rank) => Rank(rank + 1, candidates[found.SourceIndex], found))];

    /// <summary>Where no road leads to the place: by air line, without a time, so that nobody takes it for one.</summary>
    internal static IReadOnlyList<RankedUnit> ByAirLine(IReadOnlyList<Candidate> candidates, int limit) =>
        [.. candidates.OrderBy(static candidate => candidate.Meters).ThenBy(static candidate => candidate.Unit.CallSign, StringComparer.Ordinal)
            .Take(limit).Select(static (candidate, rank) => Rank(rank + 1, candidate, null))];

    internal static LeftOutUnit Unreachable(Candidate candidate) => new(
        candidate.Unit.Id, candidate.Unit.CallSign, "unreachable", null, new Reason("没有道路可到", "no road leads there"));

    private static RankedUnit Rank(int rank, Candidate candidate, RoadEta? eta) => new(
        rank, candidate.Unit.Id, candidate.Unit.CallSign, candidate.Unit.StationName, eta?.Seconds, candidate.Meters, candidate.From,
        candidate.FixAgeSeconds, Explain(candidate, eta), eta?.Band?.LowSeconds, eta?.Band?.HighSeconds, eta?.LearnedShare);

    private static Reason Explain(Candidate candidate, RoadEta? eta)
    {
        string km = (candidate.Meters / 1000).ToString("0.0", CultureInfo.InvariantCulture);
        string band = eta?.Band is { } of ? $" ({Clock(of.LowSeconds)}–{Clock(of.HighSeconds)})" : "";
        (string zh, string en) = eta is { Seconds: var time } ? ($"道路 {Clock(time)}{band}", $"{Clock(time)}{band} by road") : ($"直线估算 {km} 公里", $"{km} km air line");
        return candidate.From == "fix"
            ? new Reason($"待命 · {zh} · 定位 {Age(candidate.FixAgeSeconds!.Value)} 前", $"available · {en} · position {Age(candidate.FixAgeSeconds.Value)} old")
            : new Reason($"待命 · {zh} · 按在站计", $"available · {en} · taken to be at its station");
    }

    private static string Clock(double seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)seconds / 60}:{(int)seconds % 60:00}");

    private static string Age(double seconds) => seconds < 120
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min");
}
