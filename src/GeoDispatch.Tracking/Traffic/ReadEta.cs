using System.Globalization;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using GeoDispatch.Roads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Tracking.Traffic;

/// <summary><c>GET /api/roads/eta?days=</c>: how right the arrival times of the last days were, and how much of the streets is learned.</summary>
internal static class ReadEta
{
    private const int MostDays = 92, DefaultDays = 14;

    /// <param name="Key">The hour (0 to 23), the least length in metres, the day, the code of a district, or <c>emergency</c> and <c>normal</c>; empty for all, and for trips that ended outside of every district.</param>
    /// <param name="Trips">How many were judged.</param>
    /// <param name="MedianError">Median of |told − taken| over taken, 0.1 for 10 %; null where none was judged.</param>
    /// <param name="ClassError">The same, by the classes of the streets alone.</param>
    /// <param name="Bias">Median of (told − taken) over taken: above 0, vehicles came sooner than was told.</param>
    /// <param name="Banded">How many were told with a band.</param>
    /// <param name="InsideBand">Share of these that fell into it; 0.8 is meant.</param>
    /// <param name="Name">Of a district; null else.</param>
    /// <param name="NameEn">Of a district; null else.</param>
    internal sealed record Figures(
        string Key, int Trips, double? MedianError, double? ClassError, double? Bias, int Banded, double? InsideBand, string? Name, string? NameEn);

    internal sealed record WorstTrip(
        Guid VehicleId, string Plate, string Name, DateTime Start, DateTime End, double Meters, bool Emergency,
        double PredictedSeconds, double? LowSeconds, double? HighSeconds, double ActualSeconds);

    /// <param name="LearnedShare">Share of the streets' length that enough vehicles drove; null where the city has no streets.</param>
    /// <param name="PassesNeeded">How many drives over an arc are enough.</param>
    /// <param name="ByDistrict">By where trips ended, on the base map of now.</param>
    internal sealed record Answer(
        int Days, double? LearnedShare, int PassesNeeded, Figures All, IReadOnlyList<Figures> ByHour, IReadOnlyList<Figures> ByLength,
        IReadOnlyList<Figures> ByKind, IReadOnlyList<Figures> ByDay, IReadOnlyList<Figures> ByDistrict, IReadOnlyList<WorstTrip> Worst);

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/roads/eta", HandleAsync)
        .RequireAuthorization(Policies.Dispatchers)
        .WithTags("roads")
        .Produces<Answer>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden);

    private static async Task<IResult> HandleAsync(
        string? days, Streets streets, LearnedStreets learned, Databases databases, TimeProvider clock, CancellationToken cancellation)
    {
        if (!int.TryParse(days ?? DefaultDays.ToString(CultureInfo.InvariantCulture), NumberStyles.None, CultureInfo.InvariantCulture, out int last) || last is < 1 or > MostDays)
        {
            return new Problem(400, "eta.days", "天数无效 / Wrong number of days", $"days: 1…{MostDays}", "days", days?.Length > 40 ? days[..40] : days).ToResult();
        }

        // What is learned is known once the streets are read.
        await streets.GetGraphAsync(cancellation);
        DateTime since = clock.GetUtcNow().UtcDateTime.AddDays(-last);
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        ILookup<string, Figures> figures = (await ReadFiguresAsync(connection, since, cancellation)).ToLookup(static one => one.Kind, static one => one.Figures);
        return TypedResults.Ok(new Answer(
            last, learned.Share, CityLearnedSpeeds.Enough, figures["all"].Single(), [.. figures["hour"]], [.. figures["length"]], [.. figures["kind"]],
            [.. figures["day"]], [.. figures["district"]], await ReadWorstAsync(connection, since, cancellation)));
    }

    private static async Task<List<(string Kind, Figures Figures)>> ReadFiguresAsync(NpgsqlConnection connection, DateTime since, CancellationToken cancellation)
    {
        await using var read = new NpgsqlCommand(FiguresSql, connection);
        read.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = since });
        var found = new List<(string, Figures)>();
        await using NpgsqlDataReader row = await read.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            found.Add((row.GetString(0), new Figures(row.GetString(1), row.GetInt32(2), Value(row, 3), Value(row, 4), Value(row, 5), row.GetInt32(6), Value(row, 7), Text(row, 8), Text(row, 9))));
        }

        return found;
    }

    private static async Task<List<WorstTrip>> ReadWorstAsync(NpgsqlConnection connection, DateTime since, CancellationToken cancellation)
    {
        await using var read = new NpgsqlCommand(WorstSql, connection);
        read.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = since });
        var found = new List<WorstTrip>();
        await using NpgsqlDataReader row = await read.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            found.Add(new WorstTrip(
                row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetDateTime(3), row.GetDateTime(4), row.GetDouble(5), row.GetBoolean(6),
                row.GetDouble(7), Value(row, 8), Value(row, 9), row.GetDouble(10)));
        }

        return found;
    }

    private static double? Value(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private const string FiguresSql =
        """
        WITH trip AS (
            SELECT to_char(start_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS day, extract(hour FROM start_at AT TIME ZONE 'Asia/Shanghai')::int AS hour,
                CASE WHEN meters < 2000 THEN 0 WHEN meters < 6000 THEN 2000 ELSE 6000 END AS length, emergency,
                predicted_s / actual_s - 1 AS error, class_s / actual_s - 1 AS class_error, (actual_s BETWEEN low_s AND high_s)::int AS inside,
                district.code AS district, district.name, district.name_en
            FROM tracking.eta_error LEFT JOIN LATERAL (
                -- On a border between two: the first by code.
                SELECT code, name, name_en FROM city.district WHERE ST_Intersects(geom, ST_SetSRID(ST_MakePoint(to_lon, to_lat), 4326)) ORDER BY code LIMIT 1
            ) district ON true
            WHERE start_at >= $1
        )
        SELECT CASE WHEN grouping(district) = 0 THEN 'district' WHEN grouping(day) = 0 THEN 'day' WHEN grouping(hour) = 0 THEN 'hour' WHEN grouping(length) = 0 THEN 'length'
                WHEN grouping(emergency) = 0 THEN 'kind' ELSE 'all' END,
            coalesce(day, hour::text, length::text, CASE WHEN emergency THEN 'emergency' WHEN NOT emergency THEN 'normal' END, district, ''), count(*)::int,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(error)), percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(class_error)),
            percentile_cont(0.5) WITHIN GROUP (ORDER BY error), count(inside)::int, avg(inside)::float8,
            CASE WHEN grouping(district) = 0 THEN min(name) END, CASE WHEN grouping(district) = 0 THEN min(name_en) END
        FROM trip GROUP BY GROUPING SETS ((), (day), (hour), (length), (emergency), (district)) ORDER BY 1, day, hour, length, emergency, district NULLS LAST
        """;

    private const string WorstSql =
        """
        SELECT vehicle.id, vehicle.plate, vehicle.name, start_at, end_at, meters, emergency, predicted_s, low_s, high_s, actual_s
        FROM tracking.eta_error JOIN tracking.vehicle ON vehicle.id = vehicle_id
        WHERE start_at >= $1
        ORDER BY abs(ln(predicted_s / actual_s)) DESC, start_at DESC LIMIT 20
        """;
}
