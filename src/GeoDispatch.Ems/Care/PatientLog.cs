using System.Text.Json;
using Dapper;
using GeoDispatch.Dispatch.Incidents;
using Npgsql;

namespace GeoDispatch.Ems.Care;

/// <summary>One row of a patient's record, opened.</summary>
/// <param name="Kind"><c>person</c>, or one of <see cref="CareCodes.Kinds"/>.</param>
/// <param name="ReplacedBy">The row that corrects it; null where it stands.</param>
internal sealed record RecordRow(
    Guid Id, Guid PatientId, string Kind, DateTimeOffset At, DateTimeOffset RecordedAt, string By, byte[] Body, bool HasImage, Guid? Replaces, Guid? ReplacedBy);

/// <summary>A new row.</summary>
/// <param name="Code">Of a treatment or an outcome.</param>
internal sealed record NewRow(
    Guid PatientId, string Kind, string? Code, Guid? Replaces, DateTimeOffset At, DateTimeOffset RecordedAt, object Body, (byte[] Bytes, string Type)? Image);

/// <summary>A picture, opened.</summary>
internal sealed record CareImage(byte[] Bytes, string Type);

/// <summary>Reads and writes patients' records, which lie sealed in <c>ems_care.record</c>. Rows are only ever added.</summary>
internal sealed class PatientLog(PatientSeal seal)
{
    internal const string Table = "ems_care.record";
    private const string Body = Table + ".body", Image = Table + ".image";

    private sealed record ImageRow(byte[] Image, string ImageType);

    /// <summary>Two who write of the same run write one after the other.</summary>
    internal static Task LockAsync(NpgsqlConnection connection, Guid assignmentId, CancellationToken cancellation) => connection.ExecuteAsync(new CommandDefinition(
        "SELECT pg_advisory_xact_lock(hashtextextended(@id, 122))", new { id = assignmentId.ToString("D") }, cancellationToken: cancellation));

    /// <summary>The command with a digest of its content that tells nothing.</summary>
    internal Instruction Keyed(Instruction given) => given with { Content = seal.Digest(given.Content) };

    /// <summary>The run that a patient belongs to; null where nobody has this id.</summary>
    internal static Task<Guid?> FindRunAsync(NpgsqlConnection connection, Guid patientId, CancellationToken cancellation) =>
        connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(
            "SELECT assignment_id FROM ems_care.patient WHERE id = @patientId", new { patientId }, cancellationToken: cancellation));

    /// <summary>Part of a transaction in which the run is locked.</summary>
    internal Task AddAsync(NpgsqlConnection connection, Instruction given, NewRow row, CancellationToken cancellation) => connection.ExecuteAsync(new CommandDefinition(
        """
        INSERT INTO ems_care.record (id, patient_id, kind, code, replaces, at, recorded_at, by, account_id, body, image, image_type, content)
        VALUES (@Id, @PatientId, @Kind, @Code, @Replaces, @At, @RecordedAt, @By, @AccountId, @body, @image, @imageType, @Content)
        """,
        new
        {
            given.Id,
            row.PatientId,
            row.Kind,
            row.Code,
            row.Replaces,
            At = row.At.ToUniversalTime(),
            row.RecordedAt,
            given.By,
            given.AccountId,
            body = seal.Seal(JsonSerializer.SerializeToUtf8Bytes(row.Body, row.Body.GetType(), JsonSerializerOptions.Web), Body, row.PatientId, given.Id),
            image = row.Image is { } image ? seal.Seal(image.Bytes, Image, row.PatientId, given.Id) : null,
            imageType = row.Image?.Type,
            given.Content,
        },
        cancellationToken: cancellation));

    /// <summary>All rows of a run's patients, each patient's oldest first. Without pictures.</summary>
    internal async Task<IReadOnlyList<RecordRow>> ListAsync(NpgsqlConnection connection, Guid assignmentId, CancellationToken cancellation) =>
        [.. (await connection.QueryAsync<RecordRow>(new CommandDefinition(Select, new { assignmentId }, cancellationToken: cancellation)))
            .Select(row => row with { Body = seal.Open(row.Body, Body, row.PatientId, row.Id) })];

    /// <summary>Null where the row has no picture, or is not of this patient.</summary>
    internal async Task<CareImage?> FindImageAsync(NpgsqlConnection connection, Guid patientId, Guid id, CancellationToken cancellation) =>
        await connection.QuerySingleOrDefaultAsync<ImageRow>(new CommandDefinition(
            "SELECT image, image_type AS ImageType FROM ems_care.record WHERE id = @id AND patient_id = @patientId AND image IS NOT NULL",
            new { id, patientId }, cancellationToken: cancellation)) is { } row
            ? new CareImage(seal.Open(row.Image, Image, patientId, id), row.ImageType)
            : null;

    private const string Select = """
        SELECT row.id, row.patient_id AS PatientId, row.kind, row.at, row.recorded_at AS RecordedAt, row.by, row.body, row.image IS NOT NULL AS HasImage,
               row.replaces, correction.id AS ReplacedBy
        FROM ems_care.record row JOIN ems_care.patient ON patient.id = row.patient_id LEFT JOIN ems_care.record correction ON correction.replaces = row.id
        WHERE assignment_id = @assignmentId ORDER BY row.at, row.ordinal
        """;
}
