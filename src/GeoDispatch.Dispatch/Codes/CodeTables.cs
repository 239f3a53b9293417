using Dapper;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Dispatch.Codes;

/// <summary>Who sends units: 120, fire, police, a utility.</summary>
/// <param name="Phone">Short number of its own line; null where it has none.</param>
internal sealed record Agency(string Code, string Name, string NameEn, string? Phone);

/// <summary>What a unit can do, which only units of one agency can.</summary>
internal sealed record Capability(string Code, string Name, string NameEn, string Agency);

/// <summary>What an incident is.</summary>
/// <param name="Lead">Code of the agency whose it is.</param>
/// <param name="Others">Codes of the agencies that are sent beside it.</param>
/// <param name="Priority">What the call form begins with, 1 to 4.</param>
/// <param name="Words">What callers say when they mean it.</param>
/// <param name="Active">New incidents may be of it.</param>
/// <param name="Version">From 1; each change adds one.</param>
internal sealed record IncidentType(
    string Code, string Name, string NameEn, string Lead, string[] Others, int Priority, string[] Words, int Ordinal, bool Active, int Version);

/// <summary>How urgent an incident is.</summary>
/// <param name="Level">1 to 4, the most urgent first.</param>
/// <param name="TargetMinutes">From the call to the arrival.</param>
internal sealed record PriorityLevel(int Level, string Name, string NameEn, int TargetMinutes);

/// <summary>The codes that the log and the desks speak in, and what they mean. Kept in the database, read anew each time: they are few.</summary>
internal sealed class CodeTables(Databases databases)
{
    internal const string TypeColumns = "code, name, name_en AS NameEn, lead, others, priority, words, ordinal, active, version";

    internal async Task<IReadOnlyList<Agency>> ListAgenciesAsync(CancellationToken cancellation) => await ListAsync<Agency>(
        "SELECT code, name, name_en AS NameEn, phone FROM dispatch.agency ORDER BY ordinal", cancellation);

    internal async Task<IReadOnlyList<Capability>> ListCapabilitiesAsync(CancellationToken cancellation) => await ListAsync<Capability>(
        "SELECT code, name, name_en AS NameEn, agency FROM dispatch.capability ORDER BY ordinal", cancellation);

    /// <summary>All types, also those that new incidents may not be of.</summary>
    internal async Task<IReadOnlyList<IncidentType>> ListTypesAsync(CancellationToken cancellation) => await ListAsync<IncidentType>(
        $"SELECT {TypeColumns} FROM dispatch.incident_type ORDER BY ordinal, code", cancellation);

    internal async Task<IReadOnlyList<PriorityLevel>> ListPrioritiesAsync(CancellationToken cancellation) => await ListAsync<PriorityLevel>(
        "SELECT level, name, name_en AS NameEn, target_minutes AS TargetMinutes FROM dispatch.priority ORDER BY level", cancellation);

    /// <summary>The types that new incidents may be of.</summary>
    internal async Task<IReadOnlyList<IncidentType>> ListActiveTypesAsync(CancellationToken cancellation) =>
        [.. (await ListTypesAsync(cancellation)).Where(static type => type.Active)];

    private async Task<IReadOnlyList<T>> ListAsync<T>(string sql, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return [.. await connection.QueryAsync<T>(new CommandDefinition(sql, cancellationToken: cancellation))];
    }
}
