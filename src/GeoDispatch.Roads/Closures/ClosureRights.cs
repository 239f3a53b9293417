using System.Security.Claims;
using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Roads.Closures;

/// <summary>
/// Who may draw closures: dispatchers and administrators, and people and programs of the departments that an administrator allowed it to,
/// such as the traffic police. <c>/api/admin/closing-departments</c>.
/// </summary>
internal static class ClosureRights
{
    /// <param name="Code">Of the department.</param>
    internal sealed record ClosingDepartment(string Code, string Name, string NameEn, DateTimeOffset AllowedAt, string AllowedBy);

    internal sealed record ClosingDepartments(IReadOnlyList<ClosingDepartment> Departments);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder admin = routes.MapGroup("/api/admin/closing-departments").RequireAuthorization(Policies.Administrators).WithTags("administration")
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        admin.MapGet("", ListAsync).Produces<ClosingDepartments>();
        admin.MapPost("/{code}", AllowAsync).Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
        admin.MapDelete("/{code}", DisallowAsync).Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Null where they may.</summary>
    /// <param name="department">Whose closure it is; null where it is new.</param>
    internal static async Task<Problem?> RefusesAsync(NpgsqlConnection connection, ClaimsPrincipal user, string? department, CancellationToken cancellation)
    {
        if (user.IsInRole(Roles.Dispatcher) || user.IsInRole(Roles.Administrator))
        {
            return null;
        }

        string own = user.FindFirstValue(GeoClaims.Department) ?? "";
        return !await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM roads.closing_department WHERE code = @own)", new { own }, cancellationToken: cancellation))
            ? ClosureProblems.NotAllowed
            : department is null || department == own ? null : ClosureProblems.NotYours;
    }

    private static async Task<IResult> ListAsync(Databases databases, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return TypedResults.Ok(new ClosingDepartments([.. await connection.QueryAsync<ClosingDepartment>(new CommandDefinition(
            """
            SELECT code AS "Code", name AS "Name", name_en AS "NameEn", allowed_at AS "AllowedAt", allowed_by AS "AllowedBy"
            FROM roads.closing_department JOIN identity.department USING (code) ORDER BY code
            """,
            cancellationToken: cancellation))]));
    }

    private static Task<IResult> AllowAsync(
        string code, HttpContext http, Databases databases, AdministrationLog log, TimeProvider clock, CancellationToken cancellation) =>
        ChangeAsync(
            code, http, databases, log, "department.may_close_roads",
            "INSERT INTO roads.closing_department (code, allowed_at, allowed_by) VALUES (@code, @at, @by) ON CONFLICT DO NOTHING", clock, cancellation);

    private static Task<IResult> DisallowAsync(
        string code, HttpContext http, Databases databases, AdministrationLog log, TimeProvider clock, CancellationToken cancellation) =>
        ChangeAsync(
            code, http, databases, log, "department.may_not_close_roads", "DELETE FROM roads.closing_department WHERE code = @code", clock, cancellation);

    private static async Task<IResult> ChangeAsync(
        string code, HttpContext http, Databases databases, AdministrationLog log, string action, string sql, TimeProvider clock, CancellationToken cancellation)
    {
        Actor actor = Actor.Of(http.User);
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        if (await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            "SELECT name FROM identity.department WHERE code = @code", new { code }, cancellationToken: cancellation)) is not { } name)
        {
            return new Problem(
                404, "department.unknown", "没有此部门 / Unknown department", "先由管理员登记部门 / An administrator must enter the department first",
                "code", code).ToResult();
        }

        // Said again, it changes nothing and is not written down.
        if (await connection.ExecuteAsync(new CommandDefinition(sql, new { code, at = clock.GetUtcNow(), by = actor.Name }, cancellationToken: cancellation)) > 0)
        {
            await log.AddAsync(connection, actor, action, code, name, new { }, cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return TypedResults.NoContent();
    }
}
