using System.Text.Json;
using Dapper;
using GeoDispatch.Dispatch.Assignments;
using GeoDispatch.Ems.Hospitals;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Ems.Prealerts;

/// <summary>
/// <c>GET /api/hospitals/{id}/prealerts</c>: who was announced to a hospital, for its own people, with when the unit is there. What is over stays for 12
/// hours. Each read is written down with its purpose.
/// </summary>
internal static class ReadPrealerts
{
    private static readonly TimeSpan OverStays = TimeSpan.FromHours(12), Longest = TimeSpan.FromHours(48);

    /// <summary>The newest that a hospital was told of one run.</summary>
    /// <param name="State">
    /// <c>coming</c>, <c>arrived</c>, <c>handedOver</c>; <c>redirected</c> to another hospital, <c>notTransported</c>, <c>cancelled</c>.
    /// </param>
    /// <param name="Since">When the unit reached what it does now.</param>
    /// <param name="IsOnItsWay">False while it is at the scene: its time is then as if it left now.</param>
    /// <param name="EtaSeconds">By road from where the unit is; null before it is at the scene, and where its position is too old.</param>
    /// <param name="Versions">How often the run was announced, this hospital or another.</param>
    /// <param name="Patient">Null where the patient does not come.</param>
    /// <param name="ReceivedAt">When somebody here read this version; null where nobody has.</param>
    internal sealed record PrealertView(
        Guid Id, Guid AssignmentId, string CallSign, int Priority, string State, DateTimeOffset Since, bool IsOnItsWay, double? EtaSeconds, double? PositionAgeSeconds,
        DateTimeOffset At, string By, long Versions, PatientSummary? Patient, DateTimeOffset? ReceivedAt, string? ReceivedBy);

    internal sealed record PrealertsView(DateTimeOffset Now, IReadOnlyList<PrealertView> Prealerts);

    private sealed record Row(
        Guid Id, Guid AssignmentId, DateTimeOffset At, string By, string Patient, DateTimeOffset? ReceivedAt, string? ReceivedBy, long Versions,
        Guid NewestHospitalId, DateTimeOffset NewestAt);

    internal static void Map(IEndpointRouteBuilder hospital) => hospital.MapGet("", HandleAsync).Produces<PrealertsView>();

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, HospitalReader hospitals, Journeys journeys, HospitalRoads roads, Databases databases, AuditTrail audit, TimeProvider clock,
        CancellationToken cancellation)
    {
        if (ReportHospital.RefuseOthers(http.User, id) is { } refusal)
        {
            return refusal.ToResult();
        }

        if (await hospitals.FindAsync(id, cancellation) is not { } hospital)
        {
            return HospitalProblems.Unknown(id).ToResult();
        }

        DateTimeOffset now = clock.GetUtcNow();
        Row[] rows;
        await using (NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation))
        {
            rows = [.. await connection.QueryAsync<Row>(new CommandDefinition(Select, new { id, since = now - Longest }, cancellationToken: cancellation))];
        }

        Dictionary<Guid, Journey> runs = (await journeys.ListAsync([.. rows.Select(static row => row.AssignmentId)], cancellation)).ToDictionary(static run => run.AssignmentId);
        (Row Row, Journey Run, string State)[] shown = [.. rows
            .Select(row => (Row: row, Run: runs[row.AssignmentId]))
            .Select(one => (one.Row, one.Run, PrealertStanding.Of(id, (one.Row.NewestHospitalId, one.Row.NewestAt), one.Run)))
            .Where(one => one.Run is { Active: true, IsHandedOver: false } || one.Run.Since > now - OverStays)];
        double?[] seconds = await roads.FindSecondsAsync(
            [.. shown.Select(one => one.State == PrealertStanding.Coming && (one.Run.IsAtScene || one.Run.IsOnItsWay) ? roads.Find(one.Run) : null)],
            new LonLat(hospital.Place.Lon, hospital.Place.Lat), cancellation);
        await using (NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation))
        {
            foreach ((Row row, _, string state) in shown.Where(static one => !PrealertStanding.IsOff(one.State)))
            {
                await audit.RecordAsync(connection, http.User, "prealert.read", row.Id.ToString("D"), state == PrealertStanding.HandedOver ? "afterHandover" : "reception", cancellation);
            }
        }

        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new PrealertsView(now, [.. shown.Zip(seconds)
            .OrderBy(static one => one.First.State == PrealertStanding.Coming ? 0 : one.First.State == PrealertStanding.Arrived ? 1 : 2)
            .ThenBy(static one => one.Second ?? double.PositiveInfinity).ThenByDescending(static one => one.First.Row.At)
            .Select(one => View(one.First.Row, one.First.Run, one.First.State, one.Second, roads.AgeSeconds(one.First.Run)))]));
    }

    private static PrealertView View(Row row, Journey run, string state, double? seconds, double? age) => new(
        row.Id, row.AssignmentId, run.CallSign, run.Priority, state, run.Since, run.IsOnItsWay, seconds, age, row.At, row.By, row.Versions,
        PrealertStanding.IsOff(state) ? null : JsonSerializer.Deserialize<PatientSummary>(row.Patient, JsonSerializerOptions.Web), row.ReceivedAt, row.ReceivedBy);

    private const string Select = """
        SELECT DISTINCT ON (told.assignment_id) told.id, told.assignment_id AS AssignmentId, told.at, told.by, told.patient::text AS Patient,
               receipt.at AS ReceivedAt, receipt.by AS ReceivedBy, run.versions AS Versions, newest.hospital_id AS NewestHospitalId, newest.at AS NewestAt
        FROM ems_care.prealert told
        LEFT JOIN ems_care.prealert_receipt receipt ON prealert_id = told.id
        CROSS JOIN LATERAL (SELECT count(*) AS versions FROM ems_care.prealert WHERE assignment_id = told.assignment_id) run
        CROSS JOIN LATERAL (
            SELECT hospital_id, at FROM ems_care.prealert WHERE assignment_id = told.assignment_id ORDER BY ordinal DESC LIMIT 1) newest
        WHERE told.hospital_id = @id AND told.at > @since
        ORDER BY told.assignment_id, told.ordinal DESC
        """;
}
