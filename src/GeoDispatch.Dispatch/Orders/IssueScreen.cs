using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Orders;

/// <summary>
/// <c>POST /api/stations/{id}/screen</c>: gives the computer in a station the credential with which it reads the orders of that station, and nothing else.
/// <c>DELETE</c> ends it. A station has one such screen: a new credential ends the one before. Each time is written down.
/// </summary>
internal static class IssueScreen
{
    /// <param name="Credential">Shown this once; only its hash is kept.</param>
    internal sealed record StationScreen(Guid StationId, string Credential);

    /// <param name="desk">Open to dispatchers.</param>
    internal static void Map(IEndpointRouteBuilder desk)
    {
        RouteGroupBuilder screen = desk.MapGroup("/stations/{id:guid}/screen").ProducesProblem(StatusCodes.Status404NotFound);
        screen.MapPost("", IssueAsync).Produces<StationScreen>();
        screen.MapDelete("", RevokeAsync).Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> IssueAsync(
        Guid id, HttpContext http, Databases databases, StationScreens screens, AuditTrail audit, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        if (await screens.IssueAsync(connection, id, http.User.Identity!.Name!, cancellation) is not { } credential)
        {
            return OrderProblems.StationUnknown(id).ToResult();
        }

        await audit.RecordAsync(connection, http.User, "station.screen_issued", id.ToString("D"), cancellation);
        await transaction.CommitAsync(cancellation);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new StationScreen(id, credential));
    }

    private static async Task<IResult> RevokeAsync(Guid id, HttpContext http, Databases databases, AuditTrail audit, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        await StationScreens.RevokeAsync(connection, id, cancellation);
        await audit.RecordAsync(connection, http.User, "station.screen_revoked", id.ToString("D"), cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }
}

/// <summary>What orders on their way refuse.</summary>
internal static class OrderProblems
{
    internal static Problem StationUnknown(Guid id) => new(
        404, "station.unknown", "没有此车站 / No such station", "见 / See GET /api/stations", "id", id.ToString());

    internal static Problem OrderUnknown(Guid id) => new(
        404, "order.unknown", "没有此派单 / No such order", "本站的派单见 / The orders of this station: GET /api/station", "deliveryIds", id.ToString());

    internal static readonly Problem NotYours = new(
        403, "order.not_yours", "不是本站或本车的派单 / Not an order of your station or unit",
        "派单车站、车组在任务中及其后12小时内可打印 / The station and the crew that it was given to print it while they work on it and for 12 hours after", "id");

    internal static readonly Problem NoFace = new(
        409, "order.no_font", "服务器没有中文字体 / The server has no Chinese font",
        "请安装 fonts-wqy-microhei 后重启 / Install fonts-wqy-microhei and restart the server");
}
