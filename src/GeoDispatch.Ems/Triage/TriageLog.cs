using Dapper;
using GeoDispatch.Dispatch.Incidents;
using Npgsql;

namespace GeoDispatch.Ems.Triage;

/// <summary>Whose triage it is: that of a call, or of an incident with all of its calls.</summary>
/// <param name="Incident">The incident, or that which the call belongs to; null where there is none yet.</param>
internal sealed record TriageSubject(Guid? CallId, Guid? IncidentId, KnownIncident? Incident)
{
    internal Guid Id => CallId ?? IncidentId!.Value;

    /// <summary>The calls whose entries are part of it.</summary>
    internal Guid[] CallIds => CallId is { } call ? [call] : [.. Incident!.CallIds];
}

/// <summary>What was said and answered with one command.</summary>
/// <param name="Edition">Digest of the protocol as lower-case hexadecimal digits; null where words alone were kept.</param>
internal sealed record TriageEntry(
    Guid Id, string? Edition, string? Words, string? Word, string? WordLevel, DateTimeOffset At, string By, IReadOnlyList<Given> Answers);

/// <summary>A new entry.</summary>
internal sealed record NewEntry(
    Guid Id, Edition? Edition, string? Words, KeyWordHit? Hit, DateTimeOffset At, string By, Guid AccountId, byte[] Content, IReadOnlyList<Given> Answers);

/// <summary>Reads and writes what callers said and answered. Rows are only ever added.</summary>
internal static class TriageLog
{
    private sealed record Row(Guid Id, string? Edition, string? Words, string? Word, string? WordLevel, DateTimeOffset At, string By);

    private sealed record AnswerRow(Guid EntryId, string Question, string Answer);

    private sealed record ProtocolRow(string Edition, string Content);

    private sealed record Known(Guid? CallId, Guid? IncidentId, Guid AccountId, byte[] Content);

    /// <summary>Two who write of the same subject write one after the other.</summary>
    internal static Task LockAsync(NpgsqlConnection connection, TriageSubject subject, CancellationToken cancellation) => connection.ExecuteAsync(
        new CommandDefinition("SELECT pg_advisory_xact_lock(hashtextextended(@id, 121))", new { id = subject.Id.ToString("D") }, cancellationToken: cancellation));

    /// <returns>Null where the id is new; else whether it was this very command of this account.</returns>
    internal static async Task<bool?> IsRepeatAsync(
        NpgsqlConnection connection, TriageSubject subject, Guid id, Guid accountId, byte[] content, CancellationToken cancellation)
    {
        Known? known = await connection.QuerySingleOrDefaultAsync<Known>(new CommandDefinition(
            "SELECT call_id AS CallId, incident_id AS IncidentId, account_id AS AccountId, content FROM ems_care.triage_entry WHERE id = @id",
            new { id }, cancellationToken: cancellation));
        return known is null
            ? null
            : (known.CallId, known.IncidentId, known.AccountId) == (subject.CallId, subject.IncidentId, accountId)
                && known.Content.AsSpan().SequenceEqual(content);
    }

    /// <summary>All entries in the order in which they were written, and every protocol that they name.</summary>
    internal static async Task<(IReadOnlyList<TriageEntry> Entries, IReadOnlyDictionary<string, Protocol> Protocols)> ReadAsync(
        NpgsqlConnection connection, TriageSubject subject, CancellationToken cancellation)
    {
        await using SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(
            $"""
            SELECT id, encode(protocol, 'hex') AS Edition, words, word, word_level AS WordLevel, at, by
            FROM ems_care.triage_entry WHERE {OfSubject} ORDER BY sequence;
            SELECT entry_id AS EntryId, question, answer
            FROM ems_care.triage_answer JOIN ems_care.triage_entry ON triage_entry.id = entry_id WHERE {OfSubject} ORDER BY entry_id, part;
            SELECT encode(digest, 'hex') AS Edition, content
            FROM ems.protocol WHERE digest IN (SELECT protocol FROM ems_care.triage_entry WHERE {OfSubject})
            """,
            new { calls = subject.CallIds.Select(static id => id.ToString("D")).ToArray(), incident = subject.IncidentId }, cancellationToken: cancellation));
        Row[] rows = [.. await answers.ReadAsync<Row>()];
        ILookup<Guid, Given> given = (await answers.ReadAsync<AnswerRow>()).ToLookup(static row => row.EntryId, static row => new Given(row.Question, row.Answer));
        IEnumerable<ProtocolRow> protocols = await answers.ReadAsync<ProtocolRow>();
        return (
            [.. rows.Select(row => new TriageEntry(row.Id, row.Edition, row.Words, row.Word, row.WordLevel, row.At, row.By, [.. given[row.Id]]))],
            protocols.ToDictionary(static row => row.Edition, static row => Protocols.OfContent(row.Content), StringComparer.Ordinal));
    }

    /// <summary>Part of a transaction in which the subject is locked.</summary>
    internal static Task AddAsync(NpgsqlConnection connection, TriageSubject subject, NewEntry entry, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO ems.protocol (digest, code, version, content, first_used_at)
            SELECT @Digest, @Code, @Version, @Text, @At WHERE @Digest IS NOT NULL ON CONFLICT DO NOTHING;
            INSERT INTO ems_care.triage_entry (id, call_id, incident_id, protocol, words, word, word_level, at, by, account_id, content)
            VALUES (@Id, @CallId, @IncidentId, @Digest, @Words, @Word, @WordLevel, @At, @By, @AccountId, @Content);
            INSERT INTO ems_care.triage_answer (entry_id, part, question, answer)
            SELECT @Id, part, question, answer FROM unnest(@questions, @answers) WITH ORDINALITY AS given (question, answer, part)
            """,
            new
            {
                entry.Id,
                subject.CallId,
                subject.IncidentId,
                entry.Edition?.Digest,
                entry.Edition?.Protocol.Code,
                entry.Edition?.Protocol.Version,
                Text = entry.Edition?.Content,
                entry.Words,
                entry.Hit?.Word,
                WordLevel = entry.Hit?.Level,
                entry.At,
                entry.By,
                entry.AccountId,
                entry.Content,
                questions = entry.Answers.Select(static given => given.Question).ToArray(),
                answers = entry.Answers.Select(static given => given.Answer).ToArray(),
            },
            cancellationToken: cancellation));

    private const string OfSubject = "(triage_entry.call_id = ANY (@calls::uuid[]) OR triage_entry.incident_id = @incident)";
}
