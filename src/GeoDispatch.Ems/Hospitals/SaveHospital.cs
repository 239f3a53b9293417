using System.Globalization;
using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Ems.Hospitals;

/// <summary>
/// <c>PUT /api/hospitals/{id}</c>: an administrator says what a hospital can do at all, with <c>If-Match</c> of the version that he has seen, and with
/// its row in the log of administration.
/// </summary>
internal static class SaveHospital
{
    internal sealed record Request(IReadOnlyList<string?>? Capabilities);

    internal sealed record SavedView(Guid Id, IReadOnlyList<string> Capabilities, int Version);

    internal static void Map(IEndpointRouteBuilder hospitals) => hospitals.MapPut("/{id:guid}", HandleAsync)
        .RequireAuthorization(Policies.Administrators).Produces<SavedView>()
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status412PreconditionFailed);

    private static async Task<IResult> HandleAsync(
        Guid id, Request request, HttpContext http, HospitalReader hospitals, Databases databases, AdministrationLog log, CancellationToken cancellation)
    {
        string? tag = http.Request.Headers.IfMatch is [{ } one] ? one.Trim('"') : null;
        Problem? bad = !int.TryParse(tag, CultureInfo.InvariantCulture, out int version) ? Fields.Bad("If-Match", tag, "所见的版本号 / the version that was read, such as \"3\"")
            : request.Capabilities is null ? Fields.Bad("capabilities", null, string.Join(" | ", HospitalCapability.Codes))
            : request.Capabilities.Select(static code => Fields.OneOf("capabilities", code, HospitalCapability.Codes)).FirstOrDefault(static wrong => wrong is not null);
        if (bad is not null)
        {
            return bad.ToResult();
        }

        if (await hospitals.FindAsync(id, cancellation) is not { } hospital)
        {
            return HospitalProblems.Unknown(id).ToResult();
        }

        string[] capabilities = [.. HospitalCapability.Codes.Where(code => request.Capabilities!.Contains(code, StringComparer.Ordinal))];
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        int saved = await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE ems.hospital SET capabilities = @capabilities, version = version + 1 WHERE destination_id = @id AND version = @version",
            new { capabilities, id, version }, cancellationToken: cancellation));
        if (saved == 0)
        {
            return HospitalProblems.Stale(tag, await connection.ExecuteScalarAsync<int>(new CommandDefinition(
                "SELECT version FROM ems.hospital WHERE destination_id = @id", new { id }, cancellationToken: cancellation))).ToResult();
        }

        await log.AddAsync(connection, Actor.Of(http.User), "hospital.saved", id.ToString("D"), hospital.Place.Name, new { capabilities }, cancellation);
        await HospitalReader.TellAsync(connection, id, cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.Ok(new SavedView(id, capabilities, version + 1));
    }
}
