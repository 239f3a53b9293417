using Dapper;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Orders;

/// <summary>
/// <c>POST /api/station/receipts</c> (收到): somebody at the station has read these orders, and its bell stops. It is no acknowledgement of the crew, and
/// moves no assignment. Again changes nothing; the time is that of the first.
/// </summary>
internal static class ReceiveOrders
{
    private const int Most = 50;

    /// <param name="DeliveryIds">1 to 50, as <c>GET /api/station</c> lists them.</param>
    internal sealed record Request(IReadOnlyList<Guid>? DeliveryIds);

    /// <param name="station">Open to the screens of stations.</param>
    internal static void Map(IEndpointRouteBuilder station) => station.MapPost("/station/receipts", HandleAsync)
        .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> HandleAsync(Request request, HttpContext http, Databases databases, EventLog log, CancellationToken cancellation)
    {
        if (request.DeliveryIds is not { Count: >= 1 and <= Most } asked)
        {
            return DispatchProblems.BadField(
                "deliveryIds", request.DeliveryIds?.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), $"1…{Most}").ToResult();
        }

        StationIdentity station = StationAuthentication.Find(http.User)!;
        Guid[] ids = [.. asked.Distinct()];
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        Guid[] own = [.. await connection.QueryAsync<Guid>(new CommandDefinition(
            """
            SELECT d.id FROM dispatch.order_delivery d JOIN dispatch.assignment a ON a.id = assignment_id JOIN dispatch.unit ON unit.id = unit_id
            WHERE d.id = ANY (@ids) AND channel = 'station' AND station_id = @Id
            """,
            new { ids, station.Id }, cancellationToken: cancellation))];
        if (ids.Except(own).ToArray() is [var unknown, ..])
        {
            return OrderProblems.OrderUnknown(unknown).ToResult();
        }

        await connection.ExecuteAsync(new CommandDefinition(
            $"""
            WITH changed AS (
                UPDATE dispatch.order_delivery SET receipt_at = @Now, receipt_by = @Name, sent_at = coalesce(sent_at, @Now)
                WHERE id = ANY (@ids) AND receipt_at IS NULL RETURNING assignment_id)
            {OrderNotice.OfChanged}
            """,
            new { ids, log.Now, station.Name }, cancellationToken: cancellation));
        return TypedResults.NoContent();
    }
}
