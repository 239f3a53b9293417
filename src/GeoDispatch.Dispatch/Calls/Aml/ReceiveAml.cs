using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Calls.Aml;

/// <summary>
/// <c>POST /api/telephony/aml</c>: the AML text of a telephone, by the exchange's or the short-message centre's key. It joins the open call of its
/// number, or the one that comes within five minutes; a text without a place joins none. The same text again changes nothing.
/// </summary>
internal static class ReceiveAml
{
    /// <param name="Number">Of the telephone that sent it.</param>
    /// <param name="Text">As it was received.</param>
    internal sealed record Request(string? Number, string? Text);

    /// <param name="CallId">The call that it joined; null where it waits for one, or has no place.</param>
    internal sealed record Receipt(bool HasPlace, Guid? CallId);

    internal static void Map(IEndpointRouteBuilder group) => group.MapPost("/telephony/aml", HandleAsync)
        .Produces<Receipt>().ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> HandleAsync(Request request, HttpContext http, EventLog log, CancellationToken cancellation)
    {
        string? number = PhoneNumber.Normalize(request.Number);
        (AmlMessage? message, Problem? problem) = AmlMessage.Read(request.Text);
        problem = HearTelephony.CheckKey(http)
            ?? (number is null ? CallProblems.NumberMalformed : null)
            ?? problem;
        if (problem is not null)
        {
            return problem.ToResult();
        }

        if (message!.At is not { } at)
        {
            return TypedResults.Ok(new Receipt(false, null));
        }

        (Instruction? given, _) = Instruction.Read(http, HearTelephony.CommandId(http, "aml", $"{number}\n{request.Text}"), "aml", request);
        DateTimeOffset now = log.Now;
        // A telephone whose clock is ahead does not outdate every later place.
        DateTimeOffset measured = message.MeasuredAt is { } told && told < now ? told : now;
        var place = new CallerLocated(at.Lon, at.Lat, message.RadiusMeters, "aml", message.ConfidencePercent, measured);
        return TypedResults.Ok(new Receipt(true, await WaitingPlaces.JoinAsync(log, given!, number!, place, cancellation)));
    }
}

/// <summary>Places of numbers that may call any moment: they wait five minutes for their call, then they are forgotten.</summary>
internal static class WaitingPlaces
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Whoever brings a call or a place of a number holds this to the end of his transaction: else both could come at once and miss each other.
    /// Taken before any stream is locked.
    /// </summary>
    internal static Task HoldAsync(NpgsqlConnection connection, string number, CancellationToken cancellation) => connection.ExecuteAsync(new CommandDefinition(
        "SELECT pg_advisory_xact_lock(hashtextextended(@number, 120))", new { number }, cancellationToken: cancellation));

    /// <summary>Tells the open call of the number, or lets the place wait.</summary>
    /// <returns>The call; null where it waits.</returns>
    internal static async Task<Guid?> JoinAsync(EventLog log, Instruction given, string number, CallerLocated place, CancellationToken cancellation)
    {
        await using Undertaking doing = await log.BeginAsync(given, cancellation);
        await HoldAsync(doing.Connection, number, cancellation);
        Guid? callId = await doing.Connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
            "SELECT id FROM dispatch.call WHERE number = @number AND status <> 'ended' ORDER BY received_at DESC LIMIT 1", new { number }, cancellationToken: cancellation));
        Found<CallState>? call = callId is { } id ? await doing.LockAsync(CallLog.Calls, id, cancellation) : null;
        if (await doing.KeepCommandAsync(callId ?? Guid.Empty, cancellation) is { } before)
        {
            return before.StreamId == Guid.Empty ? null : before.StreamId;
        }

        if (call is { } found)
        {
            await doing.WriteAsync(CallLog.Calls, found, CallDecider.Decide(found.State, new CallCommand.Tell(place), doing.Now).Events, cancellation);
        }
        else
        {
            (string _, string data) = EventFormat<CallEvent>.Write(place);
            await doing.Connection.ExecuteAsync(new CommandDefinition(
                """
                DELETE FROM dispatch.waiting_place WHERE at < @forgotten;
                INSERT INTO dispatch.waiting_place (number, place, at) VALUES (@number, @data::jsonb, @now)
                """,
                new { number, data, now = doing.Now, forgotten = doing.Now - Patience }, cancellationToken: cancellation));
        }

        await doing.CommitAsync(cancellation);
        return callId;
    }

    /// <summary>Takes the places that waited for this number, oldest first; they are told to the call in the same transaction.</summary>
    internal static async Task<IReadOnlyList<CallerLocated>> TakeAsync(Undertaking doing, string number, CancellationToken cancellation) =>
        [.. (await doing.Connection.QueryAsync<string>(new CommandDefinition(
            "WITH taken AS (DELETE FROM dispatch.waiting_place WHERE number = @number AND at >= @since RETURNING place, at) SELECT place::text FROM taken ORDER BY at",
            new { number, since = doing.Now - Patience }, cancellationToken: cancellation)))
            .Select(static data => (CallerLocated)EventFormat<CallEvent>.Read("callerLocated", data))];
}
