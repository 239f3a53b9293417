using System.Globalization;
using Dapper;
using GeoDispatch.City;
using GeoDispatch.Dispatch.Calls;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>Incidents in the log of events: opens them under the numbers of the day and carries out commands on them.</summary>
internal sealed class IncidentLog(EventLog log, UnitLog units, CityProfiles city, Requirements requirements)
{
    /// <summary>Incidents as streams; the channel on which <c>incidentId:version</c> is notified bears their name.</summary>
    internal static readonly StreamKind<IncidentState, IncidentEvent> Incidents = new(
        "incident", 1, IncidentState.None, static (state, happened, at) => state.Apply(happened, at), ReadModel.Update,
        DispatchProblems.IncidentUnknown, DispatchProblems.Stale);

    internal DateTimeOffset Now => log.Now;

    /// <summary>Opens a new incident under the next number of the day; where it names a call, that says so in the same transaction.</summary>
    /// <param name="opening">Makes the first event from the number, such as <c>I3</c>; it names the seat where a call is named.</param>
    /// <param name="callId">The call that it is opened from.</param>
    internal async Task<(IncidentDetail? Detail, Problem? Problem)> OpenAsync(
        Instruction given, Func<string, IncidentOpened> opening, Guid? callId, CancellationToken cancellation)
    {
        CityProfile profile = await city.GetAsync(cancellation);
        await using Undertaking doing = await log.BeginAsync(given, cancellation);
        Found<CallState>? call = null;
        if (callId is { } from && (call = await doing.LockAsync(CallLog.Calls, from, cancellation)) is null)
        {
            return (null, CallProblems.Unknown with { Field = "callId", Value = from.ToString() });
        }

        DateTimeOffset now = doing.Now;
        Guid id = Guid.CreateVersion7(now);
        // The id of the command is taken first: two of the same wait for each other here, and the second finds the first done.
        if (await doing.KeepCommandAsync(id, cancellation) is { } before)
        {
            return before.Same ? (await IncidentReader.FindAsync(doing.Connection, before.StreamId, cancellation), null) : (null, before.Refusal);
        }

        DateOnly day = profile.DayOf(now);
        int number = await doing.Connection.ExecuteScalarAsync<int>(new CommandDefinition(
            """
            INSERT INTO dispatch.daily_number AS today (day, last) VALUES (@day, 1)
            ON CONFLICT (day) DO UPDATE SET last = today.last + 1 RETURNING last
            """,
            new { day = day.ToDateTime(TimeOnly.MinValue) }, cancellationToken: cancellation));
        IncidentOpened first = opening(string.Create(CultureInfo.InvariantCulture, $"I{number}"));
        await InsertAsync(doing, id, day, first, cancellation);
        await doing.WriteAsync(
            Incidents, new Found<IncidentState>(id, 0, IncidentState.None), [first, .. await requirements.BeginAsync(doing, callId, cancellation)], cancellation);
        if (call is { } held)
        {
            Decision<CallEvent> decision = CallDecider.Decide(held.State, new CallCommand.OpenIncident(first.Seat!, id, first.Number), now);
            if (decision.Refusal is { } refusal)
            {
                return (null, refusal);
            }

            await doing.WriteAsync(CallLog.Calls, held, decision.Events, cancellation);
        }

        IncidentDetail? detail = await IncidentReader.FindAsync(doing.Connection, id, cancellation);
        await doing.CommitAsync(cancellation);
        return (detail, null);
    }

    /// <summary>Does something with an incident that is there.</summary>
    /// <param name="decide">Given the state and the time; may look things up beforehand, not here.</param>
    internal Task<(IncidentDetail? Detail, Problem? Problem)> AppendAsync(
        Guid incidentId, Instruction given, Func<IncidentState, DateTimeOffset, Decision<IncidentEvent>> decide, CancellationToken cancellation) =>
        log.AppendAsync(Incidents, incidentId, given, decide, IncidentReader.FindAsync, cancellation);

    /// <summary>Does something with several incidents, or with units that no other command may send meanwhile: all of it or nothing.</summary>
    /// <param name="incidentIds">The first one answers the command, and <c>If-Match</c> is of it. Written in this order.</param>
    /// <param name="unitIds">They are locked after the incidents.</param>
    /// <param name="decide">Given the states in the order of the ids, and why each unit cannot be sent, null where it can; a decision for each incident.</param>
    /// <param name="also">What else belongs into the transaction.</param>
    internal async Task<(IReadOnlyList<IncidentDetail>? Details, Problem? Problem)> UndertakeAsync(
        Instruction given, IReadOnlyList<Guid> incidentIds, IReadOnlyList<Guid> unitIds,
        Func<IReadOnlyList<IncidentState>, IReadOnlyDictionary<Guid, Problem?>, DateTimeOffset, IReadOnlyList<Decision<IncidentEvent>>> decide,
        CancellationToken cancellation, Func<NpgsqlConnection, Task>? also = null)
    {
        await using Undertaking doing = await log.BeginAsync(given, cancellation);
        var found = new Dictionary<Guid, Found<IncidentState>>();
        foreach (Guid id in incidentIds.Order())
        {
            if (await doing.LockAsync(Incidents, id, cancellation) is not { } incident)
            {
                return (null, DispatchProblems.IncidentUnknown with { Value = id.ToString() });
            }

            found.Add(id, incident);
        }

        var obstacles = new Dictionary<Guid, Problem?>();
        foreach (Guid unitId in unitIds.Order())
        {
            obstacles.Add(unitId, await units.LockToSendAsync(doing, unitId, cancellation));
        }

        if (await doing.KeepCommandAsync(incidentIds[0], cancellation) is { } before)
        {
            return before.Repeats(incidentIds[0]) ? (await ReadAsync(doing.Connection, incidentIds, cancellation), null) : (null, before.Refusal);
        }

        if (!given.Fits(found[incidentIds[0]].Version))
        {
            return (null, DispatchProblems.Stale(given.IfMatch, found[incidentIds[0]].Version));
        }

        IReadOnlyList<Decision<IncidentEvent>> decisions = decide([.. incidentIds.Select(id => found[id].State)], obstacles, doing.Now);
        if (decisions.Select(static decision => decision.Refusal).FirstOrDefault(static refusal => refusal is not null) is { } refusal)
        {
            return (null, refusal);
        }

        foreach ((Guid id, Decision<IncidentEvent> decision) in incidentIds.Zip(decisions))
        {
            await doing.WriteAsync(Incidents, found[id], decision.Events, cancellation);
        }

        if (also is not null)
        {
            await also(doing.Connection);
        }

        IReadOnlyList<IncidentDetail> details = await ReadAsync(doing.Connection, incidentIds, cancellation);
        await doing.CommitAsync(cancellation);
        return (details, null);
    }

    private static async Task<IReadOnlyList<IncidentDetail>> ReadAsync(NpgsqlConnection connection, IReadOnlyList<Guid> ids, CancellationToken cancellation)
    {
        var details = new List<IncidentDetail>();
        foreach (Guid id in ids)
        {
            details.Add((await IncidentReader.FindAsync(connection, id, cancellation))!);
        }

        return details;
    }

    private static async Task InsertAsync(Undertaking doing, Guid id, DateOnly day, IncidentOpened first, CancellationToken cancellation) =>
        await doing.Connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO dispatch.incident (id, number, day, version, status, type, priority, complaint, callback_number, caller_name,
                lon, lat, address, detail, read_back, found_by, caller_words, received_at, opened_at, opened_by, seat)
            VALUES (@id, @number, @day, 0, 'waiting', @type, @priority, @complaint, @callbackNumber, @callerName,
                @lon, @lat, @address, @detail, @readBack, @foundBy, @callerWords, @receivedAt, @now, @by, @seat)
            """,
            new
            {
                id,
                number = first.Number,
                day = day.ToDateTime(TimeOnly.MinValue),
                type = first.Type,
                priority = first.Priority,
                complaint = first.Complaint,
                callbackNumber = first.CallbackNumber,
                callerName = first.CallerName,
                lon = first.Place.Lon,
                lat = first.Place.Lat,
                address = first.Place.Address,
                detail = first.Place.Detail,
                readBack = first.Place.ReadBack,
                foundBy = first.Place.FoundBy,
                callerWords = first.Place.CallerWords,
                receivedAt = first.ReceivedAt,
                now = doing.Now,
                by = doing.Given.By,
                seat = first.Seat,
            },
            cancellationToken: cancellation));
}
