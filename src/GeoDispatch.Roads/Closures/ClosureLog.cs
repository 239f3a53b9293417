using System.Text.Json;
using Dapper;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Roads.Closures;

/// <summary>
/// Carries out commands on closures. Each in one transaction: the command's id, the closure's lock, the decision, the row and its event, the
/// notice, commit. The routes of this server know of it before the answer goes out; other servers hear the notice.
/// </summary>
internal sealed class ClosureLog(Databases databases, ClosuresInForce inForce, TimeProvider clock)
{
    /// <summary>The channel on which the id of a closure that changed is notified.</summary>
    internal const string Channel = "closures";

    private sealed record Known(Guid ClosureId, Guid AccountId, byte[] Content);

    /// <summary>Now, in whole microseconds, as PostgreSQL keeps it.</summary>
    internal DateTimeOffset Now
    {
        get
        {
            DateTimeOffset now = clock.GetUtcNow();
            return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        }
    }

    /// <param name="id">Of the closure, one that is new where it is to be made.</param>
    /// <param name="content">SHA-256 of the kind of command and all that was sent.</param>
    /// <param name="decide">Given the closure as it stands, null where there is none.</param>
    internal async Task<(Closure? Closure, Problem? Problem)> CarryOutAsync(
        Guid id, Guid commandId, byte[] content, ClosureMaker by, Func<Closure?, DateTimeOffset, ClosureDecision> decide, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        // Two of the same command wait for each other here, and the second finds the first done.
        await connection.ExecuteAsync(new CommandDefinition(
            "SELECT pg_advisory_xact_lock(hashtextextended(@commandId::text, 7203402)), pg_advisory_xact_lock(hashtextextended(@id::text, 7203403))",
            new { commandId, id }, cancellationToken: cancellation));
        if (await connection.QuerySingleOrDefaultAsync<Known>(new CommandDefinition(
            "SELECT closure_id AS ClosureId, account_id AS AccountId, content FROM roads.closure_event WHERE command_id = @commandId",
            new { commandId }, cancellationToken: cancellation)) is { } known)
        {
            return known.AccountId == by.AccountId && known.Content.AsSpan().SequenceEqual(content)
                ? (await ClosureReader.FindAsync(connection, known.ClosureId, null, cancellation), null)
                : (null, ClosureProblems.CommandReused(commandId));
        }

        // The time is taken after the lock: versions and stamps then rise together.
        DateTimeOffset now = Now;
        ClosureDecision decision = decide(await ClosureReader.FindAsync(connection, id, null, cancellation), now);
        if (decision.After is not { } closure)
        {
            return (null, decision.Refusal);
        }

        await WriteAsync(connection, closure, now, cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO roads.closure_event (closure_id, version, type, closure, recorded_at, recorded_by, department, account_id, command_id, content)
            SELECT id, version, @Type, to_jsonb(closure), @now, @Name, @Department, @AccountId, @commandId, @content FROM roads.closure WHERE id = @id;
            SELECT pg_notify(@Channel, @id::text)
            """,
            new { decision.Type, now, by.Name, by.Department, by.AccountId, commandId, content, id, Channel }, cancellationToken: cancellation));
        await transaction.CommitAsync(cancellation);
        // It counts already: whoever hung up in this moment must not keep the routes from it.
        await inForce.ReloadAsync(CancellationToken.None);
        return (closure, null);
    }

    private static Task<int> WriteAsync(NpgsqlConnection connection, Closure closure, DateTimeOffset now, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO roads.closure (id, version, speed_factor, emergency_passes, both_directions, drawn, stretches, streets, laid, valid_from,
                valid_until, lifted_at, reason, words, made_at, made_by, department, state)
            VALUES (@Id, @Version, @SpeedFactor, @EmergencyPasses, @BothDirections, ST_GeomFromGeoJSON(@drawn), @stretches::jsonb, @streets::jsonb,
                ST_GeomFromGeoJSON(@laid), @From, @Until, @LiftedAt, @Reason, @Words, @MadeAt, @MadeBy, @Department, @state)
            ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version, speed_factor = EXCLUDED.speed_factor, emergency_passes = EXCLUDED.emergency_passes,
                both_directions = EXCLUDED.both_directions, drawn = EXCLUDED.drawn, stretches = EXCLUDED.stretches, streets = EXCLUDED.streets,
                laid = EXCLUDED.laid, valid_from = EXCLUDED.valid_from, valid_until = EXCLUDED.valid_until, lifted_at = EXCLUDED.lifted_at,
                reason = EXCLUDED.reason, words = EXCLUDED.words, state = EXCLUDED.state
            """,
            new
            {
                closure.Id,
                closure.Version,
                closure.Terms.SpeedFactor,
                closure.Terms.EmergencyPasses,
                closure.Terms.BothDirections,
                drawn = ClosureJson.Write(closure.Terms.Drawing),
                stretches = JsonSerializer.Serialize(closure.Understood.Stretches, JsonSerializerOptions.Web),
                streets = JsonSerializer.Serialize(closure.Understood.Streets, JsonSerializerOptions.Web),
                laid = ClosureJson.Write(closure.Understood.Lines),
                closure.Terms.From,
                closure.Terms.Until,
                closure.LiftedAt,
                closure.Terms.Reason,
                closure.Terms.Words,
                closure.MadeAt,
                closure.MadeBy,
                closure.Department,
                state = closure.StateAt(now),
            },
            cancellationToken: cancellation));
}
