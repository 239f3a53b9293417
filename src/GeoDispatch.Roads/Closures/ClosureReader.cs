using System.Text.Json;
using Dapper;
using GeoDispatch.Spatial;
using Npgsql;

namespace GeoDispatch.Roads.Closures;

/// <summary>Which closures are asked for.</summary>
/// <param name="State">One of <see cref="Closure.States"/>; null those that have not ended.</param>
/// <param name="Moment">At which state and version are told.</param>
/// <param name="IsPast">True where the history is to be asked for that moment, false where it is now.</param>
internal sealed record ClosureQuery(string? State, Bbox? Box, DateTimeOffset Moment, bool IsPast);

/// <summary>One row of a closure's history: what was done, and the closure from then on.</summary>
internal sealed record ClosureEvent(int Version, string Type, DateTimeOffset At, string By, string Department, Closure After);

/// <summary>Reads closures as they stand, or as they stood at a past moment.</summary>
internal static class ClosureReader
{
    /// <summary>The most closures in one answer.</summary>
    internal const int MostClosures = 1_000;

    private sealed record Row(
        Guid Id, int Version, double SpeedFactor, bool EmergencyPasses, bool BothDirections, string Drawn, string Stretches, string Streets, string Laid,
        DateTimeOffset ValidFrom, DateTimeOffset? ValidUntil, DateTimeOffset? LiftedAt, string Reason, string? Words, DateTimeOffset MadeAt,
        string MadeBy, string Department)
    {
        internal Closure Closure => new(
            Id, Version,
            new ClosureTerms(SpeedFactor, EmergencyPasses, ClosureJson.ReadDrawing(JsonElement.Parse(Drawn)).Drawing!, BothDirections, ValidFrom, ValidUntil, Reason, Words),
            new Understood(
                JsonSerializer.Deserialize<Stretch[]>(Stretches, JsonSerializerOptions.Web)!,
                JsonSerializer.Deserialize<StreetPart[]>(Streets, JsonSerializerOptions.Web)!,
                ClosureJson.ReadLines(JsonElement.Parse(Laid)), 0),
            LiftedAt, MadeAt, MadeBy, Department);
    }

    private sealed record EventRow(int EventVersion, string Type, DateTimeOffset RecordedAt, string RecordedBy, string EventDepartment);

    /// <summary>One closure; null where there is none, or was none at the moment.</summary>
    /// <param name="at">The past moment to read it at; null reads it as it stands.</param>
    internal static async Task<Closure?> FindAsync(NpgsqlConnection connection, Guid id, DateTimeOffset? at, CancellationToken cancellation) =>
        (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM {Source(at is not null)} WHERE id = @id", new { id, at }, cancellationToken: cancellation)))?.Closure;

    /// <summary>Everything that has not ended: what counts now or may later.</summary>
    internal static async Task<Closure[]> ListOpenAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellation) =>
        [.. (await connection.QueryAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM roads.closure WHERE least(valid_until, lifted_at) > @now OR least(valid_until, lifted_at) IS NULL ORDER BY id",
            new { now }, cancellationToken: cancellation))).Select(static row => row.Closure)];

    /// <summary>At most <see cref="MostClosures"/> and whether there are more; what ended last first, else what begins first.</summary>
    internal static async Task<(Closure[] Closures, bool More)> ListAsync(NpgsqlConnection connection, ClosureQuery query, CancellationToken cancellation)
    {
        Row[] rows = [.. await connection.QueryAsync<Row>(new CommandDefinition(
            $"""
            SELECT {Columns} FROM (SELECT *, least(valid_until, lifted_at) AS ends_at FROM {Source(query.IsPast)}) closure
            WHERE CASE @state WHEN 'ended' THEN ends_at <= @at WHEN 'planned' THEN valid_from > @at AND (ends_at > @at OR ends_at IS NULL)
                WHEN 'current' THEN valid_from <= @at AND (ends_at > @at OR ends_at IS NULL) ELSE ends_at > @at OR ends_at IS NULL END
              AND (@west::float8 IS NULL OR laid && ST_MakeEnvelope(@west, @south, @east, @north, 4326))
            ORDER BY CASE WHEN @state = 'ended' THEN ends_at END DESC, valid_from, id
            LIMIT {MostClosures + 1}
            """,
            new
            {
                state = query.State ?? "",
                at = query.Moment,
                west = query.Box?.West,
                south = query.Box?.South,
                east = query.Box?.East,
                north = query.Box?.North,
            },
            cancellationToken: cancellation))];
        return ([.. rows.Take(MostClosures).Select(static row => row.Closure)], rows.Length > MostClosures);
    }

    /// <summary>What became of a closure, oldest first.</summary>
    internal static async Task<ClosureEvent[]> HistoryAsync(NpgsqlConnection connection, Guid id, DateTimeOffset? at, CancellationToken cancellation) =>
        [.. await connection.QueryAsync<EventRow, Row, ClosureEvent>(
            new CommandDefinition(
                $"""
                SELECT event.version AS EventVersion, event.type, event.recorded_at AS RecordedAt, event.recorded_by AS RecordedBy,
                    event.department AS EventDepartment, {Columns}
                FROM roads.closure_event event CROSS JOIN LATERAL jsonb_populate_record(NULL::roads.closure, event.closure) AS closure
                WHERE event.closure_id = @id AND (@at::timestamptz IS NULL OR event.recorded_at <= @at) ORDER BY event.version
                """,
                new { id, at }, cancellationToken: cancellation),
            static (happened, row) => new ClosureEvent(
                happened.EventVersion, happened.Type, happened.RecordedAt, happened.RecordedBy, happened.EventDepartment, row.Closure),
            splitOn: "Id")];

    private static string Source(bool isPast) => isPast ? Past : "roads.closure";

    private const string Columns = """
        closure.id AS "Id", closure.version AS "Version", speed_factor AS "SpeedFactor", emergency_passes AS "EmergencyPasses",
        both_directions AS "BothDirections", ST_AsGeoJSON(drawn, 7) AS "Drawn", stretches::text AS "Stretches", streets::text AS "Streets",
        ST_AsGeoJSON(laid, 7) AS "Laid", valid_from AS "ValidFrom", valid_until AS "ValidUntil", lifted_at AS "LiftedAt", reason AS "Reason",
        words AS "Words", made_at AS "MadeAt", made_by AS "MadeBy", closure.department AS "Department"
        """;

    // Each closure as its last event up to then left it; a row of JSON becomes a row of the table again.
    private const string Past = """
        (SELECT (jsonb_populate_record(NULL::roads.closure, last.closure)).*
         FROM (SELECT DISTINCT ON (closure_id) closure FROM roads.closure_event WHERE recorded_at <= @at ORDER BY closure_id, version DESC) last) AS closure
        """;
}
