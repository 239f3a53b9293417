using Dapper;
using GeoDispatch.Dispatch.Codes;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Dispatch.Units;

/// <summary>
/// <c>POST /api/units/{id}/…</c>: shifts, crews, out of service and back, standby posts, what a unit can do, its home station. A crew logs its own unit on and off
/// and takes it out; whether it may be sent again is the dispatcher's to say.
/// </summary>
internal static class ChangeUnit
{
    private const int MostCrew = 12, MostRestMinutes = 240;

    private static readonly string[] Roles = [.. FixedCodes.CrewRoles.Select(static role => role.Code)];

    internal sealed record LogOnRequest(Guid? CommandId, IReadOnlyList<CrewMember?>? Crew, DateTimeOffset? From, DateTimeOffset? Until);

    internal sealed record CrewRequest(Guid? CommandId, IReadOnlyList<CrewMember?>? Crew);

    internal sealed record TakeOutRequest(Guid? CommandId, string? Reason, string? Words, DateTimeOffset? Until);

    internal sealed record PostRequest(Guid? CommandId, string? Name, double? Lon, double? Lat);

    internal sealed record CapabilitiesRequest(Guid? CommandId, IReadOnlyList<string?>? Capabilities);

    internal sealed record RestRequest(Guid? CommandId, int? Minutes);

    internal sealed record StationRequest(Guid? CommandId, Guid? StationId);

    internal sealed record BareRequest(Guid? CommandId);

    /// <param name="desk">Open to dispatchers.</param>
    /// <param name="crew">Without a policy of its own.</param>
    internal static void Map(IEndpointRouteBuilder desk, IEndpointRouteBuilder crew)
    {
        RouteGroupBuilder own = crew.MapGroup("/units/{id:guid}").RequireAuthorization(Policies.Crews), unit = desk.MapGroup("/units/{id:guid}");
        Route<LogOnRequest>(own, "/log-on", static asked => asked.CommandId, static asked => CheckCrew(asked.Crew)
            ?? (asked.Until is null ? DispatchProblems.BadField("until", null, "班次何时结束 / when the shift ends") : null),
            static asked => new UnitCommand.LogOn(CrewOf(asked.Crew), Utc(asked.From), Utc(asked.Until)!.Value));
        Route<BareRequest>(own, "/log-off", static asked => asked.CommandId, static _ => null, static _ => new UnitCommand.LogOff());
        Route<TakeOutRequest>(own, "/take-out", static asked => asked.CommandId,
            static asked => Fields.OneOf("reason", asked.Reason, OutReason.Codes) ?? Fields.Text("words", asked.Words, 0, 200),
            static asked => new UnitCommand.TakeOut(asked.Reason!, string.IsNullOrWhiteSpace(asked.Words) ? null : asked.Words.Trim(), Utc(asked.Until)));
        Route<BareRequest>(unit, "/bring-back", static asked => asked.CommandId, static _ => null, static _ => new UnitCommand.BringBack());
        Route<CrewRequest>(unit, "/crew", static asked => asked.CommandId, static asked => CheckCrew(asked.Crew),
            static asked => new UnitCommand.NameCrew(CrewOf(asked.Crew)));
        Route<PostRequest>(unit, "/post", static asked => asked.CommandId, static asked => Fields.Text("name", asked.Name, 1, 60)
            ?? Fields.Place("lon", asked.Lon, asked.Lat),
            static asked => new UnitCommand.MoveToPost(asked.Name!.Trim(), asked.Lon!.Value, asked.Lat!.Value));
        Route<BareRequest>(unit, "/leave-post", static asked => asked.CommandId, static _ => null, static _ => new UnitCommand.LeavePost());
        Route<RestRequest>(unit, "/rest", static asked => asked.CommandId, static asked => asked.Minutes is >= 0 and <= MostRestMinutes
            ? null
            : DispatchProblems.BadField("minutes", FormattableString.Invariant($"{asked.Minutes}"), $"0…{MostRestMinutes}"),
            static asked => new UnitCommand.ChangeRest(asked.Minutes!.Value));
        Produces(unit.MapPost("/capabilities", ChangeCapabilitiesAsync));
        Produces(unit.MapPost("/station", ChangeStationAsync));
    }

    private static void Route<TRequest>(
        RouteGroupBuilder group, string path, Func<TRequest, Guid?> commandId, Func<TRequest, Problem?> check, Func<TRequest, UnitCommand> command)
        where TRequest : class =>
        Produces(group.MapPost(path, (Guid id, TRequest asked, HttpContext http, UnitLog log, CancellationToken cancellation) =>
            HandleAsync(id, commandId(asked), asked, path[1..], check(asked), () => command(asked), http, log, cancellation)));

    private static void Produces(RouteHandlerBuilder route) => route.Produces<UnitView>().ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);

    private static async Task<IResult> ChangeCapabilitiesAsync(
        Guid id, CapabilitiesRequest request, HttpContext http, UnitLog log, CodeTables codes, CancellationToken cancellation)
    {
        string[] known = [.. (await codes.ListCapabilitiesAsync(cancellation)).Select(static capability => capability.Code)];
        return await HandleAsync(
            id, request.CommandId, request, "capabilities", Fields.SomeOf("capabilities", request.Capabilities, known),
            () => new UnitCommand.ChangeCapabilities([.. request.Capabilities!.Select(static code => code!).Distinct()]), http, log, cancellation);
    }

    /// <summary>The stations of one agency are few, and none is ever deleted: looked up before the unit is locked.</summary>
    private static async Task<IResult> ChangeStationAsync(
        Guid id, StationRequest request, HttpContext http, UnitLog log, Databases databases, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        bool isThere = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            """
            SELECT EXISTS (
                SELECT FROM dispatch.station JOIN dispatch.unit ON unit.agency = station.agency AND unit.synthetic = station.synthetic
                WHERE unit.id = @id AND station.id = @StationId)
            """,
            new { id, request.StationId }, cancellationToken: cancellation));
        return await HandleAsync(
            id, request.CommandId, request, "station",
            isThere ? null : DispatchProblems.BadField("stationId", request.StationId?.ToString(), "本单位的站点,见 GET /api/stations / a station of its own agency: GET /api/stations"),
            () => new UnitCommand.ChangeStation(request.StationId!.Value), http, log, cancellation);
    }

    private static async Task<IResult> HandleAsync(
        Guid id, Guid? commandId, object request, string kind, Problem? badField, Func<UnitCommand> command, HttpContext http, UnitLog log,
        CancellationToken cancellation)
    {
        (Instruction? given, Problem? problem) = Instruction.Read(http, commandId, "unit." + kind, request);
        problem ??= given!.IsCrew && given.UnitId != id ? UnitProblems.NotYours : badField;
        if (problem is not null)
        {
            return problem.ToResult();
        }

        (UnitView? unit, problem) = await log.AppendAsync(id, given!, command(), cancellation);
        if (unit is null)
        {
            return problem!.ToResult();
        }

        http.Response.Headers.ETag = FormattableString.Invariant($"\"{unit.Version}\"");
        return TypedResults.Ok(unit);
    }

    private static Problem? CheckCrew(IReadOnlyList<CrewMember?>? crew) => crew is not { Count: >= 1 and <= MostCrew }
        ? DispatchProblems.BadField("crew", FormattableString.Invariant($"{crew?.Count}"), $"1 至 {MostCrew} 人 / 1 to {MostCrew} people")
        : crew.Select(static (member, index) => Fields.OneOf($"crew[{index}].role", member?.Role, Roles) ?? Fields.Text($"crew[{index}].name", member!.Name, 1, 40))
            .FirstOrDefault(static wrong => wrong is not null);

    /// <summary>In the order in which they are kept and shown.</summary>
    private static CrewMember[] CrewOf(IReadOnlyList<CrewMember?>? crew) =>
        [.. crew!.Select(static member => member! with { Name = member.Name.Trim() }).Distinct().OrderBy(static member => member.Role, StringComparer.Ordinal)
            .ThenBy(static member => member.Name, StringComparer.Ordinal)];

    private static DateTimeOffset? Utc(DateTimeOffset? time) => time?.AddTicks(-(time.Value.Ticks % TimeSpan.TicksPerMicrosecond)).ToUniversalTime();
}
