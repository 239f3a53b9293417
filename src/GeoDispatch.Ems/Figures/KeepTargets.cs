using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Ems.Figures;

/// <summary><c>PUT /api/ems/figures/{code}/target</c>: what the city aims at, in seconds (1 to 86,400) and in how many of a hundred cases. Administrators.</summary>
internal static class KeepTargets
{
    internal sealed record Request(int? Seconds, int? Percent);

    internal static void Map(IEndpointRouteBuilder administration) => administration.MapPut("/ems/figures/{code}/target", HandleAsync)
        .Produces<FigureDefinition>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> HandleAsync(
        string code, Request request, HttpContext http, FigureReader figures, Databases databases, AdministrationLog log, CancellationToken cancellation)
    {
        if (Figure.Find(code) is null)
        {
            return ReadRuns.Unknown(code).ToResult();
        }

        if (request.Seconds is not (>= 1 and <= 86_400))
        {
            return Bad("seconds", request.Seconds, "1…86400").ToResult();
        }

        if (request.Percent is not (>= 1 and <= 100))
        {
            return Bad("percent", request.Percent, "1…100").ToResult();
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO ems.figure_target (figure, seconds, percent) VALUES (@code, @Seconds, @Percent)
            ON CONFLICT (figure) DO UPDATE SET seconds = excluded.seconds, percent = excluded.percent
            """,
            new { code, request.Seconds, request.Percent }, cancellationToken: cancellation));
        await log.AddAsync(connection, Actor.Of(http.User), "figure_target.saved", code, code, request, cancellation);
        await transaction.CommitAsync(cancellation);
        return TypedResults.Ok((await figures.DefinitionsAsync(cancellation)).Single(figure => figure.Code == code));
    }

    private static Problem Bad(string field, int? value, string right) => new(
        400, "figure_target.bad_field", "内容不对 / Bad content", $"{field}: {right}", field, value?.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
