using System.Globalization;
using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Dispatch.Streams;

/// <summary>
/// Carries out commands on streams of events. Each in one transaction: lock the streams, load their events, keep the command's id, decide,
/// append, update the read models, notify, commit; only then comes the answer. A command that was carried out before changes nothing.
/// </summary>
internal sealed class EventLog(Databases databases, TimeProvider clock)
{
    /// <summary>Now, in whole microseconds, as PostgreSQL keeps it.</summary>
    internal DateTimeOffset Now
    {
        get
        {
            DateTimeOffset now = clock.GetUtcNow();
            return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        }
    }

    /// <summary>Begins a command that several streams may take part in. What is not committed has not happened.</summary>
    internal async Task<Undertaking> BeginAsync(Instruction given, CancellationToken cancellation)
    {
        NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return new Undertaking(this, given, connection, await connection.BeginTransactionAsync(cancellation));
    }

    /// <summary>Takes part in a transaction that another module runs. Its own command is kept there: whoever began it commits.</summary>
    internal Undertaking Join(Instruction given, NpgsqlConnection connection, NpgsqlTransaction transaction) => new(this, given, connection, transaction);

    /// <summary>Does something with one stream that is there.</summary>
    /// <param name="decide">Given the state and the time; may look things up beforehand, not here.</param>
    /// <param name="read">What the command is answered with, read before the commit.</param>
    internal Task<(TDetail? Detail, Problem? Problem)> AppendAsync<TState, TEvent, TDetail>(
        StreamKind<TState, TEvent> kind, Guid id, Instruction given, Func<TState, DateTimeOffset, Decision<TEvent>> decide,
        Func<NpgsqlConnection, Guid, CancellationToken, Task<TDetail?>> read, CancellationToken cancellation)
        where TEvent : class
        where TDetail : class => AppendAsync(kind, id, given, static (_, _) => Task.CompletedTask, decide, read, cancellation);

    /// <summary>The same, where the decision needs more than the stream.</summary>
    /// <param name="prepare">Called once the stream is locked: locks what comes later in the order, and reads what nobody may change meanwhile.</param>
    internal async Task<(TDetail? Detail, Problem? Problem)> AppendAsync<TState, TEvent, TDetail>(
        StreamKind<TState, TEvent> kind, Guid id, Instruction given, Func<Undertaking, CancellationToken, Task> prepare,
        Func<TState, DateTimeOffset, Decision<TEvent>> decide, Func<NpgsqlConnection, Guid, CancellationToken, Task<TDetail?>> read,
        CancellationToken cancellation)
        where TEvent : class
        where TDetail : class
    {
        await using Undertaking doing = await BeginAsync(given, cancellation);
        if (await doing.LockAsync(kind, id, cancellation) is not { } found)
        {
            return (null, kind.Unknown with { Value = id.ToString() });
        }

        await prepare(doing, cancellation);
        if (await doing.KeepCommandAsync(id, cancellation) is { } before)
        {
            return before.Repeats(id) ? (await read(doing.Connection, id, cancellation), null) : (null, before.Refusal);
        }

        if (!given.Fits(found.Version))
        {
            return (null, kind.Stale(given.IfMatch, found.Version));
        }

        Decision<TEvent> decision = decide(found.State, doing.Now);
        if (decision.Refusal is { } refusal)
        {
            return (null, refusal);
        }

        await doing.WriteAsync(kind, found, decision.Events, cancellation);
        TDetail? detail = await read(doing.Connection, id, cancellation);
        await doing.CommitAsync(cancellation);
        return (detail, null);
    }
}

/// <summary>What the id of a command was used for before.</summary>
/// <param name="StreamId">The stream that answers it.</param>
/// <param name="Same">It was the same command of the same account.</param>
internal sealed record Before(Guid CommandId, Guid StreamId, bool Same)
{
    internal Problem Refusal => DispatchProblems.CommandReused(CommandId);

    /// <summary>It was the same command, on the stream that it is sent to now.</summary>
    internal bool Repeats(Guid streamId) => Same && StreamId == streamId;
}

/// <summary>
/// One command while it is carried out, on one stream or several. First every stream is locked, in the order of <see cref="StreamKind{TState,TEvent}.Rank"/>
/// and of the ids; then the command's id is kept; then is decided and written.
/// </summary>
internal sealed class Undertaking(EventLog log, Instruction given, NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    private (int Rank, Guid Id) last = (-1, default);
    private DateTimeOffset? now;

    private sealed record OneRow(Guid Id);

    private sealed record EventRow(int Version, string Type, string Data, DateTimeOffset RecordedAt);

    private sealed record Known(string Kind, Guid StreamId, Guid AccountId, byte[] Content);

    /// <summary>For what else belongs into the same transaction.</summary>
    internal NpgsqlConnection Connection => connection;

    internal Instruction Given => given;

    /// <summary>Taken after the locks: versions and stamps then rise together.</summary>
    internal DateTimeOffset Now => now ??= log.Now;

    /// <summary>Locks a stream and gives it as it stands, in one round trip; null where there is none.</summary>
    /// <exception cref="InvalidOperationException">A stream that comes later in the order is locked already, or the time was taken.</exception>
    internal async Task<Found<TState>?> LockAsync<TState, TEvent>(StreamKind<TState, TEvent> kind, Guid id, CancellationToken cancellation)
        where TEvent : class
    {
        (int Rank, Guid Id) next = (kind.Rank, id);
        if (now is not null || next.CompareTo(last) < 0)
        {
            throw new InvalidOperationException($"A stream of the kind {kind.Name} is locked out of turn.");
        }

        last = next;
        await using SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(kind.Lock, new { id }, cancellationToken: cancellation));
        OneRow? locked = await answers.ReadSingleOrDefaultAsync<OneRow>();
        EventRow[] rows = [.. await answers.ReadAsync<EventRow>()];
        return locked is null ? null : new Found<TState>(id, rows.Length, rows.Aggregate(
            kind.None, (state, row) => kind.Apply(state, EventFormat<TEvent>.Read(row.Type, row.Data), row.RecordedAt)));
    }

    /// <returns>Null where the command is new and its id now kept; what the id was used for where it is not.</returns>
    /// <param name="streamId">The stream that the command will be answered with.</param>
    internal async Task<Before?> KeepCommandAsync(Guid streamId, CancellationToken cancellation)
    {
        int kept = await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO dispatch.command (id, kind, stream_id, account_id, content, at)
            VALUES (@Id, @Kind, @streamId, @AccountId, @Content, @at)
            ON CONFLICT DO NOTHING
            """,
            new { given.Id, given.Kind, streamId, given.AccountId, given.Content, at = Now }, cancellationToken: cancellation));
        if (kept == 1)
        {
            return null;
        }

        Known known = await connection.QuerySingleAsync<Known>(new CommandDefinition(
            "SELECT kind, stream_id AS StreamId, account_id AS AccountId, content FROM dispatch.command WHERE id = @Id",
            new { given.Id }, cancellationToken: cancellation));
        return new Before(
            given.Id, known.StreamId,
            known.Kind == given.Kind && known.AccountId == given.AccountId && known.Content.AsSpan().SequenceEqual(given.Content));
    }

    /// <summary>Appends events, brings the read model to them and notifies. Without events nothing happens.</summary>
    /// <returns>The stream after them.</returns>
    internal async Task<Found<TState>> WriteAsync<TState, TEvent>(
        StreamKind<TState, TEvent> kind, Found<TState> found, IReadOnlyList<TEvent> events, CancellationToken cancellation)
        where TEvent : class
    {
        if (events.Count == 0)
        {
            return found;
        }

        int version = found.Version;
        TState state = events.Aggregate(found.State, (state, happened) => kind.Apply(state, happened, Now));
        await using var batch = new NpgsqlBatch(connection);
        foreach (TEvent happened in events)
        {
            (string type, string data) = EventFormat<TEvent>.Write(happened);
            batch.Add(kind.Insert, found.Id, ++version, type, data, Now.UtcDateTime, given.By, given.AccountId);
        }

        kind.Update(batch, found.Id, version, state, events);
        batch.Add("SELECT pg_notify($1, $2)", kind.Name, $"{found.Id:D}:{version.ToString(CultureInfo.InvariantCulture)}");
        await batch.ExecuteNonQueryAsync(cancellation);
        return new Found<TState>(found.Id, version, state);
    }

    internal Task CommitAsync(CancellationToken cancellation) => transaction.CommitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}

/// <summary>Statements with values by their place, for batches.</summary>
internal static class Batches
{
    internal static void Add(this NpgsqlBatch batch, string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (object value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        batch.BatchCommands.Add(command);
    }
}
