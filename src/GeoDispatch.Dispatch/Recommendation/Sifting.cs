using System.Globalization;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Spatial;

namespace GeoDispatch.Dispatch.Recommendation;

/// <summary>Why, as shown to the dispatcher.</summary>
public sealed record Reason(string Zh, string En);

/// <summary>
/// A unit that is not suggested, and why: <c>otherAgency</c>, <c>otherDistrict</c>, <c>lacksCapability</c>, <c>outOfService</c>, <c>offDuty</c>,
/// <c>assigned</c>, <c>withPatient</c>, <c>resting</c>, <c>stalePosition</c>, <c>unreachable</c>, <c>notWorthDiverting</c>, <c>uncovers</c>.
/// </summary>
internal sealed record LeftOutUnit(Guid UnitId, string CallSign, string Agency, string Why, string? IncidentNumber, Reason Reason);

/// <summary>Where a unit that may go is taken to be, and how it comes to be free.</summary>
/// <param name="From">Where it was taken to be: <c>fix</c> its own position, <c>station</c> its station, <c>post</c> its standby point.</param>
/// <param name="Meters">Air line.</param>
/// <param name="Way"><c>available</c>; <c>soonFree</c> from its hospital; <c>divert</c> from another incident.</param>
/// <param name="ReadyInSeconds">Until it can start; 0 where it can now.</param>
/// <param name="IsOwnArea">Its station answers for the place (划片).</param>
internal sealed record Candidate(
    UnitView Unit, LonLat At, string From, double? FixAgeSeconds, double Meters, string Way = Candidate.Available, double ReadyInSeconds = 0, bool IsOwnArea = false)
{
    internal const string Available = "available", SoonFree = "soonFree", Divert = "divert";
}

/// <summary>Parts the units into those that may go to a place and those that may not, each with its reason. Pure: the moment is given.</summary>
internal static class Sifting
{
    /// <summary>An older position says nothing of where a vehicle is now.</summary>
    internal static readonly TimeSpan PositionHolds = TimeSpan.FromMinutes(2);

    /// <summary>From arriving at hospital until the unit is free, where too few were seen to know: our assumption.</summary>
    internal const double HandoverSeconds = 15 * 60;

    /// <summary>From handing over until free: cleaning, driving off. Our assumption.</summary>
    internal const double ClearSeconds = 3 * 60;

    /// <summary>Whoever is overdue may be free any moment, and is not counted as free now.</summary>
    private const double LeastWaitSeconds = 60;

    private const double AtStationMeters = 300;

    internal static (IReadOnlyList<Candidate> Candidates, IReadOnlyList<LeftOutUnit> LeftOut) Sift(
        IEnumerable<UnitView> units, Wish wish, RecommendationRules rules, DateTimeOffset now)
    {
        var candidates = new List<Candidate>();
        var leftOut = new List<LeftOutUnit>();
        HashSet<Guid> answering = rules.StationsOf(wish.Place);
        foreach (UnitView unit in units)
        {
            if (Refuse(unit, wish, rules, now) is { } refused)
            {
                leftOut.Add(refused);
            }
            else if (Locate(unit, wish.Place, now) is { } found)
            {
                Candidate here = found with { IsOwnArea = answering.Contains(unit.StationId) };
                candidates.Add(unit.Leg switch
                {
                    null => here,
                    AssignmentStatus.AtDestination => Waiting(here, rules.HandoverSeconds, now),
                    AssignmentStatus.HandedOver => Waiting(here, ClearSeconds, now),
                    _ => here with { Way = Candidate.Divert },
                });
            }
            else
            {
                string? age = unit.Position is { } fix ? Age((now - fix.Time).TotalSeconds) : null;
                leftOut.Add(age is null
                    ? Out(unit, "stalePosition", "没有定位", "no position")
                    : Out(unit, "stalePosition", $"定位已 {age} 未更新", $"position {age} old"));
            }
        }

        return (candidates, leftOut);
    }

    /// <summary>The units of an agency that could go anywhere at once, for whatever call.</summary>
    internal static Candidate[] Free(IEnumerable<UnitView> units, string agency, RecommendationRules rules, DateTimeOffset now) =>
        [.. Sift(units, new Wish(default, null, null, null, [agency], [], [], Wish.MostUnits), rules, now).Candidates.Where(static unit => unit.Way == Candidate.Available)];

    internal static LeftOutUnit Out(UnitView unit, string why, string zh, string en) =>
        new(unit.Id, unit.CallSign, unit.Agency, why, unit.IncidentNumber, new Reason(zh, en));

    internal static LeftOutUnit Lacks(UnitView unit, IEnumerable<Reason> what) =>
        Out(unit, "lacksCapability", $"不具备: {string.Join("、", what.Select(static one => one.Zh))}", $"lacks {string.Join(", ", what.Select(static one => one.En))}");

    internal static string Age(double seconds) => seconds < 120
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min");

    private static LeftOutUnit? Refuse(UnitView unit, Wish wish, RecommendationRules rules, DateTimeOffset now)
    {
        if (wish.Agencies.Count > 0 && !wish.Agencies.Contains(unit.Agency, StringComparer.Ordinal))
        {
            return Out(unit, "otherAgency", "其他单位的车辆", "of another agency");
        }

        if (wish.Districts.Count > 0 && !wish.Districts.Contains(unit.District, StringComparer.Ordinal))
        {
            return Out(unit, "otherDistrict", $"属 {unit.District}", $"of {unit.District}");
        }

        if (wish.Capabilities.Except(unit.Capabilities, StringComparer.Ordinal).ToArray() is { Length: > 0 } lacking)
        {
            return Lacks(unit, lacking.Select(code => rules.Capabilities[code]));
        }

        if (unit.Out is { } away)
        {
            return Out(unit, "outOfService", $"停用: {OutReason.Get(away.Reason).Name}", $"out of service: {OutReason.Get(away.Reason).NameEn}");
        }

        if (!unit.Duty.OnDuty)
        {
            return Out(unit, "offDuty", "不在班", "off duty");
        }

        return unit.Leg is { } leg ? RefuseBusy(unit, leg, wish, rules.Policy) : RefuseTired(unit, wish, now);
    }

    private static LeftOutUnit? RefuseBusy(UnitView unit, AssignmentStatus leg, Wish wish, DivertPolicy policy) => leg switch
    {
        AssignmentStatus.AtDestination or AssignmentStatus.HandedOver when unit.IncidentId != wish.IncidentId => null,
        AssignmentStatus.LeftScene or AssignmentStatus.AtDestination => Out(unit, "withPatient", $"{unit.IncidentNumber} 送院中", $"has a patient of {unit.IncidentNumber} on board"),
        AssignmentStatus.Notified or AssignmentStatus.Acknowledged or AssignmentStatus.EnRoute
            when unit.IncidentId != wish.IncidentId && wish.Priority is { } to && unit.IncidentPriority is { } from && policy.LeastSaved(from, to) is not null => null,
        _ => Out(unit, "assigned", $"正在执行 {unit.IncidentNumber}", $"working on {unit.IncidentNumber}"),
    };

    /// <summary>The rest rule binds where no life is at stake: for the two lower priorities.</summary>
    private static LeftOutUnit? RefuseTired(UnitView unit, Wish wish, DateTimeOffset now) =>
        wish.Priority is >= 3 && unit.FreedAt is { } freed && freed.AddMinutes(unit.RestMinutes) is var rested && rested > now
            ? Out(unit, "resting", $"休整中,还需 {Age((rested - now).TotalSeconds)}", $"resting for another {Age((rested - now).TotalSeconds)}")
            : null;

    /// <summary>Where it is taken to be; null where only an old position on the road is known.</summary>
    internal static Candidate? Locate(UnitView unit, LonLat place, DateTimeOffset now)
    {
        LonLat home = unit.Post is { } post ? new LonLat(post.Lon, post.Lat) : unit.Station;
        double? age = unit.Position is { } fix ? Math.Max(0, (now - fix.Time).TotalSeconds) : null;
        LonLat? position = unit.Position is { } known ? new LonLat(known.Lon, known.Lat) : null;
        return position is { } here && age <= PositionHolds.TotalSeconds
                ? new Candidate(unit, here, "fix", age, Geodesy.DistanceMeters(here, place))
            : unit.Leg is null or AssignmentStatus.Notified or AssignmentStatus.Acknowledged
                && (position is null || Geodesy.DistanceMeters(position.Value, home) <= AtStationMeters)
                ? new Candidate(unit, home, unit.Post is null ? "station" : "post", age, Geodesy.DistanceMeters(home, place))
            : null;
    }

    private static Candidate Waiting(Candidate here, double usualSeconds, DateTimeOffset now)
    {
        double been = here.Unit.LegSince is { } since ? Math.Max(0, (now - since).TotalSeconds) : 0;
        return here with { Way = Candidate.SoonFree, ReadyInSeconds = Math.Max(LeastWaitSeconds, usualSeconds - been) };
    }
}
