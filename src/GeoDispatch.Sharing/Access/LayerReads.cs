using System.Collections.Concurrent;
using System.Security.Claims;
using Dapper;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Sharing.Access;

/// <summary>A read that is going on: says in the end how many features it gave.</summary>
internal readonly record struct NotedRead(LayerReads.Audited? Entry)
{
    /// <summary>As the answer is written, or at its end. Nothing where the layer is for everybody.</summary>
    internal void Gave(long features) => Entry?.Add(0, features);
}

/// <summary>
/// Counts every read of a layer in memory, and writes down who reads a layer that is not for everybody before they have the answer.
/// <see cref="ReadsWriter"/> brings the counts to the database.
/// </summary>
internal sealed class LayerReads(Databases databases, TimeProvider clock) : IDisposable
{
    // Of the connections that dispatch needs too: whoever asks many new questions waits for them.
    private const int MostWriters = 2;
    // Whoever asks more questions than this in five minutes, of all readers together, has the rest under one name.
    private const int MostQuestions = 20_000;
    private const int MostCounts = 50_000;
    private const int LongestQuestion = 200;

    // More than a year, so that the same day of the year before can be looked at.
    private const int KeptDays = 400;
    private static readonly TimeSpan Slot = TimeSpan.FromMinutes(5);
    private static readonly TimeZoneInfo CityTime = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    private readonly ConcurrentDictionary<CountKey, long> counts = new();
    private readonly ConcurrentDictionary<AuditKey, Audited> audits = new();
    private readonly SemaphoreSlim writers = new(MostWriters, MostWriters);
    private DateOnly forgotOn;

    internal readonly record struct CountKey(DateTime Day, string Layer, string Protocol, string Department, string Reader);

    internal readonly record struct AuditKey(string Layer, Guid AccountId, string Protocol, string Question, DateTime Slot);

    /// <summary>A row of the audit, and what has come to it since it was last written.</summary>
    internal sealed class Audited
    {
        private long reads;
        private long features;

        internal void Add(long moreReads, long moreFeatures)
        {
            Interlocked.Add(ref reads, moreReads);
            Interlocked.Add(ref features, moreFeatures);
        }

        internal (long Reads, long Features) Take() => (Interlocked.Exchange(ref reads, 0), Interlocked.Exchange(ref features, 0));
    }

    /// <summary>To be called once for each layer that a request reads, before anything is read.</summary>
    /// <param name="protocol">Such as <c>ogc-features</c>, <c>wfs</c>, <c>wms</c>, <c>tiles</c>.</param>
    /// <param name="question">What was asked of the layer: box and filter, cut to 200 characters.</param>
    internal ValueTask<NotedRead> NoteAsync(
        ReadableLayer readable, string protocol, ClaimsPrincipal user, string question, CancellationToken cancellation)
    {
        LayerReader reader = LayerReader.Of(user);
        DateTimeOffset now = clock.GetUtcNow();
        Count(readable.Layer.Id, protocol, reader, now);
        return AuditAsync(readable, protocol, reader, question, now, cancellation);
    }

    /// <summary>
    /// To be called once for each tile or map of several layers. Counted by the name of the whole; written down for each layer that is not for
    /// everybody, without the place, of which there are too many.
    /// </summary>
    internal async ValueTask NoteAsync(
        string whole, IReadOnlyList<string> members, ReadableLayers layers, string protocol, ClaimsPrincipal user, CancellationToken cancellation)
    {
        LayerReader reader = LayerReader.Of(user);
        DateTimeOffset now = clock.GetUtcNow();
        Count(whole, protocol, reader, now);
        if (!layers.AnyAudited)
        {
            return;
        }

        foreach (string name in members)
        {
            if (layers.Find(name) is ReadableLayer readable)
            {
                await AuditAsync(readable, protocol, reader, "", now, cancellation);
            }
        }
    }

    private async ValueTask<NotedRead> AuditAsync(
        ReadableLayer readable, string protocol, LayerReader reader, string question, DateTimeOffset now, CancellationToken cancellation)
    {
        if (!readable.IsAudited || reader.AccountId is not Guid account)
        {
            return default;
        }

        string asked = question.Length > LongestQuestion ? string.Concat(question.AsSpan(0, LongestQuestion - 1), "…") : question;
        var key = new AuditKey(
            readable.Layer.Id, account, protocol, asked.Replace("\0", "", StringComparison.Ordinal),
            new DateTime(now.UtcTicks - (now.UtcTicks % Slot.Ticks), DateTimeKind.Utc));
        // To count a concurrent dictionary takes all of its locks: only what is new is worth them.
        if (!audits.TryGetValue(key, out Audited? entry) && audits.Count >= MostQuestions)
        {
            key = key with { Question = "…" };
            audits.TryGetValue(key, out entry);
        }

        if (entry is null)
        {
            // Two who come at once each write, into one row.
            await WriteAsync(key, reader, now, cancellation);
            entry = audits.GetOrAdd(key, static _ => new Audited());
        }
        else
        {
            entry.Add(1, 0);
        }

        return new NotedRead(entry);
    }

    private void Count(string layer, string protocol, LayerReader reader, DateTimeOffset now)
    {
        var key = new CountKey(TimeZoneInfo.ConvertTime(now, CityTime).Date, layer, protocol, reader.Department ?? "", reader.Name);
        if (!counts.ContainsKey(key) && counts.Count >= MostCounts)
        {
            key = key with { Reader = "…" };
        }

        counts.AddOrUpdate(key, 1, static (_, reads) => reads + 1);
    }

    public void Dispose() => writers.Dispose();

    private async Task WriteAsync(AuditKey key, LayerReader reader, DateTimeOffset at, CancellationToken cancellation)
    {
        await writers.WaitAsync(cancellation);
        try
        {
            await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
            await WriteAsync(connection, key, reader, at, cancellation);
        }
        finally
        {
            writers.Release();
        }
    }

    private static Task<int> WriteAsync(NpgsqlConnection connection, AuditKey key, LayerReader reader, DateTimeOffset at, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO sharing.read (layer, account_id, reader, department, protocol, question, slot, at, reads, features)
            VALUES (@Layer, @AccountId, @name, @department, @Protocol, @Question, @Slot, @at, 1, 0)
            ON CONFLICT (layer, slot, account_id, protocol, question) DO UPDATE SET reads = sharing.read.reads + 1
            """,
            new { key.Layer, key.AccountId, name = reader.Name, department = reader.Department ?? "", key.Protocol, key.Question, key.Slot, at },
            cancellationToken: cancellation));

    /// <summary>Brings to the database what came since the last time. What cannot be written now is kept for the next time.</summary>
    internal async Task FlushAsync(CancellationToken cancellation)
    {
        (CountKey Key, long Reads)[] counted = [.. TakeCounts()];
        (AuditKey Key, long Reads, long Features)[] audited = [.. TakeAudits()];
        if (counted.Length == 0 && audited.Length == 0)
        {
            return;
        }

        try
        {
            await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
            await using var batch = new NpgsqlBatch(connection, transaction);
            foreach ((CountKey key, long reads) in counted)
            {
                batch.BatchCommands.Add(Command(AddCount, DateOnly.FromDateTime(key.Day), key.Layer, key.Protocol, key.Department, key.Reader, reads));
            }

            foreach ((AuditKey key, long reads, long features) in audited)
            {
                batch.BatchCommands.Add(Command(AddReads, key.Layer, key.Slot, key.AccountId, key.Protocol, key.Question, reads, features));
            }

            DateTime now = clock.GetUtcNow().UtcDateTime;
            if (forgotOn != DateOnly.FromDateTime(now))
            {
                forgotOn = DateOnly.FromDateTime(now);
                batch.BatchCommands.Add(Command(ForgetCounts, forgotOn.AddDays(-KeptDays)));
                batch.BatchCommands.Add(Command(ForgetReads, now.AddDays(-KeptDays)));
            }

            await batch.ExecuteNonQueryAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException or OperationCanceledException)
        {
            foreach ((CountKey key, long reads) in counted)
            {
                counts.AddOrUpdate(key, reads, (_, more) => more + reads);
            }

            foreach ((AuditKey key, long reads, long features) in audited)
            {
                audits.GetOrAdd(key, static _ => new Audited()).Add(reads, features);
            }

            throw;
        }
    }

    private IEnumerable<(CountKey Key, long Reads)> TakeCounts()
    {
        foreach (CountKey key in counts.Keys)
        {
            if (counts.TryRemove(key, out long reads))
            {
                yield return (key, reads);
            }
        }
    }

    private IEnumerable<(AuditKey Key, long Reads, long Features)> TakeAudits()
    {
        // An answer of the last slot may still be on its way and say how many features it gave.
        DateTime old = clock.GetUtcNow().UtcDateTime - Slot - Slot;
        foreach ((AuditKey key, Audited entry) in audits)
        {
            if (key.Slot < old)
            {
                audits.TryRemove(key, out _);
            }

            (long reads, long features) = entry.Take();
            if (reads > 0 || features > 0)
            {
                yield return (key, reads, features);
            }
        }
    }

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (object value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private const string AddCount =
        """
        INSERT INTO sharing.read_count (day, layer, protocol, department, reader, reads) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (layer, day, protocol, department, reader) DO UPDATE SET reads = sharing.read_count.reads + excluded.reads
        """;

    private const string AddReads =
        """
        UPDATE sharing.read SET reads = reads + $6, features = features + $7
        WHERE layer = $1 AND slot = $2 AND account_id = $3 AND protocol = $4 AND question = $5
        """;

    private const string ForgetCounts = "DELETE FROM sharing.read_count WHERE day < $1";

    private const string ForgetReads = "DELETE FROM sharing.read WHERE slot < $1";
}
