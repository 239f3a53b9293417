using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary><c>GET /api/incidents/{id}</c>: all of an incident, the caller's number too; who read it is kept.</summary>
internal static class ReadIncident
{
    internal static void Map(IEndpointRouteBuilder group) => group.MapGet("/incidents/{id:guid}", HandleAsync)
        .Produces<IncidentDetail>().ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, Databases databases, AuditTrail audit, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        if (await IncidentReader.FindAsync(connection, id, cancellation) is not { } detail)
        {
            return (DispatchProblems.IncidentUnknown with { Value = id.ToString() }).ToResult();
        }

        await audit.RecordAsync(connection, http.User, "incident.read", id.ToString("D"), cancellation);
        return Answers.Of(http, detail, null);
    }
}
