using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>
/// Files of an incident: <c>POST /api/incidents/{id}/attachments?commandId=&amp;name=</c> with the file as its body, and
/// <c>GET …/attachments/{attachmentId}</c>. At most 20, each of at most 10 MB; what a file is, its content says.
/// </summary>
internal static class AttachFile
{
    internal const int MostBytes = 10 * 1024 * 1024;

    private sealed record Stored(string Name, string MediaType, byte[] Content);

    internal static void Map(IEndpointRouteBuilder group)
    {
        RouteGroupBuilder attachments = group.MapGroup("/incidents/{id:guid}/attachments");
        attachments.MapPost("", HandleAsync).WithMetadata(new RequestSizeLimitAttribute(MostBytes))
            .Produces<IncidentDetail>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status413PayloadTooLarge);
        attachments.MapGet("/{attachmentId:guid}", ReadAsync)
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream").ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>The media type of a file by its first bytes; null where it is none of those that are kept.</summary>
    internal static string? FindMediaType(ReadOnlySpan<byte> content) => content switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R', ..] => "image/png",
        [0xFF, 0xD8, 0xFF, >= 0xC0 and < 0xFF, ..] => "image/jpeg",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', (byte)'-', >= (byte)'1' and <= (byte)'2', (byte)'.', ..] => "application/pdf",
        _ => null,
    };

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, IncidentLog log, CancellationToken cancellation, Guid? commandId = null, string? name = null)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, cancellation);
        byte[] content = body.ToArray();
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        (Instruction? given, Problem? problem) = Instruction.Read(http, commandId, "attach", new { name, sha256 });
        problem ??= Fields.Text("name", name, 1, 200);
        if (problem is not null)
        {
            return problem.ToResult();
        }

        if (FindMediaType(content) is not { } mediaType)
        {
            return DispatchProblems.BadField(
                "body", content.Length.ToString(CultureInfo.InvariantCulture) + " B", "内容须为 PNG、JPEG 或 PDF / must be a PNG, JPEG or PDF by its content").ToResult();
        }

        var file = new AttachmentState(Guid.CreateVersion7(log.Now), name!.Trim(), mediaType, content.Length, sha256);
        (IReadOnlyList<IncidentDetail>? details, problem) = await log.UndertakeAsync(
            given!, [id], [], (states, _, now) => [IncidentDecider.Decide(states[0], new IncidentCommand.Attach(file), now)], cancellation,
            connection => connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO dispatch.attachment (id, incident_id, name, media_type, sha256, content)
                VALUES (@Id, @incident, @Name, @MediaType, @Sha256, @content)
                """,
                new { file.Id, incident = id, file.Name, file.MediaType, file.Sha256, content }, cancellationToken: cancellation)));
        return Answers.Of(http, details?[0], problem, createdUnder: "incidents");
    }

    private static async Task<IResult> ReadAsync(
        Guid id, Guid attachmentId, HttpContext http, Databases databases, AuditTrail audit, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        if (await connection.QuerySingleOrDefaultAsync<Stored>(new CommandDefinition(
            "SELECT name, media_type AS MediaType, content FROM dispatch.attachment WHERE id = @attachmentId AND incident_id = @id",
            new { id, attachmentId }, cancellationToken: cancellation)) is not { } stored)
        {
            return DispatchProblems.AttachmentUnknown(attachmentId).ToResult();
        }

        await audit.RecordAsync(connection, http.User, "incident.attachment_read", attachmentId.ToString("D"), cancellation);
        // It is shown as what it was checked to be, and never run as a page of this site.
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "sandbox";
        http.Response.Headers.CacheControl = "private, no-store";
        return TypedResults.File(stored.Content, stored.MediaType, stored.Name);
    }
}
