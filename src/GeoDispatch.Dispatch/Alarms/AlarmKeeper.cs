using System.Collections.Immutable;
using Dapper;
using GeoDispatch.City;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking;
using GeoDispatch.Tracking.Fixes;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Dispatch.Alarms;

/// <summary>
/// Looks at the board each two seconds, raises what is abnormal and clears what is over. It reads the board in one round trip and the
/// signs of the vehicles in another, for a module's SQL stays in its schema.
/// </summary>
internal sealed partial class AlarmKeeper(
    AlarmLog log, Databases databases, VehicleSigns signs, CityProfiles city, TimeProvider clock, ILogger<AlarmKeeper> logger)
    : RoundWorker(TimeSpan.FromSeconds(2), logger, clock)
{
    /// <summary>Fixes of before say nothing more of a vehicle that stands.</summary>
    private static readonly TimeSpan LookedAt = AlarmKind.UnitStill.Limit * 2;

    private ImmutableDictionary<Guid, DateTimeOffset> away = ImmutableDictionary<Guid, DateTimeOffset>.Empty;

    private sealed record OrderRow(
        Guid AssignmentId, Guid UnitId, string CallSign, Guid VehicleId, Guid IncidentId, string Number, int Priority, string? Seat, AssignmentStatus Status,
        DateTimeOffset AssignedAt, DateTimeOffset Since, double? ExpectedSeconds, bool UnitOut);

    private sealed record UnitRow(Guid Id, string CallSign, Guid VehicleId);

    protected override async Task KeepAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = log.Now;
        (BoardFacts facts, IReadOnlyList<KnownAlarm> known) = await ReadAsync(now, cancellation);
        (IReadOnlyList<AlarmStep> steps, away) = AlarmWatch.Look(AlarmRules.Standing(facts, now), known, away, now);
        foreach (AlarmStep step in steps)
        {
            try
            {
                await log.KeepAsync(step, cancellation);
            }
            catch (PostgresException failure)
            {
                // One that cannot be written keeps no other from being raised.
                LogUnwritten(logger, step, failure);
            }
        }
    }

    private async Task<(BoardFacts Facts, IReadOnlyList<KnownAlarm> Known)> ReadAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        RingingCall[] ringing;
        WaitingIncident[] waiting;
        OrderRow[] orders;
        UnitRow[] units;
        IReadOnlyList<KnownAlarm> known;
        bool synthetic = (await city.GetAsync(cancellation)).Synthetic;
        await using (NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation))
        {
            await using SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(
                Sql, new { synthetic, lately = now - AlarmDecider.SameAlarm }, cancellationToken: cancellation));
            ringing = [.. await answers.ReadAsync<RingingCall>()];
            waiting = [.. await answers.ReadAsync<WaitingIncident>()];
            orders = [.. await answers.ReadAsync<OrderRow>()];
            units = [.. await answers.ReadAsync<UnitRow>()];
            known = await AlarmReader.ReadAsync(answers);
        }

        Guid[] driving = [.. orders.Where(static order => order.Status == AssignmentStatus.EnRoute).Select(static order => order.VehicleId)];
        IReadOnlyDictionary<Guid, VehicleSign> seen = await signs.ListAsync(
            [.. units.Select(static unit => unit.VehicleId), .. driving], driving, now - LookedAt, cancellation);
        return (
            new BoardFacts(
                ringing,
                waiting,
                [.. orders.Select(row => new GivenOrder(
                    row.AssignmentId, row.UnitId, row.CallSign, row.IncidentId, row.Number, row.Priority, row.Seat, row.Status, row.AssignedAt, row.Since,
                    row.ExpectedSeconds, row.UnitOut, StillSince(seen.GetValueOrDefault(row.VehicleId), now)))],
                [.. units.Select(row => new DutyUnit(row.Id, row.CallSign, Out: false, seen.GetValueOrDefault(row.VehicleId)?.HeardAt))]),
            known);
    }

    private static DateTimeOffset? StillSince(VehicleSign? sign, DateTimeOffset now) =>
        sign is not null && now - sign.HeardAt <= AlarmRules.FixHolds ? sign.MovedAt ?? now - LookedAt : null;

    [LoggerMessage(LogLevel.Error, "{Step} could not be written; it is tried again.")]
    private static partial void LogUnwritten(ILogger logger, AlarmStep step, Exception failure);

    // Bounded each: past that a desk is lost in other ways. The most urgent and the oldest come first.
    private const string Sql = $"""
        SELECT id, seat, coalesce(rang_at, received_at) AS Since FROM dispatch.call WHERE status = 'ringing' ORDER BY received_at LIMIT 1000;

        SELECT id, number, priority, seat,
               greatest(opened_at, (SELECT max(since) FROM dispatch.assignment WHERE incident_id = incident.id)) AS Since
        FROM dispatch.incident WHERE status = 'waiting' ORDER BY priority, opened_at LIMIT 1000;

        SELECT a.id AS AssignmentId, a.unit_id AS UnitId, a.call_sign AS CallSign, vehicle_id AS VehicleId, incident_id AS IncidentId, number, priority,
               seat, a.status, assigned_at AS AssignedAt, a.since, expected_seconds AS ExpectedSeconds, out_since IS NOT NULL AS UnitOut
        FROM dispatch.assignment a JOIN dispatch.incident i ON i.id = incident_id JOIN dispatch.unit ON unit.id = unit_id
        WHERE a.active AND a.status IN ('notified', 'acknowledged', 'enRoute') AND i.status <> 'closed'
        ORDER BY priority, assigned_at LIMIT 1000;

        SELECT id, call_sign AS CallSign, vehicle_id AS VehicleId FROM dispatch.unit
        WHERE on_duty AND out_since IS NULL AND (@synthetic OR NOT synthetic) ORDER BY call_sign LIMIT 5000;

        {AlarmReader.Select} WHERE state <> 'ended' OR (state = 'ended' AND cleared_at > @lately);
        """;
}
