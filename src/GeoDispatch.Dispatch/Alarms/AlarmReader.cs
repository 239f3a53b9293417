using Dapper;
using GeoDispatch.Dispatch.Calls;
using GeoDispatch.Dispatch.Recommendation;
using Npgsql;

namespace GeoDispatch.Dispatch.Alarms;

/// <summary>An alarm as shown.</summary>
/// <param name="Level">1 to 3, the most urgent first.</param>
/// <param name="Kind">Code of an <see cref="AlarmKind"/>.</param>
/// <param name="SubjectId">Of an incident, an assignment or a unit.</param>
/// <param name="Seat">Whose it is: where its incident is worked on, whoever sits there; null for nobody's own.</param>
/// <param name="Since">When it passed its limit.</param>
/// <param name="RaisedAt">When it was said, the last time.</param>
/// <param name="Count">How often it was said.</param>
/// <param name="Standing">What was abnormal still is.</param>
/// <param name="EscalatedTo"><c>nextSeat</c>, <c>supervisor</c>, <c>phone</c>: to whom it was passed on, since nobody confirmed it.</param>
/// <param name="Delivered">Of an order that no crew has confirmed: whether its vehicle or its station has it. Null for all else.</param>
/// <param name="Concerns">Whom it concerns, and since when: there it sounds and is pinned. Never empty.</param>
internal sealed record AlarmView(
    Guid Id, int Version, int Level, string Kind, Reason What, Reason Action, Guid SubjectId, Guid? IncidentId, string? IncidentNumber, Guid? UnitId,
    string? CallSign, string? Seat, DateTimeOffset Since, DateTimeOffset RaisedAt, int Count, AlarmStatus State, bool Standing, DateTimeOffset? ClearedAt,
    Confirmation? Confirmed, Shelf? Shelved, IReadOnlyList<string> EscalatedTo, IReadOnlyList<Concern> Concerns, bool? Delivered);

/// <summary>Reads alarms from their table.</summary>
internal static class AlarmReader
{
    private sealed record Row(
        Guid Id, int Version, string Kind, Guid SubjectId, Guid? IncidentId, string? IncidentNumber, Guid? UnitId, string? CallSign, string? Seat,
        DateTimeOffset Since, DateTimeOffset RaisedAt, int Count, bool Standing, int Escalation, DateTimeOffset? ClearedAt, string? ConfirmedBy,
        DateTimeOffset? ConfirmedAt, string? ShelvedBy, DateTimeOffset? ShelvedAt, DateTimeOffset? ShelvedUntil, string? ShelvedReason,
        DateTimeOffset? OrderedAt, DateTimeOffset? SentAt, DateTimeOffset? ReceiptAt, string? Failed);

    // Whose it is goes by where its incident is worked on now: a shift may have been taken over since it was raised.
    internal const string Select = $"""
        SELECT id, version, kind, subject_id AS SubjectId, incident_id AS IncidentId, incident_number AS IncidentNumber, unit_id AS UnitId,
               call_sign AS CallSign, (SELECT incident.seat FROM dispatch.incident WHERE incident.id = incident_id) AS Seat,
               since, raised_at AS RaisedAt, count, standing, escalation, cleared_at AS ClearedAt, confirmed_by AS ConfirmedBy, confirmed_at AS ConfirmedAt,
               shelved_by AS ShelvedBy, shelved_at AS ShelvedAt, shelved_until AS ShelvedUntil, shelved_reason AS ShelvedReason,
               OrderedAt, SentAt, ReceiptAt, Failed
        FROM dispatch.alarm {OrderReach.Join}
        """;

    /// <summary>One alarm, also one that has ended; null where there is none.</summary>
    internal static async Task<AlarmView?> FindAsync(NpgsqlConnection connection, Guid id, DateTimeOffset now, CancellationToken cancellation)
    {
        await using SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(
            $"{TakenSeat.Select}; {Select} WHERE id = @id", new { id }, cancellationToken: cancellation));
        TakenSeat[] seats = [.. await answers.ReadAsync<TakenSeat>()];
        return (await ReadAsync(answers)) is [var alarm] ? View(alarm, seats, now) : null;
    }

    /// <summary>Those that a query beginning with <see cref="Select"/> gives.</summary>
    internal static async Task<IReadOnlyList<KnownAlarm>> ReadAsync(SqlMapper.GridReader answers) => [.. (await answers.ReadAsync<Row>()).Select(Known)];

    /// <param name="seats">Those that are taken.</param>
    internal static AlarmView View(KnownAlarm alarm, IReadOnlyList<TakenSeat> seats, DateTimeOffset now)
    {
        (AlarmState.Raised state, AlarmKind kind, AlarmSubject subject) = (alarm.State, alarm.State.Kind, alarm.State.Subject);
        return new AlarmView(
            alarm.Id, alarm.Version, kind.Level, kind.Code, What(alarm, now), new Reason(kind.Action, kind.ActionEn), subject.Id,
            subject.IncidentId, subject.IncidentNumber, subject.UnitId, subject.CallSign, subject.Seat, state.Since, state.RaisedAt, state.Count,
            state.Status, state.IsStanding, state.ClearedAt, state.Confirmed, state.Shelved, state.EscalatedTo,
            Concern.Of(state, seats), ReachOf(alarm)?.IsDelivered);
    }

    /// <summary>What is abnormal, in words; of an order that no crew has confirmed how far it came.</summary>
    internal static Reason What(KnownAlarm alarm, DateTimeOffset now) =>
        ReachOf(alarm)?.Say(alarm.State.Subject.CallSign!, now) ?? new Reason(alarm.State.Kind.Name, alarm.State.Kind.NameEn);

    /// <summary>Null where the crew has confirmed it meanwhile.</summary>
    private static OrderReach? ReachOf(KnownAlarm alarm) => alarm.State is { IsStanding: true, Kind.IsOfUnreadOrder: true } ? alarm.Reach : null;

    private static KnownAlarm Known(Row row) => new(row.Id, row.Version, new AlarmState.Raised(
        AlarmKind.Get(row.Kind), new AlarmSubject(row.SubjectId, row.IncidentId, row.IncidentNumber, row.UnitId, row.CallSign, row.Seat),
        row.Since, row.RaisedAt, row.Count, row.Standing, row.ClearedAt,
        row.ConfirmedBy is { } by ? new Confirmation(by, row.ConfirmedAt!.Value) : null,
        row.ShelvedBy is { } shelver ? new Shelf(shelver, row.ShelvedAt!.Value, row.ShelvedUntil!.Value, row.ShelvedReason!) : null,
        row.Escalation),
        row.OrderedAt is null ? null : new OrderReach(row.SentAt, row.ReceiptAt, row.Failed));
}
