using System.Text.Json;
using Dapper;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Devices.Jt808;
using Npgsql;

namespace GeoDispatch.Tracking.Devices;

/// <summary>A message to a terminal, and what became of it.</summary>
/// <param name="Id">The command's id, chosen by who sent it.</param>
/// <param name="Terminal">Its number.</param>
/// <param name="Kind">As sent.</param>
/// <param name="State"><c>waiting</c> for the terminal, <c>sent</c>, <c>received</c> by it, <c>failed</c> (it said so), <c>expired</c>.</param>
/// <param name="Result">The terminal's own word: 0 done, 1 failed, 2 not understood, 3 not supported.</param>
/// <param name="Answer">What it was asked for: a place, or parameters.</param>
/// <param name="CreatedAt">By the server's clock.</param>
/// <param name="CreatedBy">Who sent it.</param>
/// <param name="ExpiresAt">After this it goes out no more.</param>
/// <param name="SentAt">The last time that it went out.</param>
/// <param name="DoneAt">When the receipt came.</param>
/// <param name="Text">Of a text.</param>
internal sealed record TerminalMessage(
    Guid Id, string Terminal, string Kind, string State, int? Result, JsonElement? Answer, DateTimeOffset CreatedAt, string CreatedBy,
    DateTimeOffset ExpiresAt, DateTimeOffset? SentAt, DateTimeOffset? DoneAt, string? Text);

/// <summary>
/// The one way down to the terminals: a command is kept first, then sent when its terminal is there, and closed by its receipt. What has no
/// receipt goes out again at the next connection: a text may show twice, but is not lost.
/// </summary>
internal sealed class TerminalCommands(Databases databases, Jt808Sessions sessions, TimeProvider clock)
{
    internal static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private const int MostAtOnce = 20;

    private sealed record Row(
        Guid Id, string Terminal, string Kind, string State, int? Result, string? Answer, DateTimeOffset CreatedAt, string CreatedBy,
        DateTimeOffset ExpiresAt, DateTimeOffset? SentAt, DateTimeOffset? DoneAt, string? Text);

    private sealed record Open(Guid Id, string Content);

    /// <summary>Keeps a command and sends it where the terminal is connected. The same id again changes nothing.</summary>
    internal async Task<(TerminalMessage? Message, Problem? Problem)> SendAsync(
        Guid id, string protocol, string terminal, TerminalCommand command, TimeSpan keep, string by, CancellationToken cancellation)
    {
        if (Jt808Downward.Of(command).Problem is { } problem)
        {
            return (null, problem);
        }

        DateTimeOffset now = clock.GetUtcNow();
        await using (NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation))
        {
            int kept = await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO tracking.terminal_message (id, protocol, terminal, kind, content, created_at, created_by, expires_at)
                SELECT @id, protocol, terminal, @kind, @content::jsonb, @now, @by, @expires FROM tracking.terminal
                WHERE protocol = @protocol AND terminal = @terminal AND state = 'approved'
                ON CONFLICT (id) DO NOTHING
                """,
                new { id, protocol, terminal, kind = command.Kind, content = JsonSerializer.Serialize(command), now, by, expires = now + keep },
                cancellationToken: cancellation));
            if (kept == 0 && await FindAsync(id, protocol, terminal, cancellation) is null)
            {
                return (null, new Problem(
                    404, "terminal.unknown", "没有此终端 / No such terminal",
                    "终端须已登记并批准 / The terminal must be known and approved", "terminal", terminal));
            }
        }

        await DeliverAsync(protocol, terminal, cancellation);
        return (await FindAsync(id, protocol, terminal, cancellation), null);
    }

    /// <summary>Sends what waits for a terminal, oldest first; nothing where it is not connected.</summary>
    internal async Task DeliverAsync(string protocol, string terminal, CancellationToken cancellation)
    {
        if (protocol != Jt808Desk.Protocol || sessions.Find(terminal) is not { } session)
        {
            return;
        }

        DateTimeOffset now = clock.GetUtcNow();
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        Open[] open = [.. await connection.QueryAsync<Open>(new CommandDefinition(
            """
            SELECT id AS Id, content AS Content FROM tracking.terminal_message
            WHERE protocol = @protocol AND terminal = @terminal AND state IN ('waiting', 'sent') AND expires_at > @now
            AND NOT id = ANY (@already)
            ORDER BY created_at LIMIT @MostAtOnce
            """,
            new { protocol, terminal, now, MostAtOnce, already = session.ListDelivered() }, cancellationToken: cancellation))];
        foreach (Open one in open)
        {
            if (Jt808Downward.Of(JsonSerializer.Deserialize<TerminalCommand>(one.Content)!).Message is not { } message || !session.Delivered(one.Id))
            {
                continue;
            }

            Jt808Outgoing outgoing = session.Prepare(message);
            // Its serial is written down first: the receipt may be back before the sending has returned.
            await connection.ExecuteAsync(new CommandDefinition(
                """
                WITH changed AS (
                    UPDATE tracking.terminal_message SET state = 'sent', serial = @serial, sent_at = @now WHERE id = @Id AND state IN ('waiting', 'sent') RETURNING id)
                SELECT pg_notify(@Changed, id::text) FROM changed
                """,
                new { one.Id, serial = (int)outgoing.Serial, now, VehicleTexts.Changed }, cancellationToken: cancellation));
            try
            {
                await session.SendAsync(terminal, [outgoing], cancellation);
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                cancellation.ThrowIfCancellationRequested();
                // It goes out again when the terminal is back.
                return;
            }
        }
    }

    /// <summary>Closes the command that went out under this serial; nothing where there is none.</summary>
    /// <param name="protocol">Of the terminal.</param>
    /// <param name="terminal">Its number.</param>
    /// <param name="serial">Of the message that it answers.</param>
    /// <param name="result">0 done.</param>
    /// <param name="answer">JSON; null where it is a receipt alone.</param>
    /// <param name="cancellation">Of the connection.</param>
    internal async Task ReceiptAsync(string protocol, string terminal, int serial, int result, string? answer, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            WITH changed AS (
                UPDATE tracking.terminal_message
                SET state = CASE WHEN @result = 0 THEN 'received' ELSE 'failed' END, result = @result, done_at = @now,
                    answer = coalesce(@answer::jsonb, answer)
                WHERE id = (
                    SELECT id FROM tracking.terminal_message
                    WHERE protocol = @protocol AND terminal = @terminal AND serial = @serial AND (state = 'sent' OR @answer IS NOT NULL AND state = 'received')
                    ORDER BY sent_at DESC LIMIT 1)
                RETURNING id)
            SELECT pg_notify(@Changed, id::text) FROM changed
            """,
            new { protocol, terminal, serial, result, answer, now = clock.GetUtcNow(), VehicleTexts.Changed }, cancellationToken: cancellation));
    }

    /// <summary>Null where there is none.</summary>
    internal async Task<TerminalMessage?> FindAsync(Guid id, string protocol, string terminal, CancellationToken cancellation) =>
        (await ListAsync(protocol, terminal, id, 1, cancellation)).SingleOrDefault();

    /// <summary>The newest first.</summary>
    internal async Task<IReadOnlyList<TerminalMessage>> ListAsync(
        string protocol, string terminal, Guid? id, int most, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        IEnumerable<Row> rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            SELECT id AS Id, terminal AS Terminal, kind AS Kind,
                   CASE WHEN state IN ('waiting', 'sent') AND expires_at <= @now THEN 'expired' ELSE state END AS State,
                   result AS Result, answer AS Answer, created_at AS CreatedAt, created_by AS CreatedBy, expires_at AS ExpiresAt,
                   sent_at AS SentAt, done_at AS DoneAt, content->>'Text' AS Text
            FROM tracking.terminal_message
            WHERE protocol = @protocol AND terminal = @terminal AND (@id::uuid IS NULL OR id = @id)
            ORDER BY created_at DESC, id LIMIT @most
            """,
            new { protocol, terminal, id, most, now = clock.GetUtcNow() }, cancellationToken: cancellation));
        return [.. rows.Select(static row => new TerminalMessage(
            row.Id, row.Terminal, row.Kind, row.State, row.Result,
            row.Answer is null ? null : JsonSerializer.Deserialize<JsonElement>(row.Answer),
            row.CreatedAt, row.CreatedBy, row.ExpiresAt, row.SentAt, row.DoneAt, row.Text))];
    }
}
