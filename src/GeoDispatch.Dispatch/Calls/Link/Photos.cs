using System.Buffers.Binary;
using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Calls.Link;

/// <summary>What a photo is, by its own first bytes; what its sender says of it counts for nothing. Pure.</summary>
public static class PhotoHeader
{
    private const int MostPixels = 20_000;

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <returns><c>image/jpeg</c> or <c>image/png</c>; null for anything else, and for a side of 0 or more than 20,000 pixels.</returns>
    public static string? TypeOf(ReadOnlySpan<byte> photo) =>
        SizeOfPng(photo) is { } png ? Fits(png) ? "image/png" : null
        : SizeOfJpeg(photo) is { } jpeg && Fits(jpeg) ? "image/jpeg"
        : null;

    private static (int Width, int Height)? SizeOfPng(ReadOnlySpan<byte> photo) =>
        photo.Length >= 33 && photo[..8].SequenceEqual(PngSignature) && photo[12..16].SequenceEqual("IHDR"u8)
            ? ((int)Math.Min(int.MaxValue, BinaryPrimitives.ReadUInt32BigEndian(photo[16..])), (int)Math.Min(int.MaxValue, BinaryPrimitives.ReadUInt32BigEndian(photo[20..])))
            : null;

    /// <summary>Goes from segment to segment to the frame header, which has the size (ITU-T T.81, B.2.2).</summary>
    private static (int Width, int Height)? SizeOfJpeg(ReadOnlySpan<byte> photo)
    {
        if (photo.Length < 4 || photo[0] != 0xff || photo[1] != 0xd8)
        {
            return null;
        }

        int at = 2;
        while (at + 9 <= photo.Length && photo[at] == 0xff)
        {
            byte marker = photo[at + 1];
            int length = BinaryPrimitives.ReadUInt16BigEndian(photo[(at + 2)..]);
            // SOF0 to SOF15 without the three that define tables.
            if (marker is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc))
            {
                return (BinaryPrimitives.ReadUInt16BigEndian(photo[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(photo[(at + 5)..]));
            }

            at += 2 + Math.Max(2, length);
        }

        return null;
    }

    private static bool Fits((int Width, int Height) size) => size.Width is > 0 and <= MostPixels && size.Height is > 0 and <= MostPixels;
}

/// <summary><c>GET /api/calls/{id}/photos/{photoId}</c>: a photo that a caller sent; who looked at it is kept.</summary>
internal static class ReadPhoto
{
    private sealed record Row(string MediaType, byte[] Content);

    internal static void Map(IEndpointRouteBuilder group) => group.MapGet("/calls/{id:guid}/photos/{photoId:guid}", HandleAsync)
        .Produces(StatusCodes.Status200OK).ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> HandleAsync(
        Guid id, Guid photoId, Databases databases, AuditTrail audit, HttpContext http, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        if (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            "SELECT media_type AS MediaType, content FROM dispatch.call_photo WHERE id = @photoId AND call_id = @id", new { id, photoId }, cancellationToken: cancellation)) is not { } row)
        {
            return new Problem(404, "photo.unknown", "没有此照片 / No such photo", "核对编号 / Check the id", "photoId", photoId.ToString()).ToResult();
        }

        await audit.RecordAsync(connection, http.User, "call.photo_read", photoId.ToString("D"), cancellation);
        http.Response.Headers.CacheControl = "private, no-store";
        return TypedResults.Bytes(row.Content, row.MediaType);
    }
}
