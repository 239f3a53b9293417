using GeoDispatch.Dispatch.RunCards;
using GeoDispatch.Dispatch.Units;

namespace GeoDispatch.Dispatch.Recommendation;

/// <summary>What is still asked of an incident's units.</summary>
/// <param name="Agency">Code of the agency whose units are meant; of others nothing is asked.</param>
/// <param name="Missing">One for each unit that is still to be sent.</param>
internal sealed record Wanted(string Agency, bool IsTransfer, IReadOnlyList<UnitNeed> Missing)
{
    /// <summary>What is left of it beside the units that work on the incident already.</summary>
    internal static Wanted Of(Requirement required, Guid incidentId, IEnumerable<UnitView> units) => new(
        required.Agency, required.IsTransfer,
        IncidentNeeds.MissingOf(RunCardNeeds.Fill(required.Needs, [.. units.Where(unit => unit.IncidentId == incidentId).Select(Working)])));

    /// <summary>
    /// Who goes first so that as much as can be is filled, each need by whoever comes first for it: in the given order a unit is taken where with those
    /// before it all find a need of their own (the greedy way through a matroid, which is the best one for every order).
    /// </summary>
    /// <param name="units">All that may go, in the order in which they should.</param>
    internal Filling Fill(IReadOnlyList<UnitView> units)
    {
        WorkingUnit[] able = [.. units.Select(Working)];
        // One need after the other: that names each by its own place.
        IReadOnlyList<FilledNeed> filled = RunCardNeeds.Fill(Missing, able);
        return new Filling(
            filled.SelectMany(static need => need.Units.Select(unit => (unit.UnitId, need.Need))).ToDictionary(static one => one.UnitId, static one => one.Need),
            able.Where(unit => !Missing.Any(need => need.IsFilledBy(unit))).Select(static unit => unit.UnitId).ToHashSet(), IncidentNeeds.MissingOf(filled));
    }

    private static WorkingUnit Working(UnitView unit) => new(unit.Id, unit.CallSign, unit.Capabilities);
}

/// <summary>How units fill what is missing.</summary>
/// <param name="First">Those that go first, and what each is for.</param>
/// <param name="Unable">Those that fill nothing of it.</param>
/// <param name="Unfilled">What none of them can fill.</param>
internal sealed record Filling(IReadOnlyDictionary<Guid, UnitNeed> First, IReadOnlySet<Guid> Unable, IReadOnlyList<UnitNeed> Unfilled)
{
    internal static readonly Filling Nothing = new(new Dictionary<Guid, UnitNeed>(), new HashSet<Guid>(), []);
}
