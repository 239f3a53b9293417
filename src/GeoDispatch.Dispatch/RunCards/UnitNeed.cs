using System.Globalization;
using System.Text.Json.Serialization;

namespace GeoDispatch.Dispatch.RunCards;

/// <summary>So many units with a capability.</summary>
/// <param name="Capability">Code; it belongs to one agency, so that it says whose units they are.</param>
/// <param name="Count">1 to 20.</param>
/// <param name="Also">Codes of what each of them has to have besides; null for nothing.</param>
public sealed record UnitNeed(
    string Capability, int Count, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Also = null)
{
    private const string Advanced = "als", Basic = "bls";

    internal bool IsFilledBy(WorkingUnit unit) =>
        unit.Capabilities.Contains(Capability) && (Also is null || Also.All(unit.Capabilities.Contains));

    /// <summary>Whether a unit that is sent for this one fills the other, too. An ambulance of advanced life support has the basic one.</summary>
    internal bool Covers(UnitNeed other) =>
        (Capability == other.Capability || (Capability, other.Capability) == (Advanced, Basic)) && (other.Also is null || (Also is not null && other.Also.All(Also.Contains)));

    internal bool Says(UnitNeed other) => (Capability, Count) == (other.Capability, other.Count) && (Also ?? []).SequenceEqual(other.Also ?? []);

    /// <summary>Chinese and English, such as <c>高级生命支持+负压</c>.</summary>
    internal (string Zh, string En) Named(Func<string, (string Zh, string En)> nameOf)
    {
        (string Zh, string En)[] names = [nameOf(Capability), .. (Also ?? []).Select(nameOf)];
        return (string.Join('+', names.Select(static name => name.Zh)), string.Join(" + ", names.Select(static name => name.En)));
    }
}

/// <summary>What somebody besides the run card asks of the response, such as the triage of its calls. The newest counts.</summary>
/// <param name="Source">By which it is asked: codes of determinants, or a caller's word.</param>
/// <param name="Agency">Code of the agency whose units are asked for.</param>
/// <param name="Priority">1 to 4, which it would have the incident be.</param>
/// <param name="IsTransfer">No emergency: no area is left bare for it.</param>
public sealed record Requirement(string Source, string Agency, int Priority, bool IsTransfer, IReadOnlyList<UnitNeed> Needs)
{
    internal bool Says(Requirement other) =>
        (Source, Agency, Priority, IsTransfer) == (other.Source, other.Agency, other.Priority, other.IsTransfer)
        && Needs.Count == other.Needs.Count && Needs.Zip(other.Needs).All(static pair => pair.First.Says(pair.Second));
}

/// <summary>What an incident needs, by its run card and by what else is required, and the units that work on it. Pure.</summary>
internal sealed record IncidentNeeds(RunCard? Card, Requirement? Required, IReadOnlyList<WorkingUnit> Units)
{
    internal IReadOnlyList<FilledNeed> OfCard { get; } = RunCardNeeds.Fill(Card?.Needs ?? [], Units);

    internal IReadOnlyList<FilledNeed> OfRequired { get; } = RunCardNeeds.Fill(Required?.Needs ?? [], Units);

    /// <summary>One for each unit that is still to be sent. One that fills what both ask is sent once.</summary>
    internal IReadOnlyList<UnitNeed> Missing
    {
        get
        {
            UnitNeed[] required = MissingOf(OfRequired);
            List<UnitNeed> both = [.. required], single = [.. required];
            foreach (UnitNeed asked in MissingOf(OfCard))
            {
                if (single.FirstOrDefault(other => other.Covers(asked)) is { } covers)
                {
                    single.Remove(covers);
                }
                else if (single.FirstOrDefault(asked.Covers) is { } covered)
                {
                    single.Remove(covered);
                    both[both.IndexOf(covered)] = asked;
                }
                else
                {
                    both.Add(asked);
                }
            }

            return both;
        }
    }

    /// <summary>One for each unit that is missing.</summary>
    internal static UnitNeed[] MissingOf(IReadOnlyList<FilledNeed> filled) =>
        [.. filled.SelectMany(static need => Enumerable.Repeat(need.Need with { Count = 1 }, need.Missing))];
}

/// <summary>Which units are missing, said in Chinese and English.</summary>
internal sealed record MissingUnits(string Zh, string En)
{
    /// <summary>Such as <c>缺: 云梯车 1</c>; null where nothing is.</summary>
    /// <param name="missing">One for each unit.</param>
    /// <param name="nameOf">Chinese and English name of a capability.</param>
    internal static MissingUnits? Of(IReadOnlyList<UnitNeed> missing, Func<string, (string Zh, string En)> nameOf)
    {
        (string Zh, string En)[] said =
        [
            .. missing.Select(need => need.Named(nameOf)).GroupBy(static name => name)
                .Select(static same => (same.Key, Count: same.Count().ToString(CultureInfo.InvariantCulture)))
                .Select(static one => ($"{one.Key.Zh} {one.Count}", $"{one.Key.En} {one.Count}")),
        ];
        return said.Length == 0
            ? null
            : new MissingUnits($"缺: {string.Join("、", said.Select(static one => one.Zh))}", $"Missing: {string.Join(", ", said.Select(static one => one.En))}");
    }
}
