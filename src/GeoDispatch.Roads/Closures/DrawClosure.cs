using System.Globalization;
using System.Text.Json;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Identity.Quotas;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Roads.Closures;

/// <summary>
/// Draws, changes and lifts closures: <c>POST /api/roads/closures</c>, <c>PUT …/{id}</c>, <c>POST …/{id}/lift</c>; and says beforehand what a
/// drawing means, <c>POST …/preview</c>. Each counts for the next route that is asked for.
/// </summary>
internal static class DrawClosure
{
    internal sealed record PreviewRequest(JsonElement? Geometry, bool? BothDirections);

    internal sealed record LiftRequest(Guid? CommandId);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder closures = routes.MapGroup("/api/roads/closures").RequireAuthorization(Policies.Desk).OpenToKeys(Scopes.Closures)
            .Costs(2, freeForDesk: true).WithTags("roads")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        closures.MapPost("/preview", PreviewAsync).Produces<UnderstoodView>();
        closures.MapPost("", MakeAsync).Produces<ClosureView>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict);
        RouteGroupBuilder one = closures.MapGroup("/{id:guid}").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        one.MapPut("", ChangeAsync).Produces<ClosureView>()
            .ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status428PreconditionRequired);
        one.MapPost("/lift", LiftAsync).Produces<ClosureView>();
    }

    private static async Task<IResult> PreviewAsync(
        PreviewRequest request, HttpContext http, Streets streets, Databases databases, CancellationToken cancellation)
    {
        (ClosureDrawing? drawing, Problem? problem) = ClosureWish.ReadDrawing(request.Geometry);
        if (drawing is null)
        {
            return (problem ?? ClosureProblems.BadField("geometry", null, "须画出线或面 / a line or an area is needed")).ToResult();
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        if (await ClosureRights.RefusesAsync(connection, http.User, null, cancellation) is { } refused)
        {
            return refused.ToResult();
        }

        Understood understood = Understood.Of(await streets.GetGraphAsync(cancellation), drawing, request.BothDirections ?? true);
        return understood.Stretches.Count == 0
            ? ClosureProblems.NoStreet.ToResult()
            : TypedResults.Ok(UnderstoodView.Of(understood));
    }

    private static async Task<IResult> MakeAsync(
        ClosureWish wish, HttpContext http, Streets streets, Databases databases, ClosureLog log, CancellationToken cancellation)
    {
        (ClosureDrawing? drawing, Problem? problem) = ClosureWish.ReadDrawing(wish.Geometry);
        if ((wish.Wrong() ?? problem) is { } wrong)
        {
            return wrong.ToResult();
        }

        if (drawing is null)
        {
            return ClosureProblems.BadField("geometry", null, "须画出线或面 / a line or an area is needed").ToResult();
        }

        Understood understood;
        ClosureMaker by = ClosureWish.MakerOf(http);
        await using (NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation))
        {
            if (await ClosureRights.RefusesAsync(connection, http.User, null, cancellation) is { } refused)
            {
                return refused.ToResult();
            }

            understood = Understood.Of(await streets.GetGraphAsync(cancellation), drawing, wish.BothDirections ?? true);
        }

        Guid id = Guid.CreateVersion7(log.Now);
        (Closure? closure, problem) = await log.CarryOutAsync(
            id, wish.CommandId!.Value, ClosureWish.ContentOf("make", null, wish), by,
            (before, now) => ClosureDecider.Decide(before, new ClosureCommand.Make(id, wish.Terms(drawing, now), understood, by), now), cancellation);
        return Answer(http, closure, problem, log.Now, created: true);
    }

    private static async Task<IResult> ChangeAsync(
        Guid id, ClosureWish wish, HttpContext http, Streets streets, Databases databases, ClosureLog log, CancellationToken cancellation)
    {
        (ClosureDrawing? drawn, Problem? problem) = ClosureWish.ReadDrawing(wish.Geometry);
        if ((wish.Wrong() ?? problem) is { } wrong)
        {
            return wrong.ToResult();
        }

        if (http.Request.Headers.IfMatch is not [{ } seen])
        {
            return ClosureProblems.VersionNeeded.ToResult();
        }

        Closure? known;
        Understood? understood = null;
        ClosureMaker by = ClosureWish.MakerOf(http);
        await using (NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation))
        {
            known = await ClosureReader.FindAsync(connection, id, null, cancellation);
            if ((known is null ? Unknown(id) : await ClosureRights.RefusesAsync(connection, http.User, known.Department, cancellation)) is { } refused)
            {
                return refused.ToResult();
            }

            bool both = wish.BothDirections ?? known!.Terms.BothDirections;
            if (drawn is not null || both != known!.Terms.BothDirections)
            {
                understood = Understood.Of(await streets.GetGraphAsync(cancellation), drawn ?? known!.Terms.Drawing, both);
            }
        }

        (Closure? closure, problem) = await log.CarryOutAsync(
            id, wish.CommandId!.Value, ClosureWish.ContentOf("change", id, wish), by,
            (before, now) =>
            {
                if (before is null || seen.Trim('"') != before.Version.ToString(CultureInfo.InvariantCulture))
                {
                    return new ClosureDecision("", null, before is null ? Unknown(id) : ClosureProblems.Stale(seen, before.Version));
                }

                ClosureWish whole = wish with { BothDirections = wish.BothDirections ?? before.Terms.BothDirections };
                return ClosureDecider.Decide(
                    before, new ClosureCommand.Change(whole.Terms(drawn ?? before.Terms.Drawing, before.Terms.From), understood ?? before.Understood, by), now);
            },
            cancellation);
        return Answer(http, closure, problem, log.Now);
    }

    private static async Task<IResult> LiftAsync(
        Guid id, LiftRequest request, HttpContext http, Databases databases, ClosureLog log, CancellationToken cancellation)
    {
        if (request.CommandId is not { } commandId || commandId == Guid.Empty)
        {
            return ClosureProblems.BadField("commandId", request.CommandId?.ToString(), "须为新的 UUID / must be a new UUID").ToResult();
        }

        ClosureMaker by = ClosureWish.MakerOf(http);
        await using (NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation))
        {
            Closure? known = await ClosureReader.FindAsync(connection, id, null, cancellation);
            if ((known is null ? Unknown(id) : await ClosureRights.RefusesAsync(connection, http.User, known.Department, cancellation)) is { } refused)
            {
                return refused.ToResult();
            }
        }

        (Closure? closure, Problem? problem) = await log.CarryOutAsync(
            id, commandId, ClosureWish.ContentOf("lift", id, request), by,
            (before, now) => ClosureDecider.Decide(before, new ClosureCommand.Lift(by), now), cancellation);
        return Answer(http, closure, problem, log.Now);
    }

    private static Problem Unknown(Guid id) => ClosureProblems.Unknown with { Value = id.ToString() };

    private static IResult Answer(HttpContext http, Closure? closure, Problem? problem, DateTimeOffset now, bool created = false)
    {
        if (closure is null)
        {
            return problem!.ToResult();
        }

        var view = ClosureView.Of(closure, now);
        http.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{closure.Version}\"");
        return created ? TypedResults.Created($"/api/roads/closures/{closure.Id:D}", view) : TypedResults.Ok(view);
    }
}
