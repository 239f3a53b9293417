using System.Text.Json.Serialization;
using Dapper;
using GeoDispatch.City;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using GeoDispatch.Tracking.Fixes;
using Npgsql;

namespace GeoDispatch.Dispatch.Units;

/// <summary>Somebody on a unit, such as <c>doctor</c> or <c>driver</c>.</summary>
internal sealed record CrewMember(string Role, string Name)
{
    internal static CrewMember[] Of(string[] roles, string[] names) => [.. roles.Zip(names, static (role, name) => new CrewMember(role, name))];
}

/// <summary>Where the unit's vehicle was last, and when; speed and heading (degrees clockwise from north) where its terminal tells them.</summary>
internal sealed record UnitPosition(
    double Lon, double Lat, DateTimeOffset Time, [property: JsonIgnore] double? SpeedKmh = null, [property: JsonIgnore] double? HeadingDegrees = null);

/// <summary>Whether there is a crew on the unit, and its shift where one was said.</summary>
internal sealed record UnitDuty(bool OnDuty, DateTimeOffset? From, DateTimeOffset? Until);

/// <summary>That the unit cannot be sent. <c>Reason</c>: one of <see cref="OutReason"/>; <c>Until</c>: then it comes back by itself.</summary>
internal sealed record UnitOut(DateTimeOffset Since, string Reason, string? Words, DateTimeOffset? Until);

/// <summary>Where a unit waits instead of at its station, for the time being (待命点).</summary>
internal sealed record UnitPost(string Name, double Lon, double Lat);

/// <summary>A unit as shown.</summary>
/// <param name="Status"><c>assigned</c>; else <c>outOfService</c>; else <c>offDuty</c>; else <c>available</c>.</param>
/// <param name="Leg">Where its assignment stands; null while it has none.</param>
/// <param name="Version">Of its own log of events; 0 where nothing was ever done with it.</param>
/// <param name="FreedAt">When its last assignment ended; null where it never had one.</param>
/// <param name="RestMinutes">So long after that it is proposed only where a life is at stake; 0 for never.</param>
/// <param name="District">Of its station.</param>
/// <param name="IncidentPriority">Of the incident that it works on, 1 to 4; null while it has none.</param>
/// <param name="LegSince">When it reached <paramref name="Leg"/>.</param>
internal sealed record UnitView(
    Guid Id, string CallSign, string Kind, string Plate, Guid VehicleId, Guid StationId, string StationName, double StationLon, double StationLat,
    bool Synthetic, IReadOnlyList<CrewMember> Crew, string Status, AssignmentStatus? Leg, Guid? AssignmentId, Guid? IncidentId,
    string? IncidentNumber, UnitPosition? Position, string Agency, IReadOnlyList<string> Capabilities, int Version, UnitDuty Duty, UnitOut? Out,
    UnitPost? Post, DateTimeOffset? FreedAt, int RestMinutes, string District, int? IncidentPriority, DateTimeOffset? LegSince)
{
    internal bool IsAvailable => AssignmentId is null;

    internal LonLat Station => new(StationLon, StationLat);
}

/// <summary>Reads the units with what they do, and joins them by vehicle with the positions that Tracking keeps.</summary>
internal sealed class UnitReader(Databases databases, CityProfiles city, LatestFixes latestFixes)
{
    private sealed record Row(
        Guid Id, string CallSign, string Kind, string Plate, Guid VehicleId, Guid StationId, string StationName, double StationLon, double StationLat,
        bool Synthetic, string[] CrewRoles, string[] CrewNames, AssignmentStatus? Leg, Guid? AssignmentId, Guid? IncidentId, string? IncidentNumber,
        string Agency, string[] Capabilities, int Version, bool OnDuty, DateTimeOffset? ShiftFrom, DateTimeOffset? ShiftUntil, DateTimeOffset? OutSince,
        string? OutReason, string? OutWords, DateTimeOffset? OutUntil, string? PostName, double? PostLon, double? PostLat, DateTimeOffset? FreedAt, int RestMinutes,
        string District, int? IncidentPriority, DateTimeOffset? LegSince);

    /// <summary>Every unit, ambulances first, by call sign. Synthetic ones belong to the demo city and show in it alone.</summary>
    /// <param name="agencies">Codes of those whose units are listed; none lists all.</param>
    internal async Task<IReadOnlyList<UnitView>> ListAsync(string[] agencies, CancellationToken cancellation)
    {
        Task<IReadOnlyDictionary<Guid, LatestFix>> reading = latestFixes.ListAsync(cancellation);
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        IEnumerable<Row> rows = await connection.QueryAsync<Row>(new CommandDefinition(
            $"""
            {Select}
            WHERE (@synthetic OR NOT unit.synthetic) AND (cardinality(@agencies) = 0 OR unit.agency = ANY (@agencies))
            ORDER BY agency.ordinal, call_sign
            """,
            new { synthetic = (await city.GetAsync(cancellation)).Synthetic, agencies },
            cancellationToken: cancellation));
        IReadOnlyDictionary<Guid, LatestFix> fixes = await reading;
        return [.. rows.Select(row => View(row, fixes.GetValueOrDefault(row.VehicleId)))];
    }

    /// <summary>Null where there is none.</summary>
    internal async Task<UnitView?> FindAsync(Guid id, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return await FindAsync(connection, id, cancellation);
    }

    /// <summary>The same within a transaction.</summary>
    internal async Task<UnitView?> FindAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellation)
    {
        Row? row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"{Select} WHERE unit.id = @id", new { id }, cancellationToken: cancellation));
        return row is null ? null : View(row, await latestFixes.FindAsync(row.VehicleId, cancellation));
    }

    /// <summary>The id of the unit with this call sign; null where there is none.</summary>
    internal async Task<Guid?> FindIdAsync(string callSign, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
            "SELECT id FROM dispatch.unit WHERE call_sign = @callSign", new { callSign }, cancellationToken: cancellation));
    }

    private static UnitView View(Row row, LatestFix? fix) => new(
        row.Id, row.CallSign, row.Kind, row.Plate, row.VehicleId, row.StationId, row.StationName, row.StationLon, row.StationLat, row.Synthetic,
        CrewMember.Of(row.CrewRoles, row.CrewNames),
        row.AssignmentId is not null ? "assigned" : row.OutSince is not null ? "outOfService" : row.OnDuty ? "available" : "offDuty",
        row.Leg, row.AssignmentId, row.IncidentId, row.IncidentNumber,
        fix is null ? null : new UnitPosition(fix.Position.Lon, fix.Position.Lat, fix.Time, fix.SpeedKmh, fix.HeadingDegrees),
        row.Agency, row.Capabilities, row.Version, new UnitDuty(row.OnDuty, row.ShiftFrom, row.ShiftUntil),
        row.OutSince is { } since ? new UnitOut(since, row.OutReason!, row.OutWords, row.OutUntil) : null,
        row.PostName is { } post ? new UnitPost(post, row.PostLon!.Value, row.PostLat!.Value) : null, row.FreedAt, row.RestMinutes,
        row.District, row.IncidentPriority, row.LegSince);

    private const string Select = """
        SELECT unit.id, call_sign AS CallSign, kind, plate, vehicle_id AS VehicleId, station_id AS StationId, station.name AS StationName,
               station.lon AS StationLon, station.lat AS StationLat, unit.synthetic, crew.roles AS CrewRoles, crew.names AS CrewNames,
               work.status AS Leg, work.id AS AssignmentId, work.incident_id AS IncidentId, work.number AS IncidentNumber,
               unit.agency, capabilities, unit.version, on_duty AS OnDuty, shift_from AS ShiftFrom, shift_until AS ShiftUntil, out_since AS OutSince,
               out_reason AS OutReason, out_words AS OutWords, out_until AS OutUntil, post_name AS PostName, post_lon AS PostLon, post_lat AS PostLat,
               freed_at AS FreedAt, rest_minutes AS RestMinutes, station.district, work.priority AS IncidentPriority, work.since AS LegSince
        FROM dispatch.unit JOIN dispatch.station ON station.id = station_id JOIN dispatch.agency ON agency.code = unit.agency
        CROSS JOIN LATERAL (
            SELECT coalesce(array_agg(role ORDER BY role, name), '{}') AS roles, coalesce(array_agg(name ORDER BY role, name), '{}') AS names
            FROM dispatch.crew_member WHERE unit_id = unit.id) crew
        LEFT JOIN LATERAL (
            SELECT a.id, a.status, a.since, a.incident_id, i.number, i.priority
            FROM dispatch.assignment a JOIN dispatch.incident i ON i.id = a.incident_id
            WHERE a.unit_id = unit.id AND a.active) work ON true
        """;
}
