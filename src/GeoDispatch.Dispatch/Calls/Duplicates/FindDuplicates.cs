using Dapper;
using GeoDispatch.Dispatch.Codes;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Recommendation;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Calls.Duplicates;

/// <summary>
/// <c>POST /api/incidents/duplicates</c>: which incidents, open or closed at most 30 minutes ago, the form that is being typed may tell of.
/// It changes nothing: what is merged, a person merges.
/// </summary>
internal static class FindDuplicates
{
    private const int MostOffers = 5;
    private static readonly TimeSpan AfterClosing = TimeSpan.FromMinutes(30);

    /// <param name="FoundBy">One of the ways an incident's place is found; null where nobody said.</param>
    /// <param name="UncertaintyMeters">0 to 10,000, where the place was measured.</param>
    /// <param name="ReceivedAt">Null for now.</param>
    internal sealed record Request(
        double? Lon, double? Lat, string? FoundBy, double? UncertaintyMeters, string? Type, string? Complaint, DateTimeOffset? ReceivedAt);

    internal sealed record Offer(
        Guid IncidentId, string Number, string Status, string Address, string Complaint, double Score, double Meters, double Minutes, Reason Reason);

    /// <summary>Most probable first.</summary>
    internal sealed record Answer(IReadOnlyList<Offer> Offers);

    private sealed record Row(
        Guid Id, string Number, string Status, string Address, string Complaint, string Type, double Lon, double Lat, string? FoundBy, DateTimeOffset ReceivedAt);

    internal static void Map(IEndpointRouteBuilder group) => group.MapPost("/incidents/duplicates", HandleAsync)
        .Produces<Answer>().ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<IResult> HandleAsync(Request request, Databases databases, CodeTables codes, TimeProvider clock, CancellationToken cancellation)
    {
        IReadOnlyList<IncidentType> types = await codes.ListActiveTypesAsync(cancellation);
        bool known = LonLat.TryCreate(request.Lon ?? double.NaN, request.Lat ?? double.NaN, out LonLat at);
        if (((known ? null : DispatchProblems.BadField("lon", FormattableString.Invariant($"{request.Lon},{request.Lat}"), "lon −180…180, lat −90…90"))
            ?? (request.FoundBy is { } foundBy ? Fields.OneOf("foundBy", foundBy, IncidentPlace.WaysFound) : null)
            ?? (request.UncertaintyMeters is null or (>= 0 and <= 10_000)
                ? null
                : DispatchProblems.BadField("uncertaintyMeters", FormattableString.Invariant($"{request.UncertaintyMeters}"), "0–10000"))
            ?? Fields.OneOf("type", request.Type, [.. types.Select(static type => type.Code)])
            ?? Fields.Text("complaint", request.Complaint, 0, 200)) is { } bad)
        {
            return bad.ToResult();
        }

        DateTimeOffset now = clock.GetUtcNow();
        var told = new Told(at, request.FoundBy, request.UncertaintyMeters, request.Type!, request.Complaint ?? "", request.ReceivedAt ?? now);
        double north = DuplicateScore.MostMeters / 111_000, east = north / Math.Max(0.01, Math.Cos(at.Lat * Math.PI / 180));
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        IEnumerable<Row> rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            SELECT id, number, status, address, complaint, type, lon, lat, found_by AS FoundBy, received_at AS ReceivedAt
            FROM dispatch.incident
            WHERE (status <> 'closed' OR closed_at > @closedAfter) AND lon BETWEEN @west AND @east AND lat BETWEEN @south AND @north
            """,
            new { closedAfter = now - AfterClosing, west = at.Lon - east, east = at.Lon + east, south = at.Lat - north, north = at.Lat + north },
            cancellationToken: cancellation));
        return TypedResults.Ok(new Answer([.. rows
            .Select(row => (Row: row, Like: DuplicateScore.Compare(
                told, new Told(new LonLat(row.Lon, row.Lat), row.FoundBy, null, row.Type, row.Complaint, row.ReceivedAt))))
            .Where(static one => one.Like.IsOffered)
            .OrderByDescending(static one => one.Like.Score).ThenBy(static one => one.Like.Meters).ThenBy(static one => one.Row.Id)
            .Take(MostOffers)
            .Select(static one => new Offer(
                one.Row.Id, one.Row.Number, one.Row.Status, one.Row.Address, one.Row.Complaint, one.Like.Score, one.Like.Meters, one.Like.Minutes,
                new Reason(one.Like.ReasonZh, one.Like.ReasonEn)))]));
    }
}
