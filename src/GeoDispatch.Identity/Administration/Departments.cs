using System.Text.RegularExpressions;
using Dapper;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Identity.Administration;

/// <summary>A department of the city.</summary>
internal sealed record Department(string Code, string Name, string NameEn);

/// <summary><c>/api/admin/departments</c>: which there are, and a new one.</summary>
internal static partial class Departments
{
    internal sealed record DepartmentsView(IReadOnlyList<Department> Departments);

    internal sealed record NewDepartment(string? Code, string? Name, string? NameEn);

    internal static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/departments", ListAsync).Produces<DepartmentsView>();
        admin.MapPost("/departments", CreateAsync).Produces<Department>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
    }

    /// <summary>Null where there is no such department.</summary>
    internal static async Task<string?> FindNameAsync(NpgsqlConnection connection, string? code, CancellationToken cancellation) =>
        code is null ? null : await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            "SELECT name FROM identity.department WHERE code = @code", new { code }, cancellationToken: cancellation));

    private static async Task<IResult> ListAsync(Databases databases, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return TypedResults.Ok(new DepartmentsView([.. await connection.QueryAsync<Department>(new CommandDefinition(
            """SELECT code AS "Code", name AS "Name", name_en AS "NameEn" FROM identity.department ORDER BY code""",
            cancellationToken: cancellation))]));
    }

    private static async Task<IResult> CreateAsync(
        NewDepartment request, HttpContext http, Databases databases, AdministrationLog log, CancellationToken cancellation)
    {
        Problem? bad = request.Code is null || !Code().IsMatch(request.Code)
            ? AdministrationProblems.BadField("code", request.Code, "小写字母、数字、连字符,至多32个 / lower-case letters, digits, hyphens, at most 32")
            : AdministrationProblems.Text("name", request.Name, 1, 60) ?? AdministrationProblems.Text("nameEn", request.NameEn, 1, 60);
        if (bad is not null)
        {
            return bad.ToResult();
        }

        var department = new Department(request.Code!, request.Name!.Trim(), request.NameEn!.Trim());
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        int added = await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO identity.department (code, name, name_en) VALUES (@Code, @Name, @NameEn) ON CONFLICT DO NOTHING",
            department, cancellationToken: cancellation));
        if (added == 0)
        {
            return AdministrationProblems.DepartmentExists(department.Code).ToResult();
        }

        await log.AddAsync(
            connection, Actor.Of(http.User), "department.created", department.Code, department.Name, new { department.NameEn }, cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.Created((string?)null, department);
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,31}$", RegexOptions.NonBacktracking)]
    private static partial Regex Code();
}
