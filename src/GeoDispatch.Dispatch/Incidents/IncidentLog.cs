using System.Globalization;
using Dapper;
using GeoDispatch.City;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>Incidents in the log of events: opens them under the numbers of the day and carries out commands on them.</summary>
internal sealed class IncidentLog(EventLog log, Databases databases, CityProfiles city)
{
    /// <summary>Incidents as streams; the channel on which <c>incidentId:version</c> is notified bears their name.</summary>
    internal static readonly StreamKind<IncidentState, IncidentEvent> Incidents = new(
        "incident", 1, IncidentState.None, static (state, happened, at) => state.Apply(happened, at), ReadModel.Update,
        DispatchProblems.IncidentUnknown, DispatchProblems.Stale);

    internal DateTimeOffset Now => log.Now;

    /// <summary>Opens a new incident under the next number of the day.</summary>
    /// <param name="opening">Makes the first event from the number, such as <c>I3</c>.</param>
    internal async Task<(IncidentDetail? Detail, Problem? Problem)> OpenAsync(
        Instruction given, Func<string, IncidentOpened> opening, CancellationToken cancellation)
    {
        CityProfile profile = await city.GetAsync(cancellation);
        await using Undertaking doing = await log.BeginAsync(given, cancellation);
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
        await doing.WriteAsync(Incidents, new Found<IncidentState>(id, 0, IncidentState.None), [first], cancellation);
        IncidentDetail? detail = await IncidentReader.FindAsync(doing.Connection, id, cancellation);
        await doing.CommitAsync(cancellation);
        return (detail, null);
    }

    /// <summary>Does something with an incident that is there.</summary>
    /// <param name="decide">Given the state and the time; may look things up beforehand, not here.</param>
    internal Task<(IncidentDetail? Detail, Problem? Problem)> AppendAsync(
        Guid incidentId, Instruction given, Func<IncidentState, DateTimeOffset, Decision<IncidentEvent>> decide, CancellationToken cancellation) =>
        AppendAsync(incidentId, given, static (_, _) => Task.CompletedTask, decide, cancellation);

    /// <summary>The same, where the decision needs more than the incident.</summary>
    /// <param name="prepare">Called once the incident is locked: locks the units that it is about.</param>
    internal async Task<(IncidentDetail? Detail, Problem? Problem)> AppendAsync(
        Guid incidentId, Instruction given, Func<Undertaking, CancellationToken, Task> prepare,
        Func<IncidentState, DateTimeOffset, Decision<IncidentEvent>> decide, CancellationToken cancellation)
    {
        UnitAssigned? wanted = null;
        try
        {
            return await log.AppendAsync(
                Incidents, incidentId, given, prepare,
                (state, now) =>
                {
                    Decision<IncidentEvent> decision = decide(state, now);
                    wanted = decision.Events.OfType<UnitAssigned>().SingleOrDefault();
                    return decision;
                },
                IncidentReader.FindAsync, cancellation);
        }
        catch (PostgresException conflict) when (conflict.ConstraintName == "one_active_assignment_of_a_unit")
        {
            return (null, await WhoHasItAsync(wanted!, cancellation));
        }
    }

    private static async Task InsertAsync(Undertaking doing, Guid id, DateOnly day, IncidentOpened first, CancellationToken cancellation) =>
        await doing.Connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO dispatch.incident (id, number, day, version, status, type, priority, complaint, callback_number, caller_name,
                lon, lat, address, detail, read_back, found_by, caller_words, received_at, opened_at, opened_by)
            VALUES (@id, @number, @day, 0, 'waiting', @type, @priority, @complaint, @callbackNumber, @callerName,
                @lon, @lat, @address, @detail, @readBack, @foundBy, @callerWords, @receivedAt, @now, @by)
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
            },
            cancellationToken: cancellation));

    private async Task<Problem> WhoHasItAsync(UnitAssigned wanted, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return DispatchProblems.UnitBusy(wanted.CallSign, await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            """
            SELECT incident.number FROM dispatch.assignment JOIN dispatch.incident ON incident.id = incident_id
            WHERE unit_id = @UnitId AND active
            """,
            new { wanted.UnitId }, cancellationToken: cancellation)) ?? "?");
    }
}
