using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace GeoDispatch.Ems.Triage;

/// <summary>
/// <c>GET /api/triage/protocols</c>: all that a console needs to ask, to raise and to read aloud without asking the server again: protocols, key
/// words, levels; with an ETag. <c>POST …/reload</c>: an administrator has the city's files read anew.
/// </summary>
internal static class ReadProtocols
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal sealed record ProtocolsView(IReadOnlyList<Protocol> Protocols, KeyWordTable KeyWords, IReadOnlyList<TriageLevel> Levels);

    internal sealed record InForce(string Code, int Version, string? ApprovedBy);

    /// <param name="InForce">What counts now.</param>
    /// <param name="Refused">Files that do not, and why.</param>
    internal sealed record Reloaded(IReadOnlyList<InForce> InForce, IReadOnlyList<RefusedProtocol> Refused);

    internal static void Map(IEndpointRouteBuilder desk, IEndpointRouteBuilder administration)
    {
        desk.MapGet("/triage/protocols", ReadAsync).Produces<ProtocolsView>().Produces(StatusCodes.Status304NotModified);
        administration.MapPost("/triage/protocols/reload", ReloadAsync).Produces<Reloaded>();
    }

    private static async Task<IResult> ReadAsync(Protocols protocols, Databases databases, HttpContext http, CancellationToken cancellation)
    {
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(new ProtocolsView(
            [.. protocols.InForce.Values.Select(static edition => edition.Protocol).OrderBy(static protocol => protocol.Number)],
            KeyWords.Table, await Levels.ListAsync(databases, cancellation)), Json);
        // A browser keeps it and asks each time whether it still holds.
        http.Response.Headers.CacheControl = "private, no-cache";
        // Weak: what is sent may be compressed.
        return TypedResults.Bytes(
            content, "application/json; charset=utf-8",
            entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8))}\"", isWeak: true));
    }

    private static async Task<IResult> ReloadAsync(
        Protocols protocols, Databases databases, HttpContext http, AdministrationLog log, CancellationToken cancellation)
    {
        IReadOnlyList<RefusedProtocol> refused = protocols.Reload();
        var answer = new Reloaded(
            [.. protocols.InForce.Values.Select(static edition => edition.Protocol).OrderBy(static protocol => protocol.Number)
                .Select(static protocol => new InForce(protocol.Code, protocol.Version, protocol.ApprovedBy))],
            refused);
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await log.AddAsync(connection, Actor.Of(http.User), "triage_protocols.reloaded", "protocols", "分诊预案", answer, cancellation);
        return TypedResults.Ok(answer);
    }
}
