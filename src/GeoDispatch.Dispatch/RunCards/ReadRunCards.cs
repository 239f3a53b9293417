using System.Text.Json;
using GeoDispatch.Dispatch.Codes;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Dispatch.RunCards;

/// <summary>
/// <c>GET /api/run-cards</c>: every card, with what the city's units could not fill of it; <c>POST /api/run-cards/gap</c>: the same of needs that
/// somebody is about to write, which changes nothing.
/// </summary>
internal static class ReadRunCards
{
    /// <param name="Missing">What all units of the city together leave open; null where nothing.</param>
    /// <param name="MissingNow">What those leave open that have a crew and are in service, at work or not; null where nothing.</param>
    internal sealed record Gap(MissingUnits? Missing, MissingUnits? MissingNow);

    /// <param name="Area">GeoJSON polygon in WGS 84; null holds everywhere.</param>
    /// <param name="Version">As <c>If-Match</c> of a change takes it.</param>
    internal sealed record CardView(
        Guid Id, string Name, string Type, int? Priority, JsonElement? Area, bool Synthetic, IReadOnlyList<UnitNeed> Needs, int Version, Gap Gap);

    internal sealed record CardsView(IReadOnlyList<CardView> Cards);

    internal sealed record GapRequest(IReadOnlyList<KeepRunCards.NeedRequest?>? Needs);

    /// <param name="board">Open to dispatchers.</param>
    internal static void Map(IEndpointRouteBuilder board)
    {
        board.MapGet("/run-cards", ListAsync).Produces<CardsView>();
        board.MapPost("/run-cards/gap", FindGapAsync).Produces<Gap>().ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> ListAsync(RunCardReader cards, CodeTables codes, CancellationToken cancellation)
    {
        Func<IReadOnlyList<UnitNeed>, Gap> gapOf = await PrepareAsync(cards, await codes.ListCapabilitiesAsync(cancellation), cancellation);
        return TypedResults.Ok(new CardsView([.. (await cards.ListAsync(cancellation)).Select(card => new CardView(
            card.Id, card.Name, card.Type, card.Priority, card.Area, card.Synthetic, card.Needs, card.Version, gapOf(card.Needs)))]));
    }

    private static async Task<IResult> FindGapAsync(GapRequest asked, RunCardReader cards, CodeTables codes, CancellationToken cancellation)
    {
        IReadOnlyList<Capability> known = await codes.ListCapabilitiesAsync(cancellation);
        return KeepRunCards.CheckNeeds(asked.Needs, known) is { } bad
            ? bad.ToResult()
            : TypedResults.Ok((await PrepareAsync(cards, known, cancellation))(KeepRunCards.NeedsOf(asked.Needs)));
    }

    /// <summary>Reads the units once, for however many cards.</summary>
    private static async Task<Func<IReadOnlyList<UnitNeed>, Gap>> PrepareAsync(
        RunCardReader cards, IReadOnlyList<Capability> known, CancellationToken cancellation)
    {
        Dictionary<string, (string Zh, string En)> names = known.ToDictionary(static one => one.Code, static one => (one.Name, one.NameEn));
        (IReadOnlyList<WorkingUnit> all, IReadOnlyList<WorkingUnit> ready) = await cards.ListUnitsAsync(cancellation);
        return needs => new Gap(MissingOf(needs, all), MissingOf(needs, ready));

        MissingUnits? MissingOf(IReadOnlyList<UnitNeed> needs, IReadOnlyList<WorkingUnit> units) =>
            MissingUnits.Of(IncidentNeeds.MissingOf(RunCardNeeds.Fill(needs, units)), code => names[code]);
    }
}
