using System.Globalization;
using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Tracking.Fixes;

/// <summary>Of a department's vehicles.</summary>
internal sealed record FleetRetention(string Department, int Days);

/// <summary>How many days of fixes are kept.</summary>
/// <param name="Days">Of vehicles of no department, or of one that has no number of its own.</param>
/// <param name="Fleets">By department.</param>
internal sealed record Retention(int Days, IReadOnlyList<FleetRetention> Fleets)
{
    /// <summary>A fix may come 30 days late and must find its day.</summary>
    internal const int LeastDays = 31;

    internal const int MostDays = 3_660;

    /// <summary>After so many days the last fix of a day has gone.</summary>
    internal int Longest => Fleets.Select(static fleet => fleet.Days).Append(Days).Max();

    internal int Of(string? department) => Fleets.FirstOrDefault(fleet => fleet.Department == department)?.Days ?? Days;

    internal static async Task<Retention> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        List<(string? Department, int Days)> rows = (await connection.QueryAsync<(string?, int)>(new CommandDefinition(
            "SELECT department, days FROM tracking.retention ORDER BY department", cancellationToken: cancellation))).AsList();
        return new Retention(
            rows.Find(static row => row.Department is null).Days,
            [.. rows.Where(static row => row.Department is not null).Select(static row => new FleetRetention(row.Department!, row.Days))]);
    }
}

/// <summary><c>/api/admin/retention</c>: how long the history of vehicles is kept, for the city and for each department's fleet.</summary>
internal static class SetRetention
{
    /// <param name="Department">Null: the city's, which holds for all that have none of their own.</param>
    /// <param name="Days">31 to 3,660; null gives a department the city's.</param>
    internal sealed record RetentionWish(string? Department, int? Days);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder retention = routes.MapGroup("/api/admin/retention").WithTags("administration")
            .RequireAuthorization(Policies.Administrators)
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        retention.MapGet("", async (Databases databases, CancellationToken cancellation) =>
        {
            await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
            return TypedResults.Ok(await Retention.ReadAsync(connection, cancellation));
        });
        retention.MapPost("", HandleAsync).Produces<Retention>().ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> HandleAsync(
        RetentionWish wish, HttpContext http, Databases databases, AdministrationLog log, CancellationToken cancellation)
    {
        if (wish.Days is < Retention.LeastDays or > Retention.MostDays || wish is { Department: null, Days: null })
        {
            return new Problem(
                400, "retention.out_of_range", "保存天数无效 / Wrong number of days",
                $"{Retention.LeastDays} 至 {Retention.MostDays} 天 / {Retention.LeastDays} to {Retention.MostDays} days", "days",
                wish.Days?.ToString(CultureInfo.InvariantCulture)).ToResult();
        }

        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        if (wish.Department is { } code && !await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM identity.department WHERE code = @code)", new { code }, cancellationToken: cancellation)))
        {
            return new Problem(
                400, "department.unknown", "没有此部门 / Unknown department",
                "先由管理员登记部门 / An administrator must enter the department first", "department", code.Length > 40 ? code[..40] : code).ToResult();
        }

        Retention before = await Retention.ReadAsync(connection, cancellation);
        int changed = await connection.ExecuteAsync(new CommandDefinition(
            wish.Days is null
                ? "DELETE FROM tracking.retention WHERE department = @Department"
                : """
                  INSERT INTO tracking.retention AS kept (department, days) VALUES (@Department, @Days)
                  ON CONFLICT (department) DO UPDATE SET days = excluded.days WHERE kept.days <> excluded.days
                  """,
            wish, cancellationToken: cancellation));
        Retention after = await Retention.ReadAsync(connection, cancellation);
        if (changed > 0)
        {
            await log.AddAsync(
                connection, Actor.Of(http.User), "retention.changed", wish.Department ?? "", wish.Department ?? "*",
                new { before = before.Of(wish.Department), days = after.Of(wish.Department) }, cancellation);
            await transaction.CommitAsync(cancellation);
        }

        return TypedResults.Ok(after);
    }
}
