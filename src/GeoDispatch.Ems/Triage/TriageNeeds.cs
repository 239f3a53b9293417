using GeoDispatch.Dispatch.RunCards;

namespace GeoDispatch.Ems.Triage;

/// <summary>What triage asks of the response: crew, equipment and a second unit, as the determinants that were reached say it. Pure.</summary>
internal static class TriageNeeds
{
    private const string Agency = "ems", Basic = "bls", Advanced = "als", Transfer = "T";

    /// <summary>Determinants outweigh key words: who was asked is better known than who cried out.</summary>
    /// <returns>Null where nothing was reached and no word asks for anybody.</returns>
    internal static Requirement? Of(TriageView triage)
    {
        if (triage.Level is not { } level)
        {
            return null;
        }

        DeterminantView[] reached = [.. triage.Protocols.Select(static one => one.Determinant).OfType<DeterminantView>()];
        if (reached.Length > 0)
        {
            return Of(
                string.Join(' ', reached.Select(static one => one.Code)), level, [.. reached.Select(static one => one.Crew)],
                [.. reached.SelectMany(static one => one.Equipment).Distinct().Order(StringComparer.Ordinal)], reached.Any(static one => one.SecondUnit));
        }

        (string Word, KeyWordGroup Group)[] heard =
        [
            .. triage.Heard.Where(static one => one.Word is not null).Select(static one => (one.Word!, KeyWords.GroupOf(KeyWords.Table, one.Word!)))
                .Where(static one => one.Item2 is { Crew: not null }).Select(static one => (one.Item1, one.Item2!)).Distinct(),
        ];
        return heard.Length == 0 ? null : Of(
            string.Join(' ', heard.Select(static one => one.Word)), level, [.. heard.Select(static one => one.Group.Crew!)], [],
            heard.Any(static one => one.Group.SecondUnit));
    }

    private static Requirement Of(string source, string level, string[] crews, string[] equipment, bool isSecond)
    {
        string crew = crews.Contains(Advanced) ? Advanced : Basic;
        return new Requirement(source, Agency, TriageCodes.PriorityOf(level), level == Transfer,
        [
            new UnitNeed(crew, crew == Basic && isSecond && equipment.Length == 0 ? 2 : 1, equipment.Length > 0 ? equipment : null),
            .. isSecond && (crew != Basic || equipment.Length > 0) ? [new UnitNeed(Basic, 1)] : Array.Empty<UnitNeed>(),
        ]);
    }
}
