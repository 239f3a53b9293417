using Dapper;
using GeoDispatch.Dispatch.Alarms;
using GeoDispatch.Dispatch.Calls;
using GeoDispatch.Dispatch.Codes;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Recommendation;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Postgres;
using GeoDispatch.Roads.Closures;
using Npgsql;

namespace GeoDispatch.Dispatch.Handover;

/// <summary>A unit on an incident; <c>Status</c> as on the board, <c>Since</c> when it reached it.</summary>
internal sealed record UnitAtWork(string CallSign, string Status, DateTimeOffset Since);

/// <summary>An incident that is not closed. What the board shows of it, and nothing of who called.</summary>
internal sealed record OpenCase(
    Guid Id, string Number, string Status, int Priority, string Complaint, string Address, DateTimeOffset OpenedAt, IReadOnlyList<UnitAtWork> Units);

/// <summary>A call that waits for somebody. <c>Number</c>: masked; <c>Status</c>: <c>parked</c> or <c>callBack</c>.</summary>
internal sealed record OpenCall(Guid Id, string Status, string? Number, DateTimeOffset Since, string? CallBackReason, int Attempts);

/// <summary>An alarm that was laid aside, with the names of what it is of where it has any.</summary>
internal sealed record ShelvedAlarm(Guid Id, Reason What, string? CallSign, string? IncidentNumber, string By, DateTimeOffset Until, string Why);

/// <summary>A unit out of service. <c>Until</c> null where somebody has to bring it back.</summary>
internal sealed record UnitOutOfService(Guid Id, string CallSign, Reason Why, string? Words, DateTimeOffset Since, DateTimeOffset? Until);

/// <summary>What one shift leaves to the next, as of one moment.</summary>
/// <param name="More">How many more there were than the 500 of each kind that are kept.</param>
internal sealed record OpenThings(
    DateTimeOffset At, IReadOnlyList<OpenCase> Incidents, IReadOnlyList<OpenCall> Calls, IReadOnlyList<ShelvedAlarm> ShelvedAlarms,
    IReadOnlyList<UnitOutOfService> UnitsOut, IReadOnlyList<ClosureInWords> Closures, int More);

/// <summary>Looks what is open.</summary>
internal sealed class OpenThingsReader(Databases databases, CallReader calls, UnitReader units, ClosuresInWords closures, TimeProvider clock)
{
    private const int MostOfEach = 500;

    internal async Task<OpenThings> ReadAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        Task<IReadOnlyList<UnitView>> reading = units.ListAsync([], cancellation);
        Task<IReadOnlyList<ClosureInWords>> closing = closures.ListAsync(cancellation);
        IReadOnlyList<IncidentSummary> incidents = await IncidentReader.ListAsync(databases, now, cancellation);
        IReadOnlyList<CallSummary> open;
        IReadOnlyList<KnownAlarm> shelved;
        await using (NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation))
        {
            open = await calls.ListAsync(connection, null, cancellation);
            await using SqlMapper.GridReader answers = await connection.QueryMultipleAsync(new CommandDefinition(
                $"{AlarmReader.Select} WHERE state = 'shelved' ORDER BY shelved_until, id", cancellationToken: cancellation));
            shelved = await AlarmReader.ReadAsync(answers);
        }

        int more = 0;
        return new OpenThings(
            now,
            Bound(incidents.Where(static incident => incident.Status != "closed").Select(static incident => new OpenCase(
                incident.Id, incident.Number, incident.Status, incident.Priority, incident.Complaint, incident.Place.Address, incident.OpenedAt,
                [.. incident.Assignments.Where(static work => work.Active).Select(static work => new UnitAtWork(work.CallSign, work.Status.Text(), work.Since))]))),
            Bound(open.Where(static call => call.Status is "parked" or "callBack").Select(static call => new OpenCall(
                call.Id, call.Status, call.Number, call.Since, call.CallBackReason, call.Attempts))),
            Bound(shelved.Select(alarm => new ShelvedAlarm(
                alarm.Id, AlarmReader.What(alarm, now), alarm.State.Subject.CallSign, alarm.State.Subject.IncidentNumber, alarm.State.Shelved!.By,
                alarm.State.Shelved.Until, alarm.State.Shelved.Reason))),
            Bound((await reading).Where(static unit => unit.Out is not null).Select(static unit => new UnitOutOfService(
                unit.Id, unit.CallSign, WhyOut(unit.Out!.Reason), unit.Out.Words, unit.Out.Since, unit.Out.Until))),
            Bound(await closing),
            more);

        IReadOnlyList<T> Bound<T>(IEnumerable<T> all)
        {
            T[] found = [.. all];
            more += Math.Max(0, found.Length - MostOfEach);
            return [.. found.Take(MostOfEach)];
        }
    }

    private static Reason WhyOut(string code)
    {
        NamedCode reason = OutReason.Get(code);
        return new Reason(reason.Name, reason.NameEn);
    }
}
