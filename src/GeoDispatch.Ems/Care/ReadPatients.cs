using System.Text.Json;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Ems.Care;

/// <summary>
/// <c>GET /api/assignments/{id}/patients</c>: the patients of a run with what was found and done, and <c>…/patients/{patientId}/images/{commandId}</c> one picture.
/// Each reading is written down with what it was for.
/// </summary>
internal static class ReadPatients
{
    /// <summary>One entry, with the members of its kind.</summary>
    /// <param name="CommandId">Its id, by which a correction names it.</param>
    /// <param name="At">When it happened.</param>
    /// <param name="HasImage">It has a picture, and whoever asks may see it.</param>
    /// <param name="ReplacedBy">The entry that corrects it; null where it stands.</param>
    internal sealed record EntryView(
        Guid CommandId, DateTimeOffset At, DateTimeOffset RecordedAt, string By, string Kind, Measured? Vitals, Treatment? Treatment, string? Text, string? Signer,
        string? Statement, string? Outcome, bool HasImage, Guid? Replaces, Guid? ReplacedBy);

    internal sealed record GcsView(DateTimeOffset At, int Total);

    internal sealed record News2View(DateTimeOffset At, int? Total, IReadOnlyDictionary<string, int?> Parts, bool IsComplete);

    /// <param name="Person">As was said of the newest moment; masked for dispatchers.</param>
    /// <param name="Entries">Oldest first.</param>
    /// <param name="Gcs">Of each set of vitals that has all three of its parts, oldest first.</param>
    /// <param name="News2">Of each set of vitals that stands, oldest first; none for who is known to be under 16, whom it does not fit.</param>
    /// <param name="Trend">By how many points the last complete NEWS2 is more than the one before; null where there are not two.</param>
    internal sealed record PatientView(
        Guid PatientId, Person Person, IReadOnlyList<EntryView> Entries, IReadOnlyList<GcsView> Gcs, IReadOnlyList<News2View> News2, int? Trend);

    /// <param name="Patients">In the order in which they were added.</param>
    internal sealed record PatientsView(IReadOnlyList<PatientView> Patients);

    internal static void Map(IEndpointRouteBuilder patients)
    {
        patients.MapGet("", HandleAsync).Produces<PatientsView>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        patients.MapGet("/{patientId:guid}/images/{commandId:guid}", ReadImageAsync).Produces(StatusCodes.Status200OK, contentType: "application/octet-stream")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>One patient as his rows make him.</summary>
    internal static PatientView View(IGrouping<Guid, RecordRow> rows, bool isWhole)
    {
        Person person = Read<Person>(rows.Last(static row => row.Kind == "person"));
        EntryView[] entries = [.. rows.Where(static row => row.Kind != "person").Select(row => Entry(row, isWhole))];
        (DateTimeOffset At, Measured Vitals)[] measured = [.. entries.Where(static entry => entry is { Vitals: not null, ReplacedBy: null }).Select(static entry => (entry.At, entry.Vitals!))];
        News2View[] scores = person.AgeYears < Scores.AdultYears
            ? []
            : [.. measured.Select(static one => (one.At, Score: Scores.News2Of(one.Vitals))).Select(static one => new News2View(one.At, one.Score.Total, one.Score.Parts, one.Score.IsComplete))];
        return new PatientView(
            rows.Key, isWhole ? person : person.Masked(), entries,
            [.. measured.Where(static one => Scores.Gcs(one.Vitals) is not null).Select(static one => new GcsView(one.At, Scores.Gcs(one.Vitals)!.Value))],
            scores, scores.Where(static score => score.IsComplete).TakeLast(2).ToArray() is [{ } before, { } last] ? last.Total - before.Total : null);
    }

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, CareGate gate, PatientLog log, Databases databases, AuditTrail audit, CancellationToken cancellation)
    {
        (CareAccess? access, Problem? problem) = await gate.FindAsync(http, id, cancellation);
        if (access is null)
        {
            return problem!.ToResult();
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        IGrouping<Guid, RecordRow>[] patients = [.. (await log.ListAsync(connection, id, cancellation)).GroupBy(static row => row.PatientId)
            .OrderBy(static rows => rows.Min(static row => row.RecordedAt))];
        foreach (IGrouping<Guid, RecordRow> patient in patients)
        {
            await audit.RecordAsync(connection, http.User, "patient.read", patient.Key.ToString("D"), access.Purpose, cancellation);
        }

        http.Response.Headers.CacheControl = "private, no-store";
        return TypedResults.Ok(new PatientsView([.. patients.Select(patient => View(patient, access.IsWhole))]));
    }

    private static async Task<IResult> ReadImageAsync(
        Guid id, Guid patientId, Guid commandId, HttpContext http, CareGate gate, PatientLog log, Databases databases, AuditTrail audit, CancellationToken cancellation)
    {
        (CareAccess? access, Problem? problem) = await gate.FindAsync(http, id, cancellation);
        if ((problem ?? (access!.IsWhole ? null : CareProblems.NotForDesk)) is { } refusal)
        {
            return refusal.ToResult();
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        if (await PatientLog.FindRunAsync(connection, patientId, cancellation) != id
            || await log.FindImageAsync(connection, patientId, commandId, cancellation) is not { } image)
        {
            return CareProblems.ImageUnknown(commandId).ToResult();
        }

        await audit.RecordAsync(connection, http.User, "patient.image_read", commandId.ToString("D"), access!.Purpose, cancellation);
        // It is shown as what it was checked to be, and never run as a page of this site.
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "sandbox";
        http.Response.Headers.CacheControl = "private, no-store";
        return TypedResults.Bytes(image.Bytes, image.Type);
    }

    private static EntryView Entry(RecordRow row, bool isWhole)
    {
        EntryBody body = Read<EntryBody>(row);
        return new EntryView(
            row.Id, row.At, row.RecordedAt, row.By, row.Kind, body.Vitals, body.Treatment,
            isWhole || row.Kind != "signature" ? body.Text : Person.MaskName(Dispatch.Incidents.Fields.Trim(body.Text)), body.Signer, body.Statement, body.Outcome,
            isWhole && row.HasImage, row.Replaces, row.ReplacedBy);
    }

    private static T Read<T>(RecordRow row) => JsonSerializer.Deserialize<T>(row.Body, JsonSerializerOptions.Web)!;
}
