using System.Globalization;
using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Administration;
using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Fleet;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Tracking.Devices;

/// <summary>A terminal as the desk sees it.</summary>
/// <param name="State"><c>waiting</c>, <c>approved</c> or <c>refused</c>.</param>
/// <param name="SaidPlate">What it says of itself; nobody has checked it.</param>
/// <param name="VehicleId">For which it reports, or last did.</param>
internal sealed record TerminalView(
    string Protocol, string Terminal, string State, string SaidPlate, string Maker, string Model, string OwnId, string Version,
    DateTimeOffset FirstSeen, DateTimeOffset LastSeen, string RemoteAddress,
    Guid? VehicleId, string? Plate, string? Kind, string? Name, string? Department);

/// <summary><c>/api/terminals</c>: which there are, for desks and departments; and who of them may report, for administrators.</summary>
internal static class ManageTerminals
{
    private const int MostListed = 500;

    /// <param name="Waiting">How many wait in all.</param>
    /// <param name="Next">For <c>after</c>; null at the end.</param>
    internal sealed record TerminalsView(IReadOnlyList<TerminalView> Terminals, long Waiting, string? Next);

    /// <param name="Key">Shown this once; what the terminal is told to send with its number.</param>
    internal sealed record TerminalKeyView(string Protocol, string Terminal, string Key);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder terminals = routes.MapGroup("/api/terminals").WithTags("terminals")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        terminals.MapGet("", ListAsync).RequireAuthorization(policy => policy.RequireRole("dispatcher", "administrator", "department")).Produces<TerminalsView>();
        RouteGroupBuilder one = terminals.MapGroup("/{protocol}/{terminal}").RequireAuthorization(Policies.Administrators)
            .ProducesProblem(StatusCodes.Status404NotFound);
        one.MapPost("/approve", async (
            string protocol, string terminal, ApprovalWish request, HttpContext http, TerminalApproval approval, Databases databases, CancellationToken cancellation) =>
            await approval.ApproveAsync(protocol, terminal, request, Actor.Of(http.User), cancellation) is { } problem
                ? problem.ToResult()
                : await ShowAsync(databases, protocol, terminal, cancellation))
            .Produces<TerminalView>().ProducesProblem(StatusCodes.Status409Conflict);
        one.MapPost("/refuse", async (
            string protocol, string terminal, HttpContext http, TerminalApproval approval, Databases databases, CancellationToken cancellation) =>
            await approval.RefuseAsync(protocol, terminal, Actor.Of(http.User), cancellation) is { } problem
                ? problem.ToResult()
                : await ShowAsync(databases, protocol, terminal, cancellation))
            .Produces<TerminalView>();
        one.MapPost("/key", async (
            string protocol, string terminal, HttpContext http, TerminalApproval approval, CancellationToken cancellation) =>
        {
            (string? key, Problem? problem) = await approval.IssueKeyAsync(protocol, terminal, Actor.Of(http.User), cancellation);
            return key is null ? problem!.ToResult() : TypedResults.Ok(new TerminalKeyView(protocol, terminal, key));
        })
            .Produces<TerminalKeyView>().ProducesProblem(StatusCodes.Status409Conflict);
    }

    /// <summary>By protocol and number, from the one after <paramref name="after"/>; or <paramref name="only"/> one; or of one department's fleet.</summary>
    internal static async Task<IReadOnlyList<TerminalView>> ReadAsync(
        NpgsqlConnection connection, string? state, (string Protocol, string Terminal)? after, int limit, CancellationToken cancellation,
        (string Protocol, string Terminal)? only = null, string? fleet = null) =>
        [.. await connection.QueryAsync<TerminalView>(new CommandDefinition(
            """
            SELECT protocol AS Protocol, terminal AS Terminal, state AS State, terminal.plate AS SaidPlate, maker AS Maker, model AS Model,
                own_id AS OwnId, version AS Version, first_seen AS FirstSeen, last_seen AS LastSeen, remote_address AS RemoteAddress,
                vehicle.id AS VehicleId, vehicle.plate AS Plate, kind AS Kind, vehicle.name AS Name, department AS Department
            FROM tracking.terminal
            LEFT JOIN tracking.device ON device.id = device_id
            LEFT JOIN tracking.vehicle ON vehicle.id = vehicle_id
            WHERE (@state::text IS NULL OR state = @state) AND (protocol, terminal) > (@protocol, @terminal)
                AND (@onlyProtocol::text IS NULL OR (protocol, terminal) = (@onlyProtocol, @onlyTerminal))
                AND (@fleet::text IS NULL OR department = @fleet)
            ORDER BY protocol, terminal LIMIT @limit
            """,
            new
            {
                state,
                protocol = after?.Protocol ?? "",
                terminal = after?.Terminal ?? "",
                limit,
                onlyProtocol = only?.Protocol,
                onlyTerminal = only?.Terminal,
                fleet,
            },
            cancellationToken: cancellation))];

    private static async Task<IResult> ListAsync(
        string? state, string? after, int? limit, HttpContext http, Databases databases, CancellationToken cancellation)
    {
        if (state is not (null or "waiting" or "approved" or "refused"))
        {
            return TerminalProblems.BadField("state", state, "waiting | approved | refused").ToResult();
        }

        if (limit is < 1 or > MostListed)
        {
            return TerminalProblems.BadField("limit", limit.Value.ToString(CultureInfo.InvariantCulture), $"1…{MostListed}").ToResult();
        }

        string[]? key = after?.Split('/', 2);
        if (key is not null && (key.Length < 2 || TerminalNumber.Check(key[0], key[1]) is not null))
        {
            return TerminalProblems.BadField("after", after, "jt808/013800000001").ToResult();
        }

        // A department sees the terminals of its own fleet, so none that waits.
        string? fleet = FleetScope.Of(http.User).Department;
        int most = limit ?? 100;
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        IReadOnlyList<TerminalView> found = await ReadAsync(connection, state, key is null ? null : (key[0], key[1]), most + 1, cancellation, fleet: fleet);
        long waiting = fleet is not null ? 0 : await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT count(*) FROM tracking.terminal WHERE state = 'waiting'", cancellationToken: cancellation));
        return TypedResults.Ok(found.Count > most
            ? new TerminalsView([.. found.Take(most)], waiting, $"{found[most - 1].Protocol}/{found[most - 1].Terminal}")
            : new TerminalsView(found, waiting, null));
    }

    private static async Task<IResult> ShowAsync(Databases databases, string protocol, string terminal, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        return TypedResults.Ok((await ReadAsync(connection, null, null, 1, cancellation, (protocol, TerminalNumber.Of(protocol, terminal))))[0]);
    }
}
