using GeoDispatch.Dispatch.Codes;
using GeoDispatch.Dispatch.Incidents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Dispatch.RunCards;

/// <summary><c>GET /api/incidents/{id}/needs</c>: what its run card wants, which of its units fill that, and what is missing.</summary>
internal static class ReadNeeds
{
    internal sealed record CardNamed(Guid Id, string Name);

    internal sealed record Filler(Guid UnitId, string CallSign);

    /// <param name="FilledBy">One unit fills one need.</param>
    internal sealed record Need(string Capability, string Name, string NameEn, string Agency, int Wanted, IReadOnlyList<Filler> FilledBy, int Missing);

    /// <param name="Card">Null where no card fits the incident; then nothing is known to be needed.</param>
    /// <param name="Missing">Null where nothing is.</param>
    internal sealed record Answer(CardNamed? Card, IReadOnlyList<Need> Needs, MissingUnits? Missing);

    internal static void Map(IEndpointRouteBuilder group) => group.MapGet("/incidents/{id:guid}/needs", HandleAsync)
        .Produces<Answer>().ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> HandleAsync(Guid id, RunCardReader cards, CodeTables codes, CancellationToken cancellation)
    {
        if (await cards.FindAsync(id, cancellation) is not var (card, units))
        {
            return (DispatchProblems.IncidentUnknown with { Value = id.ToString() }).ToResult();
        }

        if (card is null)
        {
            return TypedResults.Ok(new Answer(null, [], null));
        }

        Dictionary<string, Capability> known = (await codes.ListCapabilitiesAsync(cancellation)).ToDictionary(static capability => capability.Code);
        IReadOnlyList<FilledNeed> filled = RunCardNeeds.Fill(card.Needs, units);
        return TypedResults.Ok(new Answer(
            new CardNamed(card.Id, card.Name),
            [.. filled.Select(need => new Need(
                need.Need.Capability, known[need.Need.Capability].Name, known[need.Need.Capability].NameEn, known[need.Need.Capability].Agency, need.Need.Count,
                [.. need.Units.Select(static unit => new Filler(unit.UnitId, unit.CallSign))], need.Missing))],
            MissingUnits.Of(RunCardNeeds.Missing(filled, code => (known[code].Name, known[code].NameEn)))));
    }
}
