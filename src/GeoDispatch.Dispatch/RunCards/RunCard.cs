using System.Text.Json;

namespace GeoDispatch.Dispatch.RunCards;

/// <summary>What an incident needs (出动方案). The most specific card counts: one with an area before one without, then one with a priority.</summary>
/// <param name="Type">Code of the type of incident.</param>
/// <param name="Priority">Null holds for all.</param>
/// <param name="Area">GeoJSON polygon in WGS 84; null holds everywhere.</param>
/// <param name="Version">From 1; each change adds one.</param>
internal sealed record RunCard(
    Guid Id, string Name, string Type, int? Priority, JsonElement? Area, bool Synthetic, IReadOnlyList<UnitNeed> Needs, int Version)
{
    /// <summary>Whether both say the same, whatever their versions.</summary>
    internal bool Says(RunCard other) =>
        (Id, Name, Type, Priority, Synthetic) == (other.Id, other.Name, other.Type, other.Priority, other.Synthetic) && Needs.SequenceEqual(other.Needs)
        && (Area, other.Area) switch
        {
            (null, null) => true,
            ({ } area, { } otherArea) => JsonElement.DeepEquals(area, otherArea),
            _ => false,
        };
}

/// <summary>A unit that works on the incident, and what it can do.</summary>
internal sealed record WorkingUnit(Guid UnitId, string CallSign, IReadOnlyList<string> Capabilities);

/// <summary>A need, and the units that fill it.</summary>
internal sealed record FilledNeed(UnitNeed Need, IReadOnlyList<WorkingUnit> Units)
{
    internal int Missing => Need.Count - Units.Count;
}

/// <summary>Matches the units that were sent to what a card needs. Pure.</summary>
internal static class RunCardNeeds
{
    /// <summary>
    /// Fills as many needs as can be, one unit one need: a unit that can do several things gives way to one that can do only this
    /// (augmenting paths after Kuhn, 1955). A unit that was sent earlier is asked first.
    /// </summary>
    internal static IReadOnlyList<FilledNeed> Fill(IReadOnlyList<UnitNeed> needs, IReadOnlyList<WorkingUnit> units)
    {
        int[] places = [.. needs.SelectMany(static (need, index) => Enumerable.Repeat(index, need.Count))];
        int[] unitAt = Enumerable.Repeat(-1, places.Length).ToArray();
        for (int unit = 0; unit < units.Count; unit++)
        {
            TryPlace(unit, new bool[places.Length]);
        }

        return [.. needs.Select((need, index) => new FilledNeed(
            need, [.. places.Index().Where(place => place.Item == index && unitAt[place.Index] >= 0).Select(place => units[unitAt[place.Index]])]))];

        bool TryPlace(int unit, bool[] seen)
        {
            for (int place = 0; place < places.Length; place++)
            {
                if (!seen[place] && needs[places[place]].IsFilledBy(units[unit]))
                {
                    seen[place] = true;
                    if (unitAt[place] < 0 || TryPlace(unitAt[place], seen))
                    {
                        unitAt[place] = unit;
                        return true;
                    }
                }
            }

            return false;
        }
    }
}
