using Dapper;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Devices.Jt808;
using Npgsql;

namespace GeoDispatch.Tracking.Devices;

/// <summary>What became of a text to a vehicle.</summary>
/// <param name="Id">As it was sent under.</param>
/// <param name="State"><c>waiting</c> for the terminal, <c>sent</c>, <c>received</c> by it, <c>failed</c> (it said so), <c>expired</c>.</param>
/// <param name="SentAt">The last time that it went out; null where it never did.</param>
/// <param name="DoneAt">When the receipt came.</param>
public sealed record VehicleText(Guid Id, string State, DateTimeOffset? SentAt, DateTimeOffset? DoneAt);

/// <summary>Texts to the screen of a vehicle's own terminal, for whoever sends vehicles.</summary>
public sealed class VehicleTexts
{
    /// <summary>The channel on which the id of a text is notified when it went out, and when its receipt came.</summary>
    public const string Changed = "terminal_message";

    private readonly TerminalCommands commands;
    private readonly Databases databases;
    private readonly TimeProvider clock;

    internal VehicleTexts(TerminalCommands commands, Databases databases, TimeProvider clock) =>
        (this.commands, this.databases, this.clock) = (commands, databases, clock);

    /// <summary>
    /// Keeps a text for a vehicle's terminal, shown as urgent and read aloud, and sends it where the terminal is connected. The same id again
    /// changes nothing.
    /// </summary>
    /// <param name="id">Of the text, chosen by who sends it.</param>
    /// <param name="vehicleId">Whose terminal; where it has several, the one that was heard last.</param>
    /// <param name="text">What the terminal cannot show becomes a question mark; what is past its 1,000 bytes of GBK is cut off.</param>
    /// <param name="keep">So long it may go out; at most a day.</param>
    /// <param name="by">Who sends it.</param>
    /// <param name="cancellation">Of the sending.</param>
    /// <returns>False where the vehicle has no terminal that shows texts.</returns>
    public async Task<bool> SendAsync(Guid id, Guid vehicleId, string text, TimeSpan keep, string by, CancellationToken cancellation)
    {
        string? terminal;
        await using (NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation))
        {
            terminal = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
                """
                SELECT terminal FROM tracking.terminal JOIN tracking.device ON device.id = device_id
                WHERE vehicle_id = @vehicleId AND protocol = @Protocol AND state = 'approved' AND enabled
                ORDER BY EXISTS (SELECT FROM tracking.terminal_message m WHERE m.id = @id AND m.terminal = terminal.terminal) DESC, last_seen DESC LIMIT 1
                """,
                new { id, vehicleId, Jt808Desk.Protocol }, cancellationToken: cancellation));
        }

        return terminal is not null && (await commands.SendAsync(
            id, Jt808Desk.Protocol, terminal, new TerminalCommand("text", Showable(text), Urgent: true, Aloud: true), keep, by, cancellation)).Problem is null;
    }

    /// <summary>What became of these; without those that were never kept.</summary>
    public async Task<IReadOnlyList<VehicleText>> ListAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        return [.. await connection.QueryAsync<VehicleText>(new CommandDefinition(
            """
            SELECT id, CASE WHEN state IN ('waiting', 'sent') AND expires_at <= @now THEN 'expired' ELSE state END AS State, sent_at AS SentAt, done_at AS DoneAt
            FROM tracking.terminal_message WHERE id = ANY (@ids)
            """,
            new { ids = ids.ToArray(), now = clock.GetUtcNow() }, cancellationToken: cancellation))];
    }

    /// <summary>The text in characters of GBK, in one line, as long as one frame holds. Each of them takes one byte or two.</summary>
    internal static string Showable(string text)
    {
        string known = Jt808Fields.Gbk.GetString(Jt808Fields.Gbk.GetBytes(string.Concat(text.Select(static letter => char.IsControl(letter) ? ' ' : letter))));
        int bytes = 0;
        return string.Concat(known.TakeWhile(letter => (bytes += Jt808Fields.Gbk.GetByteCount([letter])) <= Jt808Downward.MostTextBytes)).Trim();
    }
}
