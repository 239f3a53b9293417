using Dapper;
using GeoDispatch.Dispatch.Codes;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.RunCards;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Orders;

/// <summary>
/// <c>GET /api/station</c>: what the screen in a station shows: its units, the orders that they work on, and what of these nobody there has read yet.
/// No caller, no telephone number, no point on a map. That it was shown is written down for the desk.
/// </summary>
internal static class ReadStation
{
    /// <summary>A unit that was called off stays so long where nobody has read that.</summary>
    private static readonly TimeSpan UnreadStays = TimeSpan.FromMinutes(30);

    /// <param name="Status">As of a unit: <c>available</c>, <c>assigned</c>, <c>outOfService</c>, <c>offDuty</c>.</param>
    internal sealed record StationUnit(Guid Id, string CallSign, string Status, AssignmentStatus? Leg);

    /// <summary>What nobody at the station has read yet. <c>Kind</c>: as of a delivery.</summary>
    internal sealed record UnreadOrder(Guid DeliveryId, string Kind, DateTimeOffset CreatedAt);

    /// <summary>Something that the run card wants of this unit.</summary>
    internal sealed record Wanted(string Capability, string Name, string NameEn);

    /// <param name="Status">Where the crew stands, by its own acknowledgement and milestones.</param>
    /// <param name="Card">Name of the run card; null where none fits.</param>
    /// <param name="ReceiptAt">When somebody at the station read the last that was read; null where nothing was.</param>
    internal sealed record StationOrder(
        Guid AssignmentId, string Number, Guid UnitId, string CallSign, AssignmentStatus Status, bool Active, DateTimeOffset AssignedAt, double? ExpectedSeconds,
        int Priority, string Type, string TypeName, string TypeNameEn, string Complaint, string Address, string? Detail, bool ReadBack, string? Card,
        IReadOnlyList<Wanted> Take, IReadOnlyList<UnreadOrder> Unread, DateTimeOffset? ReceiptAt, string? ReceiptBy);

    /// <param name="Orders">Oldest first.</param>
    internal sealed record StationView(DateTimeOffset Now, Guid Id, string Name, IReadOnlyList<StationUnit> Units, IReadOnlyList<StationOrder> Orders);

    private sealed record OrderRow(
        Guid AssignmentId, Guid IncidentId, string Number, Guid UnitId, string CallSign, AssignmentStatus Status, bool Active, DateTimeOffset AssignedAt,
        double? ExpectedSeconds, int Priority, string Type, string Complaint, string Address, string? Detail, bool ReadBack);

    private sealed record DeliveryRow(Guid Id, Guid AssignmentId, string Kind, DateTimeOffset CreatedAt, DateTimeOffset? ReceiptAt, string? ReceiptBy);

    /// <param name="station">Open to the screens of stations.</param>
    internal static void Map(IEndpointRouteBuilder station) => station.MapGet("/station", HandleAsync).Produces<StationView>();

    private static async Task<IResult> HandleAsync(
        HttpContext http, Databases databases, UnitReader units, RunCardReader cards, CodeTables codes, EventLog log, AuditTrail audit, CancellationToken cancellation)
    {
        StationIdentity station = StationAuthentication.Find(http.User)!;
        DateTimeOffset now = log.Now;
        OrderRow[] rows;
        ILookup<Guid, DeliveryRow> deliveries;
        await using (NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation))
        {
            rows = [.. await connection.QueryAsync<OrderRow>(new CommandDefinition(
                SelectOrders, new { station.Id, from = now - UnreadStays }, cancellationToken: cancellation))];
            Guid[] shown = [.. rows.Select(static row => row.AssignmentId)];
            deliveries = (await connection.QueryAsync<DeliveryRow>(new CommandDefinition(SelectDeliveries, new { shown }, cancellationToken: cancellation)))
                .ToLookup(static row => row.AssignmentId);
            await connection.ExecuteAsync(new CommandDefinition(MarkShown, new { shown, now }, cancellationToken: cancellation));
            foreach (Guid incidentId in rows.Select(static row => row.IncidentId).Distinct())
            {
                await audit.RecordAsync(connection, station.Id, station.Name, "order.shown", incidentId.ToString("D"), cancellation);
            }
        }

        Dictionary<string, IncidentType> types = (await codes.ListTypesAsync(cancellation)).ToDictionary(static type => type.Code);
        Dictionary<string, Capability> capabilities = (await codes.ListCapabilitiesAsync(cancellation)).ToDictionary(static capability => capability.Code);
        var orders = new List<StationOrder>();
        foreach (OrderRow row in rows)
        {
            IncidentNeeds needs = (await cards.FindAsync(row.IncidentId, cancellation))!;
            DeliveryRow[] told = [.. deliveries[row.AssignmentId]];
            DeliveryRow? read = told.LastOrDefault(static one => one.ReceiptAt is not null);
            orders.Add(new StationOrder(
                row.AssignmentId, row.Number, row.UnitId, row.CallSign, row.Status, row.Active, row.AssignedAt, row.ExpectedSeconds, row.Priority, row.Type,
                types[row.Type].Name, types[row.Type].NameEn, row.Complaint, row.Address, row.Detail, row.ReadBack, needs.Card?.Name,
                [.. Needs.Of(needs, row.UnitId).Select(code => new Wanted(code, capabilities[code].Name, capabilities[code].NameEn))],
                [.. told.Where(static one => one.ReceiptAt is null).Select(static one => new UnreadOrder(one.Id, one.Kind, one.CreatedAt))],
                read?.ReceiptAt, read?.ReceiptBy));
        }

        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new StationView(
            now, station.Id, station.Name,
            [.. (await units.ListAsync([], cancellation)).Where(unit => unit.StationId == station.Id)
                .Select(static unit => new StationUnit(unit.Id, unit.CallSign, unit.Status, unit.Leg))],
            orders));
    }

    private const string SelectOrders = """
        SELECT a.id AS AssignmentId, incident_id AS IncidentId, number, unit_id AS UnitId, a.call_sign AS CallSign, a.status, active,
               assigned_at AS AssignedAt, expected_seconds AS ExpectedSeconds, priority, type, complaint, address, detail, read_back AS ReadBack
        FROM dispatch.assignment a JOIN dispatch.unit ON unit.id = unit_id JOIN dispatch.incident i ON i.id = incident_id
        WHERE station_id = @Id AND (active OR EXISTS (
            SELECT FROM dispatch.order_delivery WHERE assignment_id = a.id AND channel = 'station' AND receipt_at IS NULL AND created_at > @from))
        ORDER BY assigned_at, a.id LIMIT 50
        """;

    private const string SelectDeliveries = """
        SELECT id, assignment_id AS AssignmentId, kind, created_at AS CreatedAt, receipt_at AS ReceiptAt, receipt_by AS ReceiptBy
        FROM dispatch.order_delivery WHERE assignment_id = ANY (@shown) AND channel = 'station' ORDER BY ordinal
        """;

    private const string MarkShown = $"""
        WITH changed AS (
            UPDATE dispatch.order_delivery SET sent_at = @now
            WHERE assignment_id = ANY (@shown) AND channel = 'station' AND sent_at IS NULL RETURNING assignment_id)
        {OrderNotice.OfChanged}
        """;
}

/// <summary>What the run card and the triage want of one of the units that were sent.</summary>
internal static class Needs
{
    /// <summary>Codes of the capabilities that this unit is wanted for; none where nobody asked for it.</summary>
    internal static IEnumerable<string> Of(IncidentNeeds needs, Guid unitId) => needs.OfCard.Concat(needs.OfRequired)
        .Where(need => need.Units.Any(unit => unit.UnitId == unitId)).SelectMany(static need => new[] { need.Need.Capability }.Concat(need.Need.Also ?? [])).Distinct();
}
