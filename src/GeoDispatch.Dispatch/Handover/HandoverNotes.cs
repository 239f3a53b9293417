using System.Text.Json;
using Dapper;
using GeoDispatch.Dispatch.Alarms;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Dispatch.Handover;

/// <summary>Who took a shift over, where and when.</summary>
internal sealed record Acceptance(string By, string Seat, DateTimeOffset At);

/// <summary>A line of the list of notes.</summary>
/// <param name="Accepted">Null while nobody has taken it over.</param>
internal record HandoverSummary(Guid Id, string Seat, string Text, string By, DateTimeOffset At, Acceptance? Accepted);

/// <summary>A note with what was open when it was written (交班).</summary>
internal sealed record HandoverNote(Guid Id, string Seat, string Text, string By, DateTimeOffset At, Acceptance? Accepted, OpenThings Open)
    : HandoverSummary(Id, Seat, Text, By, At, Accepted);

/// <summary>The notes that shifts leave each other. Each is written once, taken over once, and never changed.</summary>
internal sealed class HandoverNotes(EventLog log, OpenThingsReader things, Databases databases)
{
    internal static readonly Problem Unknown = new(
        404, "handover.unknown", "没有此交班 / No such hand-over", "核对编号,或见 GET /api/handovers / Check the id, or see GET /api/handovers", "id");

    private static readonly Problem OwnElsewhere = new(
        409, "handover.own", "本人交的班 / Your own hand-over", "由他人接班,或在原席位接回 / Somebody else takes it over, or you at the same seat", "seat");

    private sealed record Row(
        Guid Id, string Seat, string Text, string By, DateTimeOffset At, Guid AccountId, string? Open, string? AcceptedBy, string? AcceptedSeat, DateTimeOffset? AcceptedAt)
    {
        internal Acceptance? Accepted => AcceptedBy is { } by ? new Acceptance(by, AcceptedSeat!, AcceptedAt!.Value) : null;
    }

    /// <summary>Writes a note of this moment.</summary>
    internal async Task<(HandoverNote? Note, Problem? Problem)> WriteAsync(Instruction given, string seat, string text, CancellationToken cancellation)
    {
        OpenThings open = await things.ReadAsync(cancellation);
        await using Undertaking doing = await log.BeginAsync(given, cancellation);
        Guid id = Guid.CreateVersion7(doing.Now);
        if (await doing.KeepCommandAsync(id, cancellation) is { } before)
        {
            return before.Same ? (await FindAsync(doing.Connection, before.StreamId, cancellation), null) : (null, before.Refusal);
        }

        await doing.Connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO dispatch.handover (id, seat, text, open, written_at, written_by, account_id) VALUES (@id, @seat, @text, @open::jsonb, @Now, @By, @AccountId)
            """,
            new { id, seat, text, open = JsonSerializer.Serialize(open, JsonSerializerOptions.Web), doing.Now, given.By, given.AccountId }, cancellationToken: cancellation));
        HandoverNote? note = await FindAsync(doing.Connection, id, cancellation);
        await doing.CommitAsync(cancellation);
        return (note, null);
    }

    /// <summary>
    /// Takes a shift over: somebody else, or who left it at the seat where it was left; once. What is open at that seat goes to the one that takes
    /// over, with its alarms.
    /// </summary>
    internal async Task<(HandoverNote? Note, Problem? Problem)> AcceptAsync(Guid id, Instruction given, string seat, CancellationToken cancellation)
    {
        await using Undertaking doing = await log.BeginAsync(given, cancellation);
        if (await RowAsync(doing.Connection, id, cancellation) is not { } row)
        {
            return (null, Unknown with { Value = id.ToString() });
        }

        if (await doing.KeepCommandAsync(id, cancellation) is { } before)
        {
            return before.Repeats(id) ? (await FindAsync(doing.Connection, id, cancellation), null) : (null, before.Refusal);
        }

        if (row.AccountId == given.AccountId && row.Seat != seat)
        {
            return (null, OwnElsewhere with { Value = seat });
        }

        int accepted = await doing.Connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO dispatch.handover_accepted (handover_id, seat, accepted_at, accepted_by, account_id) VALUES (@id, @seat, @Now, @By, @AccountId)
            ON CONFLICT DO NOTHING
            """,
            new { id, seat, doing.Now, given.By, given.AccountId }, cancellationToken: cancellation));
        HandoverNote note = (await FindAsync(doing.Connection, id, cancellation))!;
        if (accepted == 0)
        {
            return (null, Taken(note.Accepted!));
        }

        await doing.Connection.ExecuteAsync(new CommandDefinition(
            """
            UPDATE dispatch.incident SET seat = @to WHERE seat = @from AND status <> 'closed';
            SELECT pg_notify(@Name, '')
            """,
            new { from = row.Seat, to = seat, AlarmLog.Alarms.Name }, cancellationToken: cancellation));
        await doing.CommitAsync(cancellation);
        return (note, null);
    }

    /// <summary>The latest notes, the newest first.</summary>
    internal async Task<IReadOnlyList<HandoverSummary>> ListAsync(int limit, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return [.. (await connection.QueryAsync<Row>(new CommandDefinition(
            $"{Select("NULL")} ORDER BY written_at DESC, id DESC LIMIT @limit", new { limit }, cancellationToken: cancellation)))
            .Select(static row => new HandoverSummary(row.Id, row.Seat, row.Text, row.By, row.At, row.Accepted))];
    }

    /// <summary>One note; null where there is none.</summary>
    internal async Task<HandoverNote?> FindAsync(Guid id, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return await FindAsync(connection, id, cancellation);
    }

    private static async Task<HandoverNote?> FindAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellation) =>
        await RowAsync(connection, id, cancellation) is { } row
            ? new HandoverNote(row.Id, row.Seat, row.Text, row.By, row.At, row.Accepted, JsonSerializer.Deserialize<OpenThings>(row.Open!, JsonSerializerOptions.Web)!)
            : null;

    private static Task<Row?> RowAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellation) => connection.QuerySingleOrDefaultAsync<Row>(
        new CommandDefinition($"{Select("open::text")} WHERE id = @id", new { id }, cancellationToken: cancellation));

    private static Problem Taken(Acceptance accepted) => new(
        409, "handover.accepted", "已有人接班 / Taken over already", $"{accepted.By}({accepted.Seat}) {accepted.At:O}");

    /// <param name="open">How the open things are read: constant text.</param>
    private static string Select(string open) => $"""
        SELECT id, handover.seat, text, written_by AS By, written_at AS At, handover.account_id AS AccountId, {open} AS Open,
               accepted_by AS AcceptedBy, handover_accepted.seat AS AcceptedSeat, accepted_at AS AcceptedAt
        FROM dispatch.handover LEFT JOIN dispatch.handover_accepted ON handover_id = id
        """;
}
