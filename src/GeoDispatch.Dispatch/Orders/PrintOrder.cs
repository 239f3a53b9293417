using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using Dapper;
using GeoDispatch.City;
using GeoDispatch.Dispatch.Codes;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.RunCards;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Raster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace GeoDispatch.Dispatch.Orders;

/// <summary>
/// <c>GET /api/assignments/{id}/order.pdf</c>: the 派车单. For dispatchers; and, while the unit works on it and for 12 hours after, for its crew and
/// the screen of its station. It bears the caller's whole number: each reading is written down.
/// </summary>
internal static class PrintOrder
{
    private static readonly TimeSpan OpenAfter = TimeSpan.FromHours(12);

    private sealed record Row(
        Guid IncidentId, Guid UnitId, Guid StationId, bool Active, DateTimeOffset Since, string Number, DateOnly Day, string CallSign, string Plate, string Agency, string Station,
        string[] CrewRoles, string[] CrewNames, DateTimeOffset ReceivedAt, DateTimeOffset AssignedAt, int Priority, string PriorityName, string Type, string Complaint,
        string Address, string? Detail, bool ReadBack, string? CallerWords, double Lon, double Lat, string? CallbackNumber, string? CallerName,
        double? ExpectedSeconds, string Milestones);

    /// <param name="group">Open to dispatchers, crews and the screens of stations.</param>
    internal static void Map(IEndpointRouteBuilder group) => group.MapGet("/assignments/{id:guid}/order.pdf", HandleAsync)
        .Produces(StatusCodes.Status200OK, contentType: "application/pdf").ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> HandleAsync(
        Guid id, HttpContext http, Databases databases, RunCardReader cards, CodeTables codes, CityProfiles city, EventLog log, AuditTrail audit,
        CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        if (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(Sql, new { id }, cancellationToken: cancellation)) is not { } row)
        {
            return DispatchProblems.AssignmentUnknown(id).ToResult();
        }

        StationIdentity? station = StationAuthentication.Find(http.User);
        bool isOwn = station is not null ? station.Id == row.StationId : !http.User.IsInRole(Roles.Crew) || Instruction.CrewUnit(http.User) == row.UnitId;
        bool isDesk = station is null && !http.User.IsInRole(Roles.Crew);
        if (!isOwn || !(isDesk || row.Active || row.Since > log.Now - OpenAfter))
        {
            return OrderProblems.NotYours.ToResult();
        }

        if (ChineseFace.Find() is not { } face)
        {
            return OrderProblems.NoFace.ToResult();
        }

        using (face)
        {
            CityProfile profile = await city.GetAsync(cancellation);
            string printedBy = station?.Name ?? http.User.FindFirstValue(ClaimTypes.GivenName) ?? http.User.Identity!.Name!;
            OrderSheet sheet = Sheet(
                row, TimeZoneInfo.FindSystemTimeZoneById(profile.TimeZone), await CardAsync(row, cards, codes, cancellation), profile.Synthetic, log.Now, printedBy);
            if (station is not null)
            {
                await audit.RecordAsync(connection, station.Id, station.Name, "order.printed", row.IncidentId.ToString("D"), cancellation);
            }
            else
            {
                await audit.RecordAsync(connection, http.User, "order.printed", row.IncidentId.ToString("D"), cancellation);
            }

            var name = new ContentDispositionHeaderValue("inline");
            name.SetHttpFileName(string.Create(CultureInfo.InvariantCulture, $"派车单-{row.Day:yyyyMMdd}-{row.Number}-{row.CallSign}.pdf"));
            http.Response.Headers.ContentDisposition = name.ToString();
            http.Response.Headers.CacheControl = "no-store";
            return TypedResults.Bytes(OrderPage.Draw(sheet, face), "application/pdf");
        }
    }

    private static OrderSheet Sheet(Row row, TimeZoneInfo zone, string card, bool isDemo, DateTimeOffset now, string printedBy)
    {
        DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone);
        string crew = string.Join("  ", row.CrewRoles.Zip(row.CrewNames, static (role, name) =>
            $"{FixedCodes.CrewRoles.FirstOrDefault(known => known.Code == role)?.Name ?? role} {name}"));
        return new OrderSheet(
            row.Agency == "ems" ? "院前急救派车单" : "应急派车单", isDemo ? "演示数据,不作依据 / Demo data" : null, row.Number, row.CallSign, row.Plate, row.Station,
            crew.Length == 0 ? "—" : crew, Local(row.ReceivedAt), Local(row.AssignedAt), row.Priority, row.PriorityName, row.Type, row.Complaint, row.Address, row.Detail,
            row.ReadBack, row.CallerWords, row.Lon, row.Lat, row.CallbackNumber, row.CallerName, row.ExpectedSeconds, card,
            JsonSerializer.Deserialize<MilestoneState[]>(row.Milestones, JsonSerializerOptions.Web)!
                .GroupBy(static step => step.Milestone).ToDictionary(static same => same.Key, same => Local(same.Last().At)),
            Local(now), printedBy);
    }

    /// <summary>The run card, and what it and the triage want of this unit.</summary>
    private static async Task<string> CardAsync(Row row, RunCardReader cards, CodeTables codes, CancellationToken cancellation)
    {
        if (await cards.FindAsync(row.IncidentId, cancellation) is not { } needs || (needs.Card is null && needs.Required is null))
        {
            return "—";
        }

        Dictionary<string, string> names = (await codes.ListCapabilitiesAsync(cancellation)).ToDictionary(static known => known.Code, static known => known.Name);
        string wanted = string.Join("、", Needs.Of(needs, row.UnitId).Select(code => names[code]));
        string card = needs.Card?.Name ?? $"分诊 {needs.Required!.Source}";
        return wanted.Length == 0 ? card : $"{card}: {wanted}";
    }

    private const string Sql = """
        SELECT a.incident_id AS IncidentId, unit_id AS UnitId, station_id AS StationId, a.active, a.since, number, day, a.call_sign AS CallSign, plate, unit.agency,
               station.name AS Station, ARRAY(SELECT role FROM dispatch.crew_member WHERE unit_id = unit.id ORDER BY role, name) AS CrewRoles,
               ARRAY(SELECT name FROM dispatch.crew_member WHERE unit_id = unit.id ORDER BY role, name) AS CrewNames,
               received_at AS ReceivedAt, assigned_at AS AssignedAt, i.priority, level.name AS PriorityName, kind.name AS Type, complaint, address, detail,
               read_back AS ReadBack, caller_words AS CallerWords, i.lon, i.lat, callback_number AS CallbackNumber, caller_name AS CallerName,
               expected_seconds AS ExpectedSeconds, milestones::text AS Milestones
        FROM dispatch.assignment a JOIN dispatch.incident i ON i.id = incident_id JOIN dispatch.unit ON unit.id = unit_id
        JOIN dispatch.station ON station.id = station_id JOIN dispatch.priority level ON level.level = i.priority JOIN dispatch.incident_type kind ON kind.code = i.type
        WHERE a.id = @id
        """;
}
