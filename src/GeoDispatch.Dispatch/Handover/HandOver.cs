using System.Globalization;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Dispatch.Handover;

/// <summary>
/// The end of a shift and the beginning of the next: <c>POST /api/handovers</c> writes a note (交班), <c>…/{id}/accept</c> takes it over (接班);
/// <c>GET /api/handovers</c>, <c>/{id}</c>, and <c>/open</c>: what a note of now would hold. People's work: no key does it.
/// </summary>
internal static class HandOver
{
    private const int MostNotes = 100, UsualNotes = 20;

    /// <param name="Text">The dispatcher's own words, 1 to 2000 characters.</param>
    /// <param name="Seat">Where it is handed over, 1 to 60 characters.</param>
    internal sealed record WriteRequest(Guid? CommandId, string? Text, string? Seat);

    internal sealed record AcceptRequest(Guid? CommandId, string? Seat);

    internal sealed record Notes(IReadOnlyList<HandoverSummary> Handovers);

    internal static void Map(IEndpointRouteBuilder group)
    {
        RouteGroupBuilder notes = group.MapGroup("/handovers");
        notes.MapPost("", WriteAsync).Produces<HandoverNote>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest);
        notes.MapPost("/{id:guid}/accept", AcceptAsync).Produces<HandoverNote>().ProducesProblem(StatusCodes.Status409Conflict);
        notes.MapGet("", ListAsync).Produces<Notes>().ProducesProblem(StatusCodes.Status400BadRequest);
        notes.MapGet("/open", async (OpenThingsReader things, CancellationToken cancellation) => TypedResults.Ok(await things.ReadAsync(cancellation)));
        notes.MapGet("/{id:guid}", ReadAsync).Produces<HandoverNote>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> WriteAsync(WriteRequest request, HttpContext http, HandoverNotes notes, CancellationToken cancellation)
    {
        (Instruction? given, Problem? problem) = Instruction.Read(http, request.CommandId, "handOver", request);
        problem ??= Fields.Text("text", request.Text, 1, 2000) ?? CheckSeat(request.Seat);
        HandoverNote? note = null;
        if (problem is null)
        {
            (note, problem) = await notes.WriteAsync(given!, request.Seat!.Trim(), request.Text!.Trim(), cancellation);
        }

        return note is null ? problem!.ToResult() : TypedResults.Created($"/api/handovers/{note.Id:D}", note);
    }

    private static async Task<IResult> AcceptAsync(Guid id, AcceptRequest request, HttpContext http, HandoverNotes notes, CancellationToken cancellation)
    {
        (Instruction? given, Problem? problem) = Instruction.Read(http, request.CommandId, "takeOver", new { id, request.Seat });
        problem ??= CheckSeat(request.Seat);
        HandoverNote? note = null;
        if (problem is null)
        {
            (note, problem) = await notes.AcceptAsync(id, given!, request.Seat!.Trim(), cancellation);
        }

        return note is null ? problem!.ToResult() : TypedResults.Ok(note);
    }

    private static async Task<IResult> ListAsync(HandoverNotes notes, CancellationToken cancellation, string? limit = null)
    {
        int asked = UsualNotes;
        return limit is not null && !(int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out asked) && asked is >= 1 and <= MostNotes)
            ? DispatchProblems.BadField("limit", limit, $"1–{MostNotes}").ToResult()
            : TypedResults.Ok(new Notes(await notes.ListAsync(asked, cancellation)));
    }

    private static async Task<IResult> ReadAsync(Guid id, HandoverNotes notes, CancellationToken cancellation) =>
        await notes.FindAsync(id, cancellation) is { } note ? TypedResults.Ok(note) : (HandoverNotes.Unknown with { Value = id.ToString() }).ToResult();

    private static Problem? CheckSeat(string? seat) => Fields.Text("seat", seat, 1, 60);
}
