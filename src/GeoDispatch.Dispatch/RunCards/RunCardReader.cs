using System.Text.Json;
using Dapper;
using GeoDispatch.City;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Dispatch.RunCards;

/// <summary>Reads the run cards. Synthetic ones belong to the demo city and count in it alone.</summary>
internal sealed class RunCardReader(Databases databases, CityProfiles city)
{
    private sealed record Row(Guid Id, string Name, string Type, int? Priority, string? Area, bool Synthetic, string[] Capabilities, int[] Counts, int Version);

    private sealed record IncidentRow(Guid Id, string? Required);

    private sealed record UnitRow(Guid UnitId, string CallSign, string[] Capabilities);

    private sealed record CityUnitRow(Guid UnitId, string CallSign, string[] Capabilities, bool Ready);

    /// <summary>All, by type; the more specific ones first.</summary>
    internal async Task<IReadOnlyList<RunCard>> ListAsync(CancellationToken cancellation)
    {
        bool synthetic = (await city.GetAsync(cancellation)).Synthetic;
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return [.. (await connection.QueryAsync<Row>(new CommandDefinition(
            $"{Select} WHERE @synthetic OR NOT synthetic ORDER BY type, {MostSpecificFirst}", new { synthetic }, cancellationToken: cancellation))).Select(Card)];
    }

    /// <summary>What an incident needs and the units that work on it; null where there is no such incident.</summary>
    internal async Task<IncidentNeeds?> FindAsync(Guid incidentId, CancellationToken cancellation)
    {
        bool synthetic = (await city.GetAsync(cancellation)).Synthetic;
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(
            $"""
            SELECT id, required::text AS Required FROM dispatch.incident WHERE id = @incidentId;
            {Select} JOIN dispatch.incident i ON i.type = card.type
            WHERE i.id = @incidentId AND (@synthetic OR NOT card.synthetic) AND (card.priority IS NULL OR card.priority = i.priority)
                AND (card.area IS NULL OR ST_Covers(card.area, ST_SetSRID(ST_MakePoint(i.lon, i.lat), 4326)))
            ORDER BY {MostSpecificFirst} LIMIT 1;
            SELECT unit_id AS UnitId, unit.call_sign AS CallSign, capabilities
            FROM dispatch.assignment JOIN dispatch.unit ON unit.id = unit_id
            WHERE incident_id = @incidentId AND active ORDER BY assigned_at, assignment.id
            """,
            new { incidentId, synthetic }, cancellationToken: cancellation));
        if (await answers.ReadSingleOrDefaultAsync<IncidentRow>() is not { } incident)
        {
            return null;
        }

        Row? row = await answers.ReadSingleOrDefaultAsync<Row>();
        return new IncidentNeeds(
            row is null ? null : Card(row), ReadRequired(incident.Required),
            [.. (await answers.ReadAsync<UnitRow>()).Select(static unit => new WorkingUnit(unit.UnitId, unit.CallSign, unit.Capabilities))]);
    }

    /// <summary>What is required of an incident's units besides its card; null where nothing is. Within the time of a recommendation: one row by its key.</summary>
    internal async Task<Requirement?> FindRequiredAsync(Guid incidentId, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return ReadRequired(await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "SELECT required::text FROM dispatch.incident WHERE id = @incidentId", new { incidentId }, cancellationToken: cancellation)));
    }

    private static Requirement? ReadRequired(string? json) => json is null ? null : JsonSerializer.Deserialize<Requirement>(json, JsonSerializerOptions.Web);

    /// <summary>One card, locked until the transaction ends; null where there is none.</summary>
    internal static async Task<RunCard?> LockAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellation)
    {
        // Read only after the lock: its needs are rows of their own, which whoever had it may have changed.
        await using SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(
            $"SELECT id FROM dispatch.run_card WHERE id = @id FOR UPDATE; {Select} WHERE card.id = @id", new { id }, cancellationToken: cancellation));
        return await answers.ReadSingleOrDefaultAsync<Guid?>() is null ? null : Card(await answers.ReadSingleAsync<Row>());
    }

    /// <summary>All units of the city, and those of them that have a crew and are in service, at work or not.</summary>
    internal async Task<(IReadOnlyList<WorkingUnit> All, IReadOnlyList<WorkingUnit> Ready)> ListUnitsAsync(CancellationToken cancellation)
    {
        bool synthetic = (await city.GetAsync(cancellation)).Synthetic;
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        (WorkingUnit Unit, bool IsReady)[] units = [.. (await connection.QueryAsync<CityUnitRow>(new CommandDefinition(
            """
            SELECT id AS UnitId, call_sign AS CallSign, capabilities, on_duty AND out_since IS NULL AS Ready
            FROM dispatch.unit WHERE @synthetic OR NOT synthetic ORDER BY call_sign
            """,
            new { synthetic }, cancellationToken: cancellation))).Select(static row => (new WorkingUnit(row.UnitId, row.CallSign, row.Capabilities), row.Ready))];
        return ([.. units.Select(static one => one.Unit)], [.. units.Where(static one => one.IsReady).Select(static one => one.Unit)]);
    }

    private static RunCard Card(Row row) => new(
        row.Id, row.Name, row.Type, row.Priority, row.Area is { } area ? JsonElement.Parse(area) : null, row.Synthetic,
        [.. row.Capabilities.Zip(row.Counts, static (capability, count) => new UnitNeed(capability, count))], row.Version);

    private const string MostSpecificFirst = "card.area IS NULL, card.priority IS NULL, ST_Area(card.area), card.name, card.id";

    private const string Select = """
        SELECT card.id, card.name, card.type, card.priority, ST_AsGeoJSON(card.area, 7) AS Area, card.synthetic,
               ARRAY(SELECT capability FROM dispatch.run_card_need WHERE card_id = card.id ORDER BY ordinal) AS Capabilities,
               ARRAY(SELECT count FROM dispatch.run_card_need WHERE card_id = card.id ORDER BY ordinal) AS Counts,
               card.version
        FROM dispatch.run_card card
        """;
}
