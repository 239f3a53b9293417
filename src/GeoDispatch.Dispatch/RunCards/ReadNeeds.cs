using GeoDispatch.Dispatch.Codes;
using GeoDispatch.Dispatch.Incidents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Dispatch.RunCards;

/// <summary><c>GET /api/incidents/{id}/needs</c>: what its run card and the triage of its calls want, which of its units fill that, and what is missing.</summary>
internal static class ReadNeeds
{
    internal sealed record CardNamed(Guid Id, string Name);

    internal sealed record Filler(Guid UnitId, string CallSign);

    /// <param name="Also">Codes of what such a unit has to have besides; the names say it, too.</param>
    /// <param name="FilledBy">One unit fills one need of the card and one that is required besides.</param>
    /// <param name="Source">By what it is required, such as the determinant of triage; null for the run card.</param>
    internal sealed record Need(
        string Capability, IReadOnlyList<string> Also, string Name, string NameEn, string Agency, int Wanted, IReadOnlyList<Filler> FilledBy, int Missing, string? Source);

    /// <param name="Card">Null where no card fits the incident.</param>
    /// <param name="Missing">Null where nothing is.</param>
    internal sealed record Answer(CardNamed? Card, IReadOnlyList<Need> Needs, MissingUnits? Missing);

    internal static void Map(IEndpointRouteBuilder group) => group.MapGet("/incidents/{id:guid}/needs", HandleAsync)
        .Produces<Answer>().ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> HandleAsync(Guid id, RunCardReader cards, CodeTables codes, CancellationToken cancellation)
    {
        if (await cards.FindAsync(id, cancellation) is not { } needs)
        {
            return (DispatchProblems.IncidentUnknown with { Value = id.ToString() }).ToResult();
        }

        Dictionary<string, Capability> known = (await codes.ListCapabilitiesAsync(cancellation)).ToDictionary(static capability => capability.Code);
        return TypedResults.Ok(new Answer(
            needs.Card is { } card ? new CardNamed(card.Id, card.Name) : null,
            [.. needs.OfCard.Select(need => View(need, null)), .. needs.OfRequired.Select(need => View(need, needs.Required!.Source))],
            MissingUnits.Of(needs.Missing, NameOf)));

        (string Zh, string En) NameOf(string code) => (known[code].Name, known[code].NameEn);

        Need View(FilledNeed filled, string? source)
        {
            (string name, string nameEn) = filled.Need.Named(NameOf);
            return new Need(
                filled.Need.Capability, filled.Need.Also ?? [], name, nameEn, known[filled.Need.Capability].Agency, filled.Need.Count,
                [.. filled.Units.Select(static unit => new Filler(unit.UnitId, unit.CallSign))], filled.Missing, source);
        }
    }
}
