using System.Globalization;
using System.Text.Json;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace GeoDispatch.Roads.Closures;

/// <summary>What a drawing means.</summary>
/// <param name="Streets">The longest first.</param>
/// <param name="Lines">MultiLineString: the edges' geometries.</param>
/// <param name="UnmatchedMeters">Of the drawn line, what lies along no street.</param>
internal sealed record UnderstoodView(IReadOnlyList<StreetPart> Streets, double Meters, JsonElement Lines, double UnmatchedMeters)
{
    internal static UnderstoodView Of(Understood understood) => new(
        understood.Streets, understood.Streets.Sum(static street => street.Meters), JsonElement.Parse(ClosureJson.Write(understood.Lines)), understood.UnmatchedMeters);
}

/// <summary>A closure or slow-down.</summary>
/// <param name="State"><c>current</c>, <c>planned</c> or <c>ended</c>, at the moment that was asked for.</param>
/// <param name="Kind"><c>closed</c> or <c>slow</c>.</param>
/// <param name="SpeedFactor">0 where closed; else the share of the usual speed that is left.</param>
/// <param name="Geometry">As it was drawn: LineString or Polygon.</param>
/// <param name="Lines">What it means: MultiLineString.</param>
/// <param name="Department">Code of the department of who made it.</param>
internal sealed record ClosureView(
    Guid Id, int Version, string State, string Kind, double SpeedFactor, bool EmergencyPasses, bool BothDirections, JsonElement Geometry, JsonElement Lines,
    IReadOnlyList<StreetPart> Streets, DateTimeOffset From, DateTimeOffset? Until, DateTimeOffset? LiftedAt, string Reason, string? Words,
    DateTimeOffset MadeAt, string By, string Department)
{
    internal static ClosureView Of(Closure closure, DateTimeOffset at) => new(
        closure.Id, closure.Version, closure.StateAt(at), closure.Terms.SpeedFactor == 0 ? "closed" : "slow", closure.Terms.SpeedFactor,
        closure.Terms.EmergencyPasses, closure.Terms.BothDirections, JsonElement.Parse(ClosureJson.Write(closure.Terms.Drawing)),
        JsonElement.Parse(ClosureJson.Write(closure.Understood.Lines)), closure.Understood.Streets, closure.Terms.From, closure.Terms.Until,
        closure.LiftedAt, closure.Terms.Reason, closure.Terms.Words, closure.MadeAt, closure.MadeBy, closure.Department);
}

/// <summary>
/// <c>GET /api/roads/closures</c> and <c>/{id}</c> with its history: as they are, or with <c>at</c> as they were known at a past moment, so that
/// an answer of then can be explained.
/// </summary>
internal static class ReadClosures
{
    /// <param name="MayDraw">Whether the one who asks may draw closures.</param>
    /// <param name="More">True where there are more than the 1,000 that one answer holds.</param>
    internal sealed record ClosureList(DateTimeOffset Now, bool MayDraw, IReadOnlyList<ClosureView> Closures, bool More);

    /// <param name="Type"><c>made</c>, <c>changed</c> or <c>lifted</c>.</param>
    /// <param name="Closure">As it was from then on; what was before stands in the entry before.</param>
    internal sealed record HistoryEntry(int Version, string Type, DateTimeOffset At, string By, string Department, ClosureView Closure);

    internal sealed record ClosureWithHistory(ClosureView Closure, IReadOnlyList<HistoryEntry> History);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder closures = routes.MapGroup("/api/roads/closures").RequireAuthorization(Policies.Everyone).OpenToKeys(Scopes.Roads).WithTags("roads")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized);
        closures.MapGet("", ListAsync).Produces<ClosureList>();
        closures.MapGet("/{id:guid}", ReadAsync).Produces<ClosureWithHistory>().ProducesProblem(StatusCodes.Status404NotFound);
        closures.MapGet("/along", AlongStreet.HandleAsync).Produces<AlongStreet.Answer>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, Databases databases, TimeProvider clock, CancellationToken cancellation, string? state = null, string? bbox = null, string? at = null)
    {
        DateTimeOffset now = clock.GetUtcNow();
        (ClosureQuery? query, Problem? problem) = Read(state, bbox, at, now);
        if (query is null)
        {
            return problem!.ToResult();
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        (Closure[] closures, bool more) = await ClosureReader.ListAsync(connection, query, cancellation);
        bool mayDraw = !http.User.IsInRole(Roles.Crew) && await ClosureRights.RefusesAsync(connection, http.User, null, cancellation) is null;
        return TypedResults.Ok(new ClosureList(now, mayDraw, [.. closures.Select(closure => ClosureView.Of(closure, query.Moment))], more));
    }

    private static async Task<IResult> ReadAsync(
        Guid id, HttpContext http, Databases databases, TimeProvider clock, CancellationToken cancellation, string? at = null)
    {
        (ClosureQuery? query, Problem? problem) = Read(null, null, at, clock.GetUtcNow());
        if (query is null)
        {
            return problem!.ToResult();
        }

        DateTimeOffset? moment = query.IsPast ? query.Moment : null;
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        if (await ClosureReader.FindAsync(connection, id, moment, cancellation) is not { } closure)
        {
            return (ClosureProblems.Unknown with { Value = id.ToString() }).ToResult();
        }

        ClosureEvent[] history = await ClosureReader.HistoryAsync(connection, id, moment, cancellation);
        http.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{closure.Version}\"");
        return TypedResults.Ok(new ClosureWithHistory(ClosureView.Of(closure, query.Moment), [.. history.Select(one => new HistoryEntry(
            one.Version, one.Type, one.At, one.By, one.Department, ClosureView.Of(one.After, one.At)))]));
    }

    private static (ClosureQuery? Query, Problem? Problem) Read(string? state, string? bbox, string? at, DateTimeOffset now)
    {
        if (state is not null && !Closure.States.Contains(state, StringComparer.Ordinal))
        {
            return (null, ClosureProblems.BadField("state", state, string.Join(" | ", Closure.States)));
        }

        Bbox? box = null;
        if (bbox is not null)
        {
            if (!TryParse(bbox, out Bbox parsed))
            {
                return (null, ClosureProblems.BadField("bbox", bbox, "西,南,东,北(度) / west,south,east,north in degrees"));
            }

            box = parsed;
        }

        DateTimeOffset moment = now;
        if (at is not null && (!DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out moment) || moment > now))
        {
            return (null, ClosureProblems.BadField("at", at, "不晚于现在的时间,如 / a time not after now, such as 2026-03-05T08:30:00+08:00"));
        }

        return (new ClosureQuery(state, box, moment.ToUniversalTime(), at is not null), null);
    }

    private static bool TryParse(string text, out Bbox box)
    {
        double[] numbers = [.. text.Split(',').Select(static part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN)];
        box = numbers.Length == 4 ? new Bbox(numbers[0], numbers[1], numbers[2], numbers[3]) : default;
        return numbers.Length == 4 && box.IsValid;
    }
}
