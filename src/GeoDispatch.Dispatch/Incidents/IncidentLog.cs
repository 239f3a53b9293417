using System.Globalization;
using Dapper;
using GeoDispatch.City;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>
/// Carries out commands. Each in one transaction: lock the incident, load its events, decide, append, update the read model, keep
/// the command's id, notify, commit; only then comes the answer. A command that was carried out before changes nothing.
/// </summary>
internal sealed class IncidentLog(Databases databases, CityProfiles city, TimeProvider clock)
{
    /// <summary>The channel on which <c>incidentId:version</c> is notified.</summary>
    internal const string Channel = "incident";

    private sealed record Known(string Kind, Guid IncidentId, Guid AccountId, byte[] Content);

    private sealed record EventRow(int Version, string Type, string Data, DateTimeOffset RecordedAt);

    private sealed record OneRow(Guid Id);

    /// <summary>Now, in whole microseconds, as PostgreSQL keeps it.</summary>
    internal DateTimeOffset Now
    {
        get
        {
            DateTimeOffset now = clock.GetUtcNow();
            return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        }
    }

    /// <summary>Opens a new incident under the next number of the day.</summary>
    /// <param name="opening">Makes the first event from the number, such as <c>I3</c>.</param>
    internal async Task<(IncidentDetail? Detail, Problem? Problem)> OpenAsync(
        Instruction given, Func<string, IncidentOpened> opening, CancellationToken cancellation)
    {
        CityProfile profile = await city.GetAsync(cancellation);
        DateTimeOffset now = Now;
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        Guid id = Guid.CreateVersion7(now);
        // The id of the command is taken first: two of the same wait for each other here, and the second finds the first done.
        if (await KeepCommandAsync(connection, given, id, now, cancellation) is { } known)
        {
            return await RepeatAsync(connection, known, given, null, cancellation);
        }

        DateOnly day = profile.DayOf(now);
        int number = await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            """
            INSERT INTO dispatch.daily_number AS today (day, last) VALUES (@day, 1)
            ON CONFLICT (day) DO UPDATE SET last = today.last + 1 RETURNING last
            """,
            new { day = day.ToDateTime(TimeOnly.MinValue) }, cancellationToken: cancellation));
        IncidentOpened first = opening(string.Create(CultureInfo.InvariantCulture, $"I{number}"));
        IncidentState state = IncidentState.None.Apply(first, now);
        await connection.ExecuteAsync(new CommandDefinition(
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
                now,
                by = given.By,
            },
            cancellationToken: cancellation));
        await WriteAsync(connection, id, 0, state, [first], given, now, cancellation);
        IncidentDetail? detail = await IncidentReader.FindAsync(connection, id, cancellation);
        await transaction.CommitAsync(cancellation);
        return (detail, null);
    }

    /// <summary>Does something with an incident that is there.</summary>
    /// <param name="decide">Given the state and the time; may look things up beforehand, not here.</param>
    internal async Task<(IncidentDetail? Detail, Problem? Problem)> AppendAsync(
        Guid incidentId, Instruction given, Func<IncidentState, DateTimeOffset, Decision> decide, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        if (await LockAsync(connection, incidentId, cancellation) is not { } log)
        {
            return (null, DispatchProblems.IncidentUnknown with { Value = incidentId.ToString() });
        }

        // The time is taken after the lock: versions and stamps then rise together.
        DateTimeOffset now = Now;
        if (await KeepCommandAsync(connection, given, incidentId, now, cancellation) is { } known)
        {
            return await RepeatAsync(connection, known, given, incidentId, cancellation);
        }

        int version = log.Length;
        if (!given.Fits(version))
        {
            return (null, DispatchProblems.Stale(given.IfMatch, version));
        }

        IncidentState state = log.Aggregate(
            IncidentState.None, static (state, row) => state.Apply(EventFormat.Read(row.Type, row.Data), row.RecordedAt));
        Decision decision = decide(state, now);
        if (decision.Refusal is { } refusal)
        {
            return (null, refusal);
        }

        state = decision.Events.Aggregate(state, (state, happened) => state.Apply(happened, now));
        try
        {
            await WriteAsync(connection, incidentId, version, state, decision.Events, given, now, cancellation);
            IncidentDetail? detail = await IncidentReader.FindAsync(connection, incidentId, cancellation);
            await transaction.CommitAsync(cancellation);
            return (detail, null);
        }
        catch (PostgresException conflict) when (conflict.ConstraintName == "one_active_assignment_of_a_unit")
        {
            await transaction.RollbackAsync(cancellation);
            return (null, await WhoHasItAsync(connection, decision.Events.OfType<UnitAssigned>().Single(), cancellation));
        }
    }

    /// <summary>Locks the incident and gives its events, in one round trip; null where there is none.</summary>
    private static async Task<EventRow[]?> LockAsync(NpgsqlConnection connection, Guid incidentId, CancellationToken cancellation)
    {
        await using SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(
            """
            SELECT id FROM dispatch.incident WHERE id = @incidentId FOR UPDATE;
            SELECT version, type, data::text AS Data, recorded_at AS RecordedAt
            FROM dispatch.incident_event WHERE incident_id = @incidentId ORDER BY version
            """,
            new { incidentId }, cancellationToken: cancellation));
        OneRow? locked = await answers.ReadSingleOrDefaultAsync<OneRow>();
        EventRow[] rows = [.. await answers.ReadAsync<EventRow>()];
        return locked is null ? null : rows;
    }

    /// <returns>Null where the command is new and its id now kept; what the id was used for where it is not.</returns>
    private static async Task<Known?> KeepCommandAsync(
        NpgsqlConnection connection, Instruction given, Guid incidentId, DateTimeOffset now, CancellationToken cancellation)
    {
        int kept = await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO dispatch.command (id, kind, incident_id, account_id, content, at)
            VALUES (@Id, @Kind, @incidentId, @AccountId, @Content, @at)
            ON CONFLICT DO NOTHING
            """,
            new { given.Id, given.Kind, incidentId, given.AccountId, given.Content, at = now }, cancellationToken: cancellation));
        return kept == 1 ? null : await connection.QuerySingleAsync<Known>(new CommandDefinition(
            "SELECT kind, incident_id AS IncidentId, account_id AS AccountId, content FROM dispatch.command WHERE id = @Id",
            new { given.Id }, cancellationToken: cancellation));
    }

    private static async Task<(IncidentDetail? Detail, Problem? Problem)> RepeatAsync(
        NpgsqlConnection connection, Known known, Instruction given, Guid? incidentId, CancellationToken cancellation) =>
        known.Kind == given.Kind && known.AccountId == given.AccountId && known.Content.AsSpan().SequenceEqual(given.Content)
            && (incidentId ?? known.IncidentId) == known.IncidentId
            ? (await IncidentReader.FindAsync(connection, known.IncidentId, cancellation), null)
            : (null, DispatchProblems.CommandReused(given.Id));

    private static async Task WriteAsync(
        NpgsqlConnection connection, Guid incidentId, int version, IncidentState state, IReadOnlyList<IncidentEvent> events, Instruction given,
        DateTimeOffset now, CancellationToken cancellation)
    {
        if (events.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(connection);
        foreach (IncidentEvent happened in events)
        {
            (string type, string data) = EventFormat.Write(happened);
            batch.Add(
                "INSERT INTO dispatch.incident_event (incident_id, version, type, data, recorded_at, recorded_by, account_id) VALUES ($1, $2, $3, $4::jsonb, $5, $6, $7)",
                incidentId, ++version, type, data, now.UtcDateTime, given.By, given.AccountId);
        }

        ReadModel.Update(batch, incidentId, version, state, events);
        batch.Add("SELECT pg_notify($1, $2)", Channel, $"{incidentId:D}:{version.ToString(CultureInfo.InvariantCulture)}");
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<Problem> WhoHasItAsync(NpgsqlConnection connection, UnitAssigned wanted, CancellationToken cancellation) =>
        DispatchProblems.UnitBusy(wanted.CallSign, await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            """
            SELECT incident.number FROM dispatch.assignment JOIN dispatch.incident ON incident.id = incident_id
            WHERE unit_id = @UnitId AND active
            """,
            new { wanted.UnitId }, cancellationToken: cancellation)) ?? "?");
}
