using System.Collections.Concurrent;
using System.Globalization;
using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using GeoDispatch.Tracking.Fixes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Dispatch.Assignments;

/// <summary>A contradiction of the board.</summary>
internal sealed record WorkContradiction(Guid AssignmentId, Guid IncidentId, Guid UnitId, Contradiction Contradiction);

/// <summary>
/// Watches the positions of the units that work: proposes milestones and knows who contradicts his position. What it remembers is lost with the
/// process, and comes again with the next positions.
/// </summary>
internal sealed partial class ProgressWatch(Databases databases, LatestFixes fixes, TimeProvider clock, ILogger<ProgressWatch> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Who is not home by then drives somewhere else.</summary>
    private static readonly TimeSpan LongestWayHome = TimeSpan.FromHours(2);

    private readonly ConcurrentDictionary<Guid, ProgressState> known = new();

    private sealed record Row(
        Guid Id, Guid IncidentId, Guid UnitId, Guid VehicleId, AssignmentStatus Status, bool Active, DateTimeOffset Since, DateTimeOffset AssignedAt, int Version,
        double Lon, double Lat, double StationLon, double StationLat, double? DestinationLon, double? DestinationLat)
    {
        internal WatchedWork Work => new(
            Status, Since, new LonLat(Lon, Lat), DestinationLon is { } lon ? new LonLat(lon, DestinationLat!.Value) : null, new LonLat(StationLon, StationLat));
    }

    /// <summary>Who says something else than his position now.</summary>
    internal async Task<IReadOnlyList<WorkContradiction>> ListContradictionsAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return [.. (await ListAsync(now, cancellation)).Where(static row => row.Active)
            .Select(row => (row, Found: Contradictions.Find(row.Work, known.GetValueOrDefault(row.Id), now)))
            .Where(static one => one.Found is not null)
            .Select(static one => new WorkContradiction(one.row.Id, one.row.IncidentId, one.row.UnitId, one.Found!))];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pause, stoppingToken);
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        try
        {
            IReadOnlyList<Row> rows = await ListAsync(clock.GetUtcNow(), stopping);
            foreach (Guid over in known.Keys.Except(rows.Select(static row => row.Id)))
            {
                known.TryRemove(over, out _);
            }

            foreach (Row row in rows)
            {
                await LookAtAsync(row, await fixes.FindAsync(row.VehicleId, stopping), stopping);
            }
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException)
        {
            LogMissed(log, failure);
        }
    }

    private async Task LookAtAsync(Row row, LatestFix? fix, CancellationToken stopping)
    {
        ProgressState? before = known.GetValueOrDefault(row.Id);
        // A position of before the order says nothing of what came after.
        if (fix is null || fix.Time < row.AssignedAt || (fix.Time <= before?.Last.Time && before.Status == row.Status))
        {
            return;
        }

        ProgressState after = known[row.Id] = Progress.Follow(before, row.Status, new Sighting(fix.Position, fix.Time));
        if (Progress.Propose(after, row.Work) is not { } proposed)
        {
            return;
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(stopping);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            WITH made AS (
                INSERT INTO dispatch.proposal (id, assignment_id, milestone, at)
                SELECT @id, @assignment, @milestone, @at FROM dispatch.assignment WHERE id = @assignment AND status = @status FOR SHARE
                ON CONFLICT (assignment_id, milestone) DO NOTHING RETURNING id)
            SELECT pg_notify('incident', @notice) FROM made
            """,
            new
            {
                id = Guid.CreateVersion7(clock.GetUtcNow()),
                assignment = row.Id,
                milestone = proposed.Milestone.Text(),
                at = proposed.At.UtcDateTime,
                status = row.Status.Text(),
                notice = $"{row.IncidentId:D}:{row.Version.ToString(CultureInfo.InvariantCulture)}",
            },
            cancellationToken: stopping));
    }

    private async Task<IReadOnlyList<Row>> ListAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return [.. await connection.QueryAsync<Row>(new CommandDefinition(
            """
            SELECT work.id, work.incident_id AS IncidentId, work.unit_id AS UnitId, vehicle_id AS VehicleId, work.status, work.active, work.since,
                   work.assigned_at AS AssignedAt, incident.version, incident.lon, incident.lat,
                   station.lon AS StationLon, station.lat AS StationLat, destination.lon AS DestinationLon, destination.lat AS DestinationLat
            FROM dispatch.assignment work JOIN dispatch.incident ON incident.id = work.incident_id JOIN dispatch.unit ON unit.id = work.unit_id
            JOIN dispatch.station ON station.id = station_id LEFT JOIN dispatch.destination ON destination.id = work.destination_id
            WHERE work.active OR (work.status = 'available' AND work.since > @recent AND incident.status <> 'closed' AND NOT EXISTS (
                SELECT FROM dispatch.assignment later WHERE later.unit_id = work.unit_id AND later.assigned_at > work.assigned_at))
            """,
            new { recent = (now - LongestWayHome).UtcDateTime }, cancellationToken: cancellation))];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The positions of working units could not be looked at; the next look is in two seconds.")]
    private static partial void LogMissed(ILogger logger, Exception failure);
}
