using Dapper;
using GeoDispatch.City;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Postgres;
using Npgsql;

namespace GeoDispatch.Dispatch.Units;

/// <summary>Units in the log of events: carries out commands on them, and locks one for a command of an incident.</summary>
internal sealed class UnitLog(EventLog log, UnitReader reader, CityProfiles city)
{
    /// <summary>Units as streams; the last that a command locks. On the channel of their name <c>unitId:version</c> is notified.</summary>
    internal static readonly StreamKind<UnitState, UnitEvent> Units = new(
        "unit", 2, UnitState.None, static (state, happened, at) => state.Apply(happened, at), Update, UnitProblems.Unknown, UnitProblems.Stale);

    private sealed record Row(string CallSign, string? IncidentNumber, string[] CrewRoles, string[] CrewNames, string[] Capabilities, int RestMinutes, Guid StationId);

    /// <summary>Does something with a unit that is there.</summary>
    internal async Task<(UnitView? Unit, Problem? Problem)> AppendAsync(
        Guid unitId, Instruction given, UnitCommand command, CancellationToken cancellation)
    {
        UnitFacts? facts = null;
        return await log.AppendAsync(
            Units, unitId, given,
            async (doing, stop) => facts = await ReadFactsAsync(doing.Connection, unitId, stop),
            (state, now) => UnitDecider.Decide(state, command, facts!, now),
            reader.FindAsync, cancellation);
    }

    /// <summary>
    /// Locks a unit, after the incident that it is wanted for: nobody takes it out or logs it off until that command is done. Two who want it
    /// wait for each other here.
    /// </summary>
    /// <returns>Why it cannot be sent; null where it can.</returns>
    internal async Task<Problem?> LockToSendAsync(Undertaking doing, Guid unitId, CancellationToken cancellation)
    {
        if (await doing.LockAsync(Units, unitId, cancellation) is not { } found)
        {
            return DispatchProblems.UnitUnknown(unitId);
        }

        UnitFacts facts = await ReadFactsAsync(doing.Connection, unitId, cancellation);
        return facts.IncidentNumber is { } number ? DispatchProblems.UnitBusy(facts.CallSign, number) : UnitDecider.RefusesToBeSent(found.State, facts);
    }

    private async Task<UnitFacts> ReadFactsAsync(NpgsqlConnection connection, Guid unitId, CancellationToken cancellation)
    {
        CityProfile profile = await city.GetAsync(cancellation);
        Row row = await connection.QuerySingleAsync<Row>(new CommandDefinition(
            """
            SELECT call_sign AS CallSign,
                   (SELECT number FROM dispatch.assignment a JOIN dispatch.incident i ON i.id = incident_id WHERE unit_id = unit.id AND active) AS IncidentNumber,
                   ARRAY(SELECT role FROM dispatch.crew_member WHERE unit_id = unit.id ORDER BY role, name) AS CrewRoles,
                   ARRAY(SELECT name FROM dispatch.crew_member WHERE unit_id = unit.id ORDER BY role, name) AS CrewNames,
                   capabilities, rest_minutes AS RestMinutes, station_id AS StationId
            FROM dispatch.unit WHERE id = @unitId
            """,
            new { unitId }, cancellationToken: cancellation));
        return new UnitFacts(
            row.CallSign, row.IncidentNumber, CrewMember.Of(row.CrewRoles, row.CrewNames), row.Capabilities, row.RestMinutes, row.StationId,
            TimeZoneInfo.FindSystemTimeZoneById(profile.TimeZone));
    }

    /// <summary>Keeps the row of <c>dispatch.unit</c> and its crew as the events say.</summary>
    private static void Update(NpgsqlBatch batch, Guid unitId, int version, UnitState state, IReadOnlyList<UnitEvent> events)
    {
        batch.Add(
            """
            UPDATE dispatch.unit SET version = $2, on_duty = $3, shift_from = $4, shift_until = $5, out_since = $6, out_reason = $7, out_words = $8,
                out_until = $9, post_name = $10, post_lon = $11, post_lat = $12
            WHERE id = $1
            """,
            unitId, version, state.Duty.OnDuty, Time(state.Duty.From), Time(state.Duty.Until), Time(state.Out?.Since), OrNull(state.Out?.Reason),
            OrNull(state.Out?.Words), Time(state.Out?.Until), OrNull(state.Post?.Name), OrNull(state.Post?.Lon), OrNull(state.Post?.Lat));
        foreach (UnitEvent happened in events)
        {
            // What an import may change too is written when it changes, not from the state, which knows nothing of imports.
            switch (happened)
            {
                case CapabilitiesChanged change:
                    batch.Add("UPDATE dispatch.unit SET capabilities = $2 WHERE id = $1", unitId, change.To.ToArray());
                    break;
                case RestRuleChanged rest:
                    batch.Add("UPDATE dispatch.unit SET rest_minutes = $2 WHERE id = $1", unitId, rest.ToMinutes);
                    break;
                case StationChanged station:
                    batch.Add("UPDATE dispatch.unit SET station_id = $2 WHERE id = $1", unitId, station.To);
                    break;
                case CrewLoggedOn on:
                    WriteCrew(batch, unitId, on.Crew);
                    break;
                case CrewNamed named:
                    WriteCrew(batch, unitId, named.Crew);
                    break;
                case CrewLoggedOff:
                    WriteCrew(batch, unitId, []);
                    break;
            }
        }
    }

    private static void WriteCrew(NpgsqlBatch batch, Guid unitId, IReadOnlyList<CrewMember> crew)
    {
        batch.Add("DELETE FROM dispatch.crew_member WHERE unit_id = $1", unitId);
        batch.Add(
            "INSERT INTO dispatch.crew_member (unit_id, role, name) SELECT $1, role, name FROM unnest($2, $3) AS crew (role, name)",
            unitId, crew.Select(static member => member.Role).ToArray(), crew.Select(static member => member.Name).ToArray());
    }

    private static object Time(DateTimeOffset? time) => OrNull(time?.UtcDateTime);

    private static object OrNull(object? value) => value ?? DBNull.Value;
}
