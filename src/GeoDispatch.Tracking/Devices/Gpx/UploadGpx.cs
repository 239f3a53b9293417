using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Fixes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Tracking.Devices.Gpx;

/// <summary>What became of a file.</summary>
/// <param name="Points">Track points in it.</param>
/// <param name="Accepted">Stored now.</param>
/// <param name="Duplicates">Were stored before, from the same file or another.</param>
/// <param name="Refused">Never to be stored: too old, ahead of the clock, out of range, or without a time.</param>
/// <param name="First">Why the first of these was refused.</param>
internal sealed record GpxReceipt(int Points, int Accepted, int Duplicates, int Refused, FixProblem? First);

/// <summary>
/// <c>POST /api/vehicles/{id}/gpx</c>: a track that was recorded by something without a network, as the history of a vehicle. All files of a
/// vehicle are one device, so that the same file again is harmless.
/// </summary>
internal static class UploadGpx
{
    private sealed record Vehicle(Guid Id, string Plate, string Kind, string? Department);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/vehicles/{id:guid}/gpx", HandleAsync)
        .RequireAuthorization(policy => policy.RequireRole(Roles.Administrator, Roles.Department))
        .WithTags("positions")
        .WithSummary("GPX 1.1, application/gpx+xml or a file of multipart/form-data; for administrators and the vehicle's own department")
        .WithMetadata(new RequestSizeLimitAttribute(GpxDecoder.MostBytes))
        .Produces<GpxReceipt>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, Databases databases, FixPipeline pipeline, AdministrationLog log, CancellationToken cancellation)
    {
        Guid device = DeviceOf(id);
        if (await FindAsync(databases, id, cancellation) is not { } vehicle)
        {
            return TerminalProblems.VehicleUnknown(id).ToResult();
        }

        if (!http.User.IsInRole(Roles.Administrator) && vehicle.Department != http.User.FindFirstValue(GeoClaims.Department))
        {
            return NotYours(vehicle).ToResult();
        }

        (byte[]? file, Problem? problem) = await ReadFileAsync(http.Request, cancellation);
        if (file is null)
        {
            return problem!.ToResult();
        }

        (IReadOnlyList<AvlFix>? fixes, int withoutTime, problem) = GpxDecoder.Read(file);
        if (fixes is null)
        {
            return problem!.ToResult();
        }

        if (fixes.Count == 0)
        {
            return NoPoints(withoutTime).ToResult();
        }

        await AddDeviceAsync(databases, device, vehicle, cancellation);
        (GpxReceipt? receipt, problem) = await StoreAsync(
            pipeline, new DeviceIdentity(device, vehicle.Id, vehicle.Plate, vehicle.Kind), fixes, withoutTime, cancellation);
        if (receipt is null)
        {
            return problem!.ToResult();
        }

        if (receipt is { Accepted: 0, Duplicates: 0, First: { } first })
        {
            return new Problem(first.Status, first.Code, first.Title, first.Detail, first.Field).ToResult();
        }

        if (receipt.Accepted > 0)
        {
            await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
            await log.AddAsync(
                connection, Actor.Of(http.User), "track.uploaded", id.ToString(), vehicle.Plate, new { receipt.Points, receipt.Accepted }, cancellation);
        }

        return TypedResults.Ok(receipt);
    }

    private static async Task<(GpxReceipt? Receipt, Problem? Problem)> StoreAsync(
        FixPipeline pipeline, DeviceIdentity device, IReadOnlyList<AvlFix> fixes, int withoutTime, CancellationToken cancellation)
    {
        var sum = new GpxReceipt(fixes.Count + withoutTime, 0, 0, withoutTime, null);
        foreach (AvlFix[] some in fixes.Chunk(FixRules.MostFixes))
        {
            (FixReceipt? receipt, Problem? problem) = await pipeline.TakeAsync(device, some, cancellation);
            if (receipt is null)
            {
                // What is stored already is a duplicate when the file comes again.
                return (null, problem);
            }

            sum = sum with
            {
                Accepted = sum.Accepted + receipt.Accepted,
                Duplicates = sum.Duplicates + receipt.Duplicates,
                Refused = sum.Refused + receipt.Refused.Count,
                First = sum.First ?? (receipt.Refused is [var first, ..] ? first.Problem : null),
            };
        }

        return (sum, null);
    }

    private static async Task<(byte[]? File, Problem? Problem)> ReadFileAsync(HttpRequest request, CancellationToken cancellation)
    {
        string type = request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() ?? "";
        if (type == "multipart/form-data")
        {
            IFormFileCollection files;
            try
            {
                files = (await request.ReadFormAsync(new() { MultipartBodyLengthLimit = GpxDecoder.MostBytes, ValueCountLimit = 16 }, cancellation)).Files;
            }
            catch (InvalidDataException wrong)
            {
                return (null, new Problem(400, "gpx.malformed", "不是有效的 GPX 文件 / Not a GPX file", $"multipart/form-data: {wrong.Message}", "file"));
            }

            if (files.Count != 1)
            {
                return (null, new Problem(400, "gpx.malformed", "不是有效的 GPX 文件 / Not a GPX file", "须有一个文件 / one file is needed", "file"));
            }

            using var file = new MemoryStream((int)files[0].Length);
            await files[0].CopyToAsync(file, cancellation);
            return (file.ToArray(), null);
        }

        if (type is not ("application/gpx+xml" or "application/xml" or "text/xml" or "application/octet-stream"))
        {
            return (null, new Problem(
                415, "gpx.wrong_type", "类型不符 / Wrong content type", "application/gpx+xml, multipart/form-data", "Content-Type", type));
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellation);
        return (body.ToArray(), null);
    }

    private static async Task<Vehicle?> FindAsync(Databases databases, Guid id, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<Vehicle>(new CommandDefinition(
            "SELECT id AS Id, plate AS Plate, kind AS Kind, department AS Department FROM tracking.vehicle WHERE id = @id",
            new { id }, cancellationToken: cancellation));
    }

    private static async Task AddDeviceAsync(Databases databases, Guid device, Vehicle vehicle, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO tracking.device (id, vehicle_id, name, key_hash) VALUES (@device, @vehicle, 'GPX', @noKey) ON CONFLICT (id) DO NOTHING
            """,
            new { device, vehicle = vehicle.Id, noKey = RandomNumberGenerator.GetBytes(32) }, cancellationToken: cancellation));
    }

    /// <summary>The same for a vehicle everywhere: a name-based id (RFC 9562, version 8) of the vehicle's.</summary>
    private static Guid DeviceOf(Guid vehicle)
    {
        byte[] id = SHA256.HashData(Encoding.UTF8.GetBytes($"gpx:{vehicle:D}"))[..16];
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }

    private static Problem NotYours(Vehicle vehicle) => new(
        403, "vehicle.not_yours", "不是本部门车辆 / Not your department's vehicle",
        "由车辆所属部门或管理员上传 / Its own department or an administrator may upload", "id", vehicle.Id.ToString());

    private static Problem NoPoints(int withoutTime) => new(
        400, "gpx.no_points", "没有可用轨迹点 / No usable points",
        $"trkpt 须有 time;{withoutTime} 个没有 / track points need a time; {withoutTime} have none", "file");
}
