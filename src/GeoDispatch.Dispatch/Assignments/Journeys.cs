using System.Text.Json;
using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using GeoDispatch.Tracking.Fixes;
using Npgsql;

namespace GeoDispatch.Dispatch.Assignments;

/// <summary>A unit's work as modules above see it: whose it is, how far it has come and where it goes. No caller, no complaint.</summary>
/// <param name="Priority">Of the incident, 1 to 4.</param>
/// <param name="Place">Of the incident.</param>
/// <param name="Status">The last milestone that was reached, such as <c>leftScene</c>, or <c>cancelled</c>.</param>
/// <param name="Active">The unit is bound by it.</param>
/// <param name="Since">When it reached <paramref name="Status"/>.</param>
/// <param name="DestinationId">Where it brings somebody; null until it has left the scene.</param>
/// <param name="Fix">Where its vehicle was last; null where that never reported, or was not asked for.</param>
public sealed record Journey(
    Guid AssignmentId, Guid IncidentId, string IncidentNumber, int Priority, LonLat Place, Guid UnitId, string CallSign, string Status, bool Active,
    DateTimeOffset Since, Guid? DestinationId, LatestFix? Fix)
{
    /// <summary>It has left the scene and not arrived.</summary>
    public bool IsOnItsWay => Status == AssignmentStatus.LeftScene.Text();

    /// <summary>It has arrived and not handed over.</summary>
    public bool IsHandingOver => Status == AssignmentStatus.AtDestination.Text();

    /// <summary>It has handed over, whatever it did after that.</summary>
    public bool IsHandedOver => DestinationId is not null
        && (Status == AssignmentStatus.HandedOver.Text() || Status == AssignmentStatus.Available.Text() || Status == AssignmentStatus.BackAtStation.Text());

    /// <summary>It was called off.</summary>
    public bool IsCancelled => Status == AssignmentStatus.Cancelled.Text();

    /// <summary>It is with the patient at the scene, as far as its milestones say.</summary>
    public bool IsAtScene => Status == AssignmentStatus.OnScene.Text() || Status == AssignmentStatus.AtPatient.Text();
}

/// <summary>When a unit was sent, and when it reached what it has reached, as it was corrected last.</summary>
/// <param name="Milestones">By name, such as <c>leftScene</c>.</param>
public sealed record RunTimes(DateTimeOffset AssignedAt, IReadOnlyDictionary<string, DateTimeOffset> Milestones);

/// <summary>How long handing over took, from arriving until handed over.</summary>
/// <param name="DestinationId">Null for all of the city together.</param>
/// <param name="MedianSeconds">0 or more.</param>
/// <param name="Runs">On how many it rests.</param>
public sealed record HandoverTime(Guid? DestinationId, double MedianSeconds, long Runs);

/// <summary>Tells modules above of units' work.</summary>
public sealed class Journeys(Databases databases, LatestFixes latestFixes)
{
    /// <summary>The channel on which <c>incidentId:version</c> is notified with every change of an incident or of a unit's work on it.</summary>
    public static string Changed => IncidentLog.Incidents.Name;

    private sealed record Row(
        Guid AssignmentId, Guid IncidentId, string Number, int Priority, double Lon, double Lat, Guid UnitId, Guid VehicleId, string CallSign, string Status,
        bool Active, DateTimeOffset Since, Guid? DestinationId);

    /// <summary>Null where there is no such assignment.</summary>
    public async Task<Journey?> FindAsync(Guid assignmentId, CancellationToken cancellation) =>
        (await ListAsync("assignment.id = @assignmentId", new { assignmentId }, cancellation)) is [var only] ? only : null;

    /// <summary>These assignments, in no order; without those that there are not.</summary>
    public Task<IReadOnlyList<Journey>> ListAsync(IReadOnlyCollection<Guid> assignmentIds, CancellationToken cancellation) =>
        ListAsync("assignment.id = ANY (@ids)", new { ids = assignmentIds.ToArray() }, cancellation);

    /// <summary>All work on an incident, without where the vehicles are: asked with every change of one.</summary>
    public async Task<IReadOnlyList<Journey>> ListOfIncidentAsync(Guid incidentId, CancellationToken cancellation) =>
        [.. (await ReadAsync("incident_id = @incidentId", new { incidentId }, cancellation)).Select(static row => Make(row, null))];

    /// <summary>Who is under way to a destination, or there and has not handed over.</summary>
    public Task<IReadOnlyList<Journey>> ListToDestinationsAsync(CancellationToken cancellation) =>
        ListAsync("active AND assignment.status = ANY (@legs)", new { legs = new[] { AssignmentStatus.LeftScene.Text(), AssignmentStatus.AtDestination.Text() } }, cancellation);

    /// <summary>Of each destination, and of all together, by milestones as they were corrected; only of work that began after this moment.</summary>
    public async Task<IReadOnlyList<HandoverTime>> ListHandoverTimesAsync(DateTimeOffset since, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return [.. await connection.QueryAsync<HandoverTime>(new CommandDefinition(SelectHandovers, new { since }, cancellationToken: cancellation))];
    }

    /// <summary>The times of an assignment that there is.</summary>
    public async Task<RunTimes> ReadTimesAsync(Guid assignmentId, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        (DateTimeOffset assigned, string milestones) = await connection.QuerySingleAsync<(DateTimeOffset, string)>(new CommandDefinition(
            "SELECT assigned_at, milestones::text FROM dispatch.assignment WHERE id = @assignmentId", new { assignmentId }, cancellationToken: cancellation));
        return new RunTimes(assigned, JsonSerializer.Deserialize<MilestoneState[]>(milestones, JsonSerializerOptions.Web)!
            .GroupBy(static step => step.Milestone.Text()).ToDictionary(static same => same.Key, static same => same.Max(static step => step.At), StringComparer.Ordinal));
    }

    private async Task<IReadOnlyList<Journey>> ListAsync(string which, object values, CancellationToken cancellation)
    {
        Row[] rows = await ReadAsync(which, values, cancellation);
        switch (rows)
        {
            case []:
                return [];
            case [var only]:
                return [Make(only, await latestFixes.FindAsync(only.VehicleId, cancellation))];
            default:
                IReadOnlyDictionary<Guid, LatestFix> fixes = await latestFixes.ListAsync(cancellation);
                return [.. rows.Select(row => Make(row, fixes.GetValueOrDefault(row.VehicleId)))];
        }
    }

    private async Task<Row[]> ReadAsync(string which, object values, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return [.. await connection.QueryAsync<Row>(new CommandDefinition($"{Select} WHERE {which}", values, cancellationToken: cancellation))];
    }

    private static Journey Make(Row row, LatestFix? fix) => new(
        row.AssignmentId, row.IncidentId, row.Number, row.Priority, new LonLat(row.Lon, row.Lat), row.UnitId, row.CallSign, row.Status, row.Active, row.Since,
        row.DestinationId, fix);

    private const string Select = """
        SELECT assignment.id AS AssignmentId, incident_id AS IncidentId, number AS Number, priority, incident.lon, incident.lat, unit_id AS UnitId,
               vehicle_id AS VehicleId, assignment.call_sign AS CallSign, assignment.status, active, since, destination_id AS DestinationId
        FROM dispatch.assignment JOIN dispatch.incident ON incident.id = incident_id JOIN dispatch.unit ON unit.id = unit_id
        """;

    private const string SelectHandovers = """
        WITH handover AS (
            SELECT destination_id, extract(epoch FROM max(at) FILTER (WHERE milestone = 'handedOver') - max(at) FILTER (WHERE milestone = 'atDestination'))::float8 AS seconds
            FROM dispatch.assignment CROSS JOIN LATERAL jsonb_to_recordset(milestones) AS reached (milestone text, at timestamptz)
            WHERE assigned_at > @since AND destination_id IS NOT NULL
            GROUP BY assignment.id, destination_id)
        SELECT destination_id AS DestinationId, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS MedianSeconds, count(*) AS Runs
        FROM handover WHERE seconds >= 0 GROUP BY GROUPING SETS ((destination_id), ())
        HAVING count(*) > 0
        """;
}
