using System.Security.Claims;
using Dapper;
using GeoDispatch.Dispatch.Assignments;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Ems.Hospitals;
using GeoDispatch.Ems.Prealerts;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace GeoDispatch.Ems.Care;

/// <summary>That somebody may read the patients of a run.</summary>
/// <param name="IsWhole">False for dispatchers: persons are masked, and there are no pictures.</param>
/// <param name="Purpose">What for, in the reader's own words; of a crew <c>transport</c>.</param>
internal sealed record CareAccess(Journey Run, bool IsWhole, string Purpose);

/// <summary>
/// Who may have to do with the patients of a run: its crew writes and reads, dispatchers read masked, the people of a hospital read of who comes or came to
/// them. All but the crew say what for.
/// </summary>
internal sealed class CareGate(Journeys journeys, Databases databases, TimeProvider clock)
{
    internal const string PurposeHeader = "X-Purpose";
    private const int MostPurpose = 100;

    /// <summary>A crew writes its record up after the hand-over, and the hospital reads it then.</summary>
    internal static readonly TimeSpan OpenAfter = TimeSpan.FromHours(24);

    private sealed record Told(Guid HospitalId, DateTimeOffset At);

    /// <summary>The run of the crew that asks; of nobody else.</summary>
    internal async Task<(Journey? Run, Problem? Problem)> FindOwnAsync(HttpContext http, Guid assignmentId, CancellationToken cancellation) =>
        await journeys.FindAsync(assignmentId, cancellation) is not { } run ? (null, HospitalProblems.AssignmentUnknown(assignmentId))
        : IsCrewOf(run, http.User) ? (run, null)
        : (null, CareProblems.NotYours);

    internal async Task<(CareAccess? Access, Problem? Problem)> FindAsync(HttpContext http, Guid assignmentId, CancellationToken cancellation)
    {
        if (await journeys.FindAsync(assignmentId, cancellation) is not { } run)
        {
            return (null, HospitalProblems.AssignmentUnknown(assignmentId));
        }

        if (http.User.IsInRole(Roles.Crew))
        {
            return IsCrewOf(run, http.User) ? (new CareAccess(run, IsWhole: true, "transport"), null) : (null, CareProblems.NotYours);
        }

        bool isHospital = http.User.IsInRole(Roles.Hospital);
        if (isHospital && !(Guid.TryParse(http.User.FindFirstValue(GeoClaims.Hospital), out Guid hospital) && await ComesToAsync(hospital, run, cancellation)))
        {
            return (null, CareProblems.NotYours);
        }

        string? said = http.Request.Headers[PurposeHeader] is [{ } header] ? header : null;
        string? purpose = said is null ? null : Fields.Trim(Uri.UnescapeDataString(said));
        return purpose is null || Fields.Text(PurposeHeader, purpose, 1, MostPurpose) is not null
            ? (null, CareProblems.PurposeMissing(said))
            : (new CareAccess(run, isHospital, purpose), null);
    }

    private static bool IsCrewOf(Journey run, ClaimsPrincipal user) => user.IsInRole(Roles.Crew) && Instruction.CrewUnit(user) == run.UnitId;

    /// <summary>Whether somebody of the run is announced or brought there, and not handed over for longer than a day.</summary>
    private async Task<bool> ComesToAsync(Guid hospital, Journey run, CancellationToken cancellation)
    {
        Told? newest;
        await using (NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation))
        {
            newest = await connection.QuerySingleOrDefaultAsync<Told>(new CommandDefinition(
                "SELECT hospital_id AS HospitalId, at FROM ems_care.prealert WHERE assignment_id = @id ORDER BY ordinal DESC LIMIT 1",
                new { id = run.AssignmentId }, cancellationToken: cancellation));
        }

        bool comes = (run.DestinationId == hospital && !run.IsCancelled)
            || (newest is not null && !PrealertStanding.IsOff(PrealertStanding.Of(hospital, (newest.HospitalId, newest.At), run)));
        if (!comes || run.Active)
        {
            return comes;
        }

        RunTimes times = await journeys.ReadTimesAsync(run.AssignmentId, cancellation);
        return clock.GetUtcNow() <= times.Milestones.GetValueOrDefault("handedOver", run.Since) + OpenAfter;
    }
}
