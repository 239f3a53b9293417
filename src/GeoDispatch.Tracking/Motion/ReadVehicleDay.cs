using System.Globalization;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Tracking.Motion;

/// <summary>
/// <c>GET /api/vehicles/{id}/days/{date}</c> and <c>?from=&amp;to=</c>: what a vehicle did in a day of China (UTC+8), or in each of several.
/// Late fixes count as soon as they are stored.
/// </summary>
internal static class ReadVehicleDay
{
    private const int MostDays = 31;

    /// <param name="Days">Each of the asked, also those without a fix, in the order of time.</param>
    internal sealed record DaysView(IReadOnlyList<VehicleDay> Days);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder days = routes.MapGroup("/api/vehicles/{id:guid}/days")
            .RequireAuthorization(TrackingModule.Watchers)
            .WithTags("positions")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        days.MapGet("/{date}", OneAsync).Produces<VehicleDay>();
        days.MapGet("", SeveralAsync).Produces<DaysView>();
    }

    private static async Task<IResult> OneAsync(Guid id, string date, Databases databases, CancellationToken cancellation)
    {
        if (Parse(date) is not { } day)
        {
            return Wrong("date", date).ToResult();
        }

        (List<VehicleDay> days, Problem? problem) = await TellAsync(id, day, day, databases, cancellation);
        return problem?.ToResult() ?? TypedResults.Ok(days[0]);
    }

    private static async Task<IResult> SeveralAsync(Guid id, string? from, string? to, Databases databases, CancellationToken cancellation)
    {
        if (Parse(from) is not { } first)
        {
            return Wrong("from", from).ToResult();
        }

        if (Parse(to) is not { } last || last < first)
        {
            return Wrong("to", to).ToResult();
        }

        if (last.DayNumber - first.DayNumber >= MostDays)
        {
            return new Problem(
                400, "day.too_many", "日期范围过大 / Too many days", $"一次最多 {MostDays} 天 / at most {MostDays} days in one request", "to", to).ToResult();
        }

        (List<VehicleDay> days, Problem? problem) = await TellAsync(id, first, last, databases, cancellation);
        return problem?.ToResult() ?? TypedResults.Ok(new DaysView(days));
    }

    private static async Task<(List<VehicleDay> Days, Problem? Problem)> TellAsync(
        Guid id, DateOnly first, DateOnly last, Databases databases, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        (Guid, DateOnly)[] asked = [.. Enumerable.Range(0, last.DayNumber - first.DayNumber + 1).Select(after => (id, first.AddDays(after)))];
        List<VehicleDay> days = await DayKeeper.TellAsync(connection, asked, cancellation);
        return days.Count > 0
            ? (days, null)
            : (days, new Problem(404, "vehicle.unknown", "没有此车辆 / No such vehicle", "请核对编号 / Check the id", "id", id.ToString("D")));
    }

    private static DateOnly? Parse(string? date) =>
        DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            && day.Year is >= 2000 and <= 2099 ? day : null;

    private static Problem Wrong(string field, string? value) => new(
        400, "day.out_of_range", "日期无效 / Wrong date", "yyyy-MM-dd, 2000 … 2099, to ≥ from", field, value?.Length > 40 ? value[..40] : value);
}
