using System.Text.Json;
using Dapper;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Dispatch.Calls;

/// <summary>Reads calls as they are shown, each answer in one round trip.</summary>
internal sealed class CallReader(Databases databases, TimeProvider clock)
{
    private sealed record Row(
        Guid Id, int Version, string Status, string Source, string? Number, string? Seat, DateTimeOffset Since, DateTimeOffset ReceivedAt,
        DateTimeOffset? AnsweredAt, DateTimeOffset? LineEndedAt, bool LineOpen, string? Result, Guid? IncidentId, string? IncidentNumber, string? Reason,
        int Attempts, long EarlierCalls, string? NuisanceReason, double? Lon, double? Lat, double? UncertaintyMeters, string? LocatedBy, DateTimeOffset? LocatedAt,
        string? RecordingUrl);

    private sealed record DraftRow(string Content, string Seat, string SavedBy, DateTimeOffset SavedAt);

    /// <summary>The lists: every call that has not ended, and those that ended after <paramref name="endedAfter"/>; oldest first.</summary>
    internal async Task<IReadOnlyList<CallSummary>> ListAsync(NpgsqlConnection connection, DateTimeOffset? endedAfter, CancellationToken cancellation) =>
        [.. (await connection.QueryAsync<Row>(new CommandDefinition(
            $"{Select} WHERE call.status <> 'ended' OR (call.status = 'ended' AND call.since > @endedAfter) ORDER BY call.received_at, call.id",
            new { endedAfter = endedAfter ?? clock.GetUtcNow(), now = clock.GetUtcNow() }, cancellationToken: cancellation))).Select(Summary)];

    /// <summary>One line of them; null where there is no such call.</summary>
    internal async Task<CallSummary?> FindAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellation) =>
        await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"{Select} WHERE call.id = @id", new { id, now = clock.GetUtcNow() }, cancellationToken: cancellation)) is { } row ? Summary(row) : null;

    /// <summary>When a call came; null where there is no such call.</summary>
    internal async Task<DateTimeOffset?> FindReceivedAsync(Guid id, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<DateTimeOffset?>(new CommandDefinition(
            "SELECT received_at FROM dispatch.call WHERE id = @id", new { id }, cancellationToken: cancellation));
    }

    /// <summary>All of one call; null where there is none.</summary>
    /// <param name="seat">Where the reader sits: whoever holds the call sees its number whole.</param>
    internal async Task<CallDetail?> ReadAsync(NpgsqlConnection connection, Guid id, string? seat, CancellationToken cancellation)
    {
        await using SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(
            $"""
            {Select} WHERE call.id = @id;
            SELECT earlier.id, earlier.received_at AS ReceivedAt, earlier.status, earlier.result, earlier.incident_id AS IncidentId, incident.number AS IncidentNumber
            FROM dispatch.call JOIN dispatch.call earlier ON earlier.number = call.number AND earlier.received_at < call.received_at AND earlier.id <> call.id
            LEFT JOIN dispatch.incident ON incident.id = earlier.incident_id
            WHERE call.id = @id ORDER BY earlier.received_at DESC LIMIT 20;
            SELECT reason, marked_by AS MarkedBy, marked_at AS MarkedAt, until FROM dispatch.nuisance_mark
            WHERE number = (SELECT number FROM dispatch.call WHERE id = @id) AND lifted_at IS NULL AND until > @now ORDER BY until DESC LIMIT 1;
            SELECT content::text AS Content, seat, saved_by AS SavedBy, saved_at AS SavedAt FROM dispatch.call_draft WHERE call_id = @id;
            {Timeline.Select("call")}
            """,
            new { id, now = clock.GetUtcNow() }, cancellationToken: cancellation));
        if (await answers.ReadSingleOrDefaultAsync<Row>() is not { } row)
        {
            return null;
        }

        return new CallDetail(
            Summary(row),
            row.Status == "answered" && row.Seat == seat ? row.Number : null,
            row.RecordingUrl,
            [.. await answers.ReadAsync<EarlierCall>()],
            await answers.ReadSingleOrDefaultAsync<NuisanceMark>(),
            await answers.ReadSingleOrDefaultAsync<DraftRow>() is { } draft
                ? new CallDraft(JsonSerializer.Deserialize<JsonElement>(draft.Content), draft.Seat, draft.SavedBy, draft.SavedAt)
                : null,
            [.. (await answers.ReadAsync<Timeline.Row>()).Select(static entry => Timeline.View(entry, hidden: "number"))]);
    }

    private static CallSummary Summary(Row row) => new(
        row.Id, row.Version, row.Status, row.Source, PhoneNumber.Mask(row.Number), row.Seat, row.Since, row.ReceivedAt, row.AnsweredAt, row.LineEndedAt,
        row.LineOpen, row.Result, row.IncidentId, row.IncidentNumber, row.Reason, row.Attempts, (int)row.EarlierCalls, row.NuisanceReason is not null, row.NuisanceReason,
        row is { Lon: { } lon, Lat: { } lat, LocatedBy: { } by, LocatedAt: { } at } ? new CallerPlace(lon, lat, row.UncertaintyMeters, by, at) : null);

    private const string Select = """
        SELECT call.id, call.version, call.status, call.source, call.number, call.seat, call.since, call.received_at AS ReceivedAt,
               call.answered_at AS AnsweredAt, call.line_ended_at AS LineEndedAt, call.line_open AS LineOpen, call.result, call.incident_id AS IncidentId,
               incident.number AS IncidentNumber, call.reason, call.attempts,
               (SELECT count(*) FROM dispatch.call earlier
                WHERE earlier.number = call.number AND earlier.received_at < call.received_at AND earlier.id <> call.id) AS EarlierCalls,
               (SELECT mark.reason FROM dispatch.nuisance_mark mark
                WHERE mark.number = call.number AND mark.lifted_at IS NULL AND mark.until > @now ORDER BY mark.until DESC LIMIT 1) AS NuisanceReason,
               call.lon, call.lat, call.uncertainty_meters AS UncertaintyMeters, call.located_by AS LocatedBy, call.located_at AS LocatedAt,
               call.recording_url AS RecordingUrl
        FROM dispatch.call LEFT JOIN dispatch.incident ON incident.id = call.incident_id
        """;
}
