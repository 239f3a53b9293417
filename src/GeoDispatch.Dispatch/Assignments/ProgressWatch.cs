using System.Collections.Concurrent;
using System.Globalization;
using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using GeoDispatch.Tracking;
using GeoDispatch.Tracking.Fixes;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Dispatch.Assignments;

/// <summary>A contradiction of the board.</summary>
internal sealed record WorkContradiction(Guid AssignmentId, Guid IncidentId, Guid UnitId, Contradiction Contradiction);

/// <summary>
/// Watches the positions of the units that work: proposes milestones and knows who contradicts his position. What it remembers is lost with the
/// process, and comes again with the next positions.
/// </summary>
internal sealed class ProgressWatch(Databases databases, LatestFixes fixes, Destinations destinations, TimeProvider clock, ILogger<ProgressWatch> log)
    : RoundWorker(TimeSpan.FromSeconds(2), log, clock)
{
    /// <summary>Who is not home by then drives somewhere else.</summary>
    private static readonly TimeSpan LongestWayHome = TimeSpan.FromHours(2);

    private readonly TimeProvider clock = clock;
    private readonly ConcurrentDictionary<Guid, ProgressState> known = new();

    private sealed record Row(
        Guid Id, Guid IncidentId, Guid UnitId, Guid VehicleId, AssignmentStatus Status, bool Active, DateTimeOffset Since, DateTimeOffset AssignedAt, int Version,
        double Lon, double Lat, double StationLon, double StationLat, double? DestinationLon, double? DestinationLat,
        Guid? DestinationId)
    {
        internal WatchedWork Work => new(
            Status, Since, new LonLat(Lon, Lat), DestinationLon is { } lon ? new LonLat(lon, DestinationLat!.Value) : null, new LonLat(StationLon, StationLat),
            DestinationId);
    }

    /// <summary>Who says something else than his position now.</summary>
    internal async Task<IReadOnlyList<WorkContradiction>> ListContradictionsAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        Destination[] hospitals = [.. (await destinations.ListAsync(cancellation)).Where(static place => place.Kind == "hospital")];
        Row[] rows = [.. (await ListAsync(now, cancellation)).Where(static row => row.Active)];
        // Who fell silent before the order came was never seen at this work, but was heard before. All such are asked for at once: each board comes by here.
        IReadOnlyDictionary<Guid, LatestFix>? before = rows.All(row => known.ContainsKey(row.Id)) ? null : await fixes.ListAsync(cancellation);
        var found = new List<WorkContradiction>();
        foreach (Row row in rows)
        {
            ProgressState? state = known.GetValueOrDefault(row.Id);
            DateTimeOffset? heard = state?.Last.Time ?? before?.GetValueOrDefault(row.VehicleId)?.Time;
            if (Contradictions.Find(row.Work, state, heard, hospitals, now) is { } contradiction)
            {
                found.Add(new WorkContradiction(row.Id, row.IncidentId, row.UnitId, contradiction));
            }
        }

        return found;
    }

    protected override async Task KeepAsync(CancellationToken cancellation)
    {
        IReadOnlyList<Row> rows = await ListAsync(clock.GetUtcNow(), cancellation);
        foreach (Guid over in known.Keys.Except(rows.Select(static row => row.Id)))
        {
            known.TryRemove(over, out _);
        }

        foreach (Row row in rows)
        {
            await LookAtAsync(row, await fixes.FindAsync(row.VehicleId, cancellation), cancellation);
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
                   station.lon AS StationLon, station.lat AS StationLat, destination.lon AS DestinationLon, destination.lat AS DestinationLat,
                   work.destination_id AS DestinationId
            FROM dispatch.assignment work JOIN dispatch.incident ON incident.id = work.incident_id JOIN dispatch.unit ON unit.id = work.unit_id
            JOIN dispatch.station ON station.id = station_id LEFT JOIN dispatch.destination ON destination.id = work.destination_id
            WHERE work.active OR (work.status = 'available' AND work.since > @recent AND incident.status <> 'closed' AND NOT EXISTS (
                SELECT FROM dispatch.assignment later WHERE later.unit_id = work.unit_id AND later.assigned_at > work.assigned_at))
            """,
            new { recent = (now - LongestWayHome).UtcDateTime }, cancellationToken: cancellation))];
    }
}
