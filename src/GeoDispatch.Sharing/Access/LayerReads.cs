using System.Security.Claims;
using Dapper;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Sharing.Access;

/// <summary>A read that is going on: says in the end how many features it gave.</summary>
internal readonly record struct NotedRead(UnwrittenReads.Audited? Entry)
{
    /// <summary>As the answer is written, or at its end. Nothing where the layer is for everybody.</summary>
    internal void Gave(long features) => Entry?.Add(0, features);
}

/// <summary>
/// Counts every read of a layer in memory, and writes down who reads a layer that is not for everybody before they have the answer.
/// <see cref="ReadsWriter"/> brings the counts to the database.
/// </summary>
internal sealed class LayerReads(Databases databases, UnwrittenReads unwritten, TimeProvider clock) : IDisposable
{
    // Of the connections that dispatch needs too: whoever asks many new questions waits for them.
    private const int MostWriters = 2;
    private const int LongestQuestion = 200;
    private readonly SemaphoreSlim writers = new(MostWriters, MostWriters);

    /// <summary>To be called once for each layer that a request reads, before anything is read.</summary>
    /// <param name="protocol">Such as <c>ogc-features</c>, <c>wfs</c>, <c>wms</c>, <c>tiles</c>.</param>
    /// <param name="question">What was asked of the layer: box and filter, cut to 200 characters.</param>
    internal ValueTask<NotedRead> NoteAsync(
        ReadableLayer readable, string protocol, ClaimsPrincipal user, string question, CancellationToken cancellation)
    {
        LayerReader reader = LayerReader.Of(user);
        DateTimeOffset now = clock.GetUtcNow();
        unwritten.Count(readable.Layer.Id, protocol, reader, now);
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
        unwritten.Count(whole, protocol, reader, now);
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

    public void Dispose() => writers.Dispose();

    private async ValueTask<NotedRead> AuditAsync(
        ReadableLayer readable, string protocol, LayerReader reader, string question, DateTimeOffset now, CancellationToken cancellation)
    {
        if (!readable.IsAudited || reader.AccountId is not Guid account)
        {
            return default;
        }

        string asked = question.Length > LongestQuestion ? string.Concat(question.AsSpan(0, LongestQuestion - 1), "…") : question;
        (UnwrittenReads.AuditKey key, UnwrittenReads.Audited? entry) =
            unwritten.Find(readable.Layer.Id, account, protocol, asked.Replace("\0", "", StringComparison.Ordinal), now);
        if (entry is null)
        {
            // Two who come at once each write, into one row.
            await WriteAsync(key, reader, now, cancellation);
            entry = unwritten.Begin(key);
        }
        else
        {
            entry.Add(1, 0);
        }

        return new NotedRead(entry);
    }

    private async Task WriteAsync(UnwrittenReads.AuditKey key, LayerReader reader, DateTimeOffset at, CancellationToken cancellation)
    {
        await writers.WaitAsync(cancellation);
        try
        {
            await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
            await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO sharing.read (layer, account_id, reader, department, protocol, question, slot, at, reads, features)
                VALUES (@Layer, @AccountId, @name, @department, @Protocol, @Question, @Slot, @at, 1, 0)
                ON CONFLICT (layer, slot, account_id, protocol, question) DO UPDATE SET reads = sharing.read.reads + 1
                """,
                new { key.Layer, key.AccountId, name = reader.Name, department = reader.Department ?? "", key.Protocol, key.Question, key.Slot, at },
                cancellationToken: cancellation));
        }
        finally
        {
            writers.Release();
        }
    }
}
