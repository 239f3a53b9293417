using System.Text.Json;
using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Dispatch.Alarms;

/// <summary>Alarms in the log of events: what people do with them, and what their keeper does.</summary>
internal sealed class AlarmLog(EventLog log)
{
    /// <summary>Alarms as streams, locked after all others. On the channel of their name <c>alarmId:version</c> is notified.</summary>
    internal static readonly StreamKind<AlarmState, AlarmEvent> Alarms = new(
        "alarm", 3, AlarmState.None, static (state, happened, at) => state.Apply(happened, at), Update, AlarmProblems.Unknown, AlarmProblems.Stale);

    internal DateTimeOffset Now => log.Now;

    /// <summary>Somebody does something with an alarm that is there.</summary>
    internal Task<(AlarmView? Alarm, Problem? Problem)> AppendAsync(Guid alarmId, Instruction given, AlarmCommand command, CancellationToken cancellation) =>
        log.AppendAsync(Alarms, alarmId, given, (state, now) => AlarmDecider.Decide(state, command, now),
            (connection, id, stop) => AlarmReader.FindAsync(connection, id, log.Now, stop), cancellation);

    /// <summary>
    /// The keeper does something, in the name of the system. It needs no command id: what was done already is decided to be nothing, also where
    /// another server did it.
    /// </summary>
    internal async Task KeepAsync(AlarmStep step, CancellationToken cancellation)
    {
        await using Undertaking doing = await log.BeginAsync(
            new Instruction(Guid.Empty, "keepAlarm", [], Guid.Empty, "system", null, IsCrew: false, null), cancellation);
        Found<AlarmState>? found = step.AlarmId is { } known
            ? await doing.LockAsync(Alarms, known, cancellation)
            : await InsertAsync(doing, ((AlarmCommand.Raise)step.Command).Condition, cancellation);
        if (found is { } alarm)
        {
            await doing.WriteAsync(Alarms, alarm, AlarmDecider.Decide(alarm.State, step.Command, doing.Now).Events, cancellation);
            await doing.CommitAsync(cancellation);
        }
    }

    /// <summary>Null where one of this kind and subject is open already.</summary>
    private static async Task<Found<AlarmState>?> InsertAsync(Undertaking doing, Condition condition, CancellationToken cancellation)
    {
        AlarmSubject subject = condition.Subject;
        Guid id = Guid.CreateVersion7(doing.Now);
        int inserted = await doing.Connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO dispatch.alarm (id, version, kind, level, subject_id, incident_id, incident_number, unit_id, call_sign, seat, since, raised_at, state)
            VALUES (@id, 0, @Code, @Level, @subject, @IncidentId, @IncidentNumber, @UnitId, @CallSign, @Seat, @Since, @now, 'unconfirmed')
            ON CONFLICT (kind, subject_id) WHERE state <> 'ended' DO NOTHING
            """,
            new
            {
                id,
                condition.Kind.Code,
                condition.Kind.Level,
                subject = subject.Id,
                subject.IncidentId,
                subject.IncidentNumber,
                subject.UnitId,
                subject.CallSign,
                subject.Seat,
                condition.Since,
                now = doing.Now,
            },
            cancellationToken: cancellation));
        return inserted == 0 ? null : new Found<AlarmState>(id, 0, AlarmState.None);
    }

    private static void Update(NpgsqlBatch batch, Guid alarmId, int version, AlarmState state, IReadOnlyList<AlarmEvent> events)
    {
        var alarm = (AlarmState.Raised)state;
        batch.Add(
            """
            UPDATE dispatch.alarm SET version = $2, since = $3, raised_at = $4, count = $5, state = $6, standing = $7, escalation = $8, cleared_at = $9,
                confirmed_by = $10, confirmed_at = $11, shelved_by = $12, shelved_at = $13, shelved_until = $14, shelved_reason = $15
            WHERE id = $1
            """,
            alarmId, version, alarm.Since.UtcDateTime, alarm.RaisedAt.UtcDateTime, alarm.Count, JsonNamingPolicy.CamelCase.ConvertName(alarm.Status.ToString()), alarm.IsStanding, alarm.Escalation,
            OrNull(alarm.ClearedAt?.UtcDateTime), OrNull(alarm.Confirmed?.By), OrNull(alarm.Confirmed?.At.UtcDateTime),
            OrNull(alarm.Shelved?.By), OrNull(alarm.Shelved?.At.UtcDateTime), OrNull(alarm.Shelved?.Until.UtcDateTime), OrNull(alarm.Shelved?.Reason));
    }

    private static object OrNull(object? value) => value ?? DBNull.Value;
}
