using Dapper;
using GeoDispatch.Dispatch.Calls.Aml;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Postgres;
using Npgsql;
using static GeoDispatch.Dispatch.Calls.CallState;

namespace GeoDispatch.Dispatch.Calls;

/// <summary>Calls in the log of events: carries out commands on them, and those that an incident takes part in.</summary>
internal sealed class CallLog(EventLog log, CallReader reader, Requirements requirements)
{
    /// <summary>Calls as streams: locked before incidents.</summary>
    internal static readonly StreamKind<CallState, CallEvent> Calls = new(
        "call", 0, CallState.None, static (state, happened, at) => state.Apply(happened, at), Update, CallProblems.Unknown, CallProblems.Stale);

    internal DateTimeOffset Now => log.Now;

    /// <summary>Does something with a call that is there.</summary>
    internal Task<(CallSummary? Summary, Problem? Problem)> AppendAsync(
        Guid id, Instruction given, Func<DateTimeOffset, CallCommand> command, CancellationToken cancellation) => log.AppendAsync(
        Calls, id, given, (state, now) => CallDecider.Decide(state, command(now), now), reader.FindAsync, cancellation);

    /// <summary>Does something with a call that may be new: by the exchange, or entered by hand.</summary>
    /// <param name="exchangeId">The exchange's own id of the call; null makes a new call.</param>
    internal async Task<(CallSummary? Summary, Problem? Problem)> ReceiveAsync(
        string? exchangeId, Instruction given, CallCommand command, CancellationToken cancellation)
    {
        await using Undertaking doing = await log.BeginAsync(given, cancellation);
        string? number = command switch
        {
            CallCommand.Ring ring => ring.Number,
            CallCommand.AnswerAt answer => answer.Number,
            CallCommand.Enter enter => enter.Number,
            _ => null,
        };
        if (number is not null)
        {
            await WaitingPlaces.HoldAsync(doing.Connection, number, cancellation);
        }

        Guid id = Guid.CreateVersion7(log.Now);
        // Of two events of one new call the second waits here until the first has made its row.
        await doing.Connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO dispatch.call (id, exchange_id, version, status, source, since, received_at)
            VALUES (@id, @exchangeId, 0, 'ringing', 'telephone', @at, @at) ON CONFLICT (exchange_id) DO NOTHING
            """,
            new { id, exchangeId, at = log.Now }, cancellationToken: cancellation));
        id = exchangeId is null ? id : await doing.Connection.QuerySingleAsync<Guid>(new CommandDefinition(
            "SELECT id FROM dispatch.call WHERE exchange_id = @exchangeId", new { exchangeId }, cancellationToken: cancellation));
        Found<CallState> found = (await doing.LockAsync(Calls, id, cancellation))!.Value;
        if (await doing.KeepCommandAsync(id, cancellation) is { } before)
        {
            return before.Same && (exchangeId is null || before.StreamId == id)
                ? (await reader.FindAsync(doing.Connection, before.StreamId, cancellation), null)
                : (null, before.Refusal);
        }

        Decision<CallEvent> decision = CallDecider.Decide(found.State, command, doing.Now);
        if (decision.Refusal is { } refusal)
        {
            return (null, refusal);
        }

        IReadOnlyList<CallerLocated> places = number is null ? [] : await WaitingPlaces.TakeAsync(doing, number, cancellation);
        await doing.WriteAsync(Calls, found, [.. decision.Events, .. places], cancellation);
        CallSummary? summary = await reader.FindAsync(doing.Connection, id, cancellation);
        await doing.CommitAsync(cancellation);
        return (summary, null);
    }

    /// <summary>Merges a call into an incident, or splits it from the one it was merged into: both say so, or neither.</summary>
    /// <param name="incidentId">Null splits.</param>
    internal async Task<(CallSummary? Summary, Problem? Problem)> JoinAsync(
        Guid id, Guid? incidentId, string seat, Instruction given, CancellationToken cancellation)
    {
        await using Undertaking doing = await log.BeginAsync(given, cancellation);
        if (await doing.LockAsync(Calls, id, cancellation) is not { } call)
        {
            return (null, CallProblems.Unknown with { Value = id.ToString() });
        }

        CallFacts? facts = (call.State as Heard)?.Facts;
        Guid? with = incidentId ?? facts?.IncidentId;
        Found<IncidentState>? incident = with is { } other ? await doing.LockAsync(IncidentLog.Incidents, other, cancellation) : null;
        if (await doing.KeepCommandAsync(id, cancellation) is { } before)
        {
            return before.Repeats(id) ? (await reader.FindAsync(doing.Connection, id, cancellation), null) : (null, before.Refusal);
        }

        if (!given.Fits(call.Version))
        {
            return (null, CallProblems.Stale(given.IfMatch, call.Version));
        }

        if (incidentId is not null && incident is null)
        {
            return (null, DispatchProblems.IncidentUnknown with { Field = "incidentId", Value = incidentId.ToString() });
        }

        Decision<CallEvent> ofCall = CallDecider.Decide(
            call.State,
            incidentId is { } into ? new CallCommand.Merge(seat, into, NumberOf(incident!.Value.State)) : new CallCommand.Split(seat), doing.Now);
        if (ofCall.Refusal is { } refusal)
        {
            return (null, refusal);
        }

        Decision<IncidentEvent> ofIncident = IncidentDecider.Decide(
            incident!.Value.State,
            incidentId is not null ? new IncidentCommand.JoinCall(id, PhoneNumber.Mask(facts!.Number)) : new IncidentCommand.LeaveCall(id), doing.Now);
        if (ofIncident.Refusal is { } refused)
        {
            return (null, refused);
        }

        await doing.WriteAsync(Calls, call, ofCall.Events, cancellation);
        Found<IncidentState> joined = await doing.WriteAsync(IncidentLog.Incidents, incident.Value, ofIncident.Events, cancellation);
        await requirements.ReviseAsync(doing, joined, cancellation);
        CallSummary? summary = await reader.FindAsync(doing.Connection, id, cancellation);
        await doing.CommitAsync(cancellation);
        return (summary, null);
    }

    private static string NumberOf(IncidentState state) => state switch
    {
        IncidentState.Open open => open.Number,
        IncidentState.Closed closed => closed.Last.Number,
        _ => throw new InvalidOperationException("An incident that is there has been opened."),
    };

    /// <summary>Keeps <c>dispatch.call</c> as the events say.</summary>
    private static void Update(NpgsqlBatch batch, Guid id, int version, CallState state, IReadOnlyList<CallEvent> events)
    {
        var heard = (Heard)state;
        CallFacts facts = heard.Facts;
        batch.Add(
            """
            UPDATE dispatch.call SET version = $2, status = $3, source = $4, number = $5, seat = $6, since = $7, received_at = $8, rang_at = $9,
                answered_at = $10, line_ended_at = $11, recording_url = $12, result = $13, incident_id = $14, reason = $15, attempts = $16, line_open = $17
            WHERE id = $1
            """,
            id, version,
            heard switch { Ringing => "ringing", Answered => "answered", Parked => "parked", CallBack => "callBack", _ => "ended" },
            facts.Source, Or(facts.Number), Or((heard as Answered)?.Seat), heard.Since.UtcDateTime, facts.ReceivedAt.UtcDateTime, Or(facts.RangAt?.UtcDateTime),
            Or(facts.AnsweredAt?.UtcDateTime), Or(facts.LineEndedAt?.UtcDateTime), Or(facts.RecordingUrl), Or(facts.Result?.Text()), Or(facts.IncidentId),
            Or(heard is CallBack list ? list.Reason ?? "dropped" : null), facts.Attempts, facts.LineOpen);
        foreach (CallerLocated place in events.OfType<CallerLocated>())
        {
            batch.Add(
                """
                UPDATE dispatch.call SET lon = $2, lat = $3, uncertainty_meters = $4, located_by = $5, located_at = $6
                WHERE id = $1 AND (located_at IS NULL OR located_at <= $6)
                """,
                id, place.Lon, place.Lat, Or(place.UncertaintyMeters), place.By, place.At.UtcDateTime);
        }
    }

    private static object Or(object? value) => value ?? DBNull.Value;
}
