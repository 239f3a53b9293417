using System.Text.Json;
using Dapper;
using GeoDispatch.City;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Ems.Figures;

/// <summary>
/// Makes the report of each day by itself, at six in the morning of the next one, when the runs of the night are over. What is missing of the last
/// 31 days is made up for; of days without a call or an incident there is none.
/// </summary>
internal sealed class DailyReports(FigureReader figures, CityProfiles city, Databases databases, TimeProvider clock, ILogger<DailyReports> logger)
    : RoundWorker(TimeSpan.FromMinutes(1), logger)
{
    private const int MostDays = 31;
    private static readonly TimeSpan Made = TimeSpan.FromHours(6);

    /// <summary>What of a day is kept: the figures by each grouping.</summary>
    /// <param name="Day">Of the city's calendar.</param>
    internal sealed record Report(DateOnly Day, DateTimeOffset MadeAt, IReadOnlyList<FiguresView> Figures);

    protected override async Task KeepAsync(CancellationToken cancellation)
    {
        CityProfile profile = await city.GetAsync(cancellation);
        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(profile.TimeZone);
        DateOnly last = profile.DayOf(clock.GetUtcNow() - Made).AddDays(-1);
        foreach (DateOnly day in await MissingAsync(last, profile.TimeZone, cancellation))
        {
            await MakeAsync(day, Midnight(day, zone), Midnight(day.AddDays(1), zone), cancellation);
        }
    }

    internal static void Map(IEndpointRouteBuilder group)
    {
        group.MapGet("/reports", static async (DailyReports reports, CancellationToken cancellation) => TypedResults.Ok(await reports.ListAsync(cancellation)))
            .Produces<IReadOnlyList<DateOnly>>();
        group.MapGet("/reports/{day}", static async (DateOnly day, DailyReports reports, CancellationToken cancellation) =>
            await reports.FindAsync(day, cancellation) is { } report ? TypedResults.Ok(report) : Unknown(day).ToResult())
            .Produces<Report>().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/reports/{day}/{by}.xlsx", static async (DateOnly day, string by, DailyReports reports, CancellationToken cancellation) =>
            (await reports.FindAsync(day, cancellation))?.Figures.FirstOrDefault(one => one.By == by) is { } found ? await ReadFigures.WorkbookAsync(found) : Unknown(day).ToResult())
            .Produces(StatusCodes.Status200OK).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Problem Unknown(DateOnly day) => new(
        404, "report.unknown", "没有此日报 / No such report", $"见 / See GET /api/ems/reports; {string.Join(" | ", FigureSql.Groupings)}", "day", day.ToString("O"));

    private static DateTimeOffset Midnight(DateOnly day, TimeZoneInfo zone)
    {
        DateTime local = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(local, zone.GetUtcOffset(local));
    }

    private async Task<IReadOnlyList<DateOnly>> ListAsync(CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return [.. await connection.QueryAsync<DateOnly>(new CommandDefinition("SELECT day FROM ems.daily_report ORDER BY day DESC LIMIT 400", cancellationToken: cancellation))];
    }

    private async Task<Report?> FindAsync(DateOnly day, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            "SELECT content FROM ems.daily_report WHERE day = @day", new { day }, cancellationToken: cancellation)) is { } content
            ? JsonSerializer.Deserialize<Report>(content, JsonSerializerOptions.Web) : null;
    }

    private async Task<IReadOnlyList<DateOnly>> MissingAsync(DateOnly last, string zone, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return [.. await connection.QueryAsync<DateOnly>(new CommandDefinition(
            """
            SELECT asked::date FROM (
                SELECT asked, asked AT TIME ZONE @zone AS begun, (asked + interval '1 day') AT TIME ZONE @zone AS over
                FROM generate_series(@last::timestamp - (@most - 1) * interval '1 day', @last::timestamp, interval '1 day') asked
            ) span
            WHERE NOT EXISTS (SELECT FROM ems.daily_report WHERE daily_report.day = asked::date)
                AND (EXISTS (SELECT FROM dispatch.incident WHERE received_at >= begun AND received_at < over) OR EXISTS (SELECT FROM dispatch.call WHERE received_at >= begun AND received_at < over))
            ORDER BY 1
            """,
            new { last, most = MostDays, zone }, cancellationToken: cancellation))];
    }

    private async Task MakeAsync(DateOnly day, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var found = new List<FiguresView>();
        foreach (string by in FigureSql.Groupings)
        {
            found.Add(await figures.ReadAsync(from, to, by, cancellation));
        }

        DateTimeOffset now = clock.GetUtcNow();
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        // Another server may have been first: its report stands.
        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO ems.daily_report (day, made_at, content) VALUES (@day, @now, @content::jsonb) ON CONFLICT DO NOTHING",
            new { day, now = now.UtcDateTime, content = JsonSerializer.Serialize(new Report(day, now, found), JsonSerializerOptions.Web) }, cancellationToken: cancellation));
    }
}
