using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Http;

namespace GeoDispatch.Roads.Closures;

/// <summary>What somebody asks for when drawing or changing a closure.</summary>
/// <param name="CommandId">Made by the client; the same again is the same command.</param>
/// <param name="Geometry">GeoJSON, LineString or Polygon, at most 1,000 points and 200 km; left out in a change, it stays.</param>
/// <param name="BothDirections">Left out: true.</param>
/// <param name="Kind"><c>closed</c> or <c>slow</c>.</param>
/// <param name="SpeedFactor">With <c>slow</c>: the share of the usual speed that is left, above 0 and below 1.</param>
/// <param name="EmergencyPasses">Left out: false.</param>
/// <param name="From">Left out: now, in a change as it was.</param>
/// <param name="Until">Left out: until it is lifted.</param>
/// <param name="Reason">One of <see cref="Closure.Reasons"/>.</param>
/// <param name="Words">At most 200 characters.</param>
internal sealed record ClosureWish(
    Guid? CommandId, JsonElement? Geometry, bool? BothDirections, string? Kind, double? SpeedFactor, bool? EmergencyPasses,
    DateTimeOffset? From, DateTimeOffset? Until, string? Reason, string? Words)
{
    /// <summary>SHA-256 of the kind of command, what it is about, and all that was sent.</summary>
    internal static byte[] ContentOf(string kind, Guid? id, object request) => SHA256.HashData(
        [.. JsonSerializer.SerializeToUtf8Bytes(new { kind, id }), .. JsonSerializer.SerializeToUtf8Bytes(request, request.GetType(), JsonSerializerOptions.Web)]);

    /// <summary>What is drawn; null where nothing is.</summary>
    /// <returns>Or <c>closure.bad_field</c>, <c>closure.too_long</c>.</returns>
    internal static (ClosureDrawing? Drawing, Problem? Problem) ReadDrawing(JsonElement? geometry)
    {
        if (geometry is not { ValueKind: not JsonValueKind.Null } drawn)
        {
            return (null, null);
        }

        (ClosureDrawing? drawing, string? wrong) = ClosureJson.ReadDrawing(drawn);
        if (drawing is null)
        {
            return (null, ClosureProblems.BadField("geometry", drawn.ToString(), wrong!));
        }

        double meters = drawing.Points.Zip(drawing.Points.Skip(1), Geodesy.DistanceMeters).Sum();
        return meters > ClosureDecider.MostMeters ? (null, ClosureProblems.TooLong(meters)) : (drawing, null);
    }

    /// <summary>Everything but the drawing: what is wrong with it, or null.</summary>
    internal Problem? Wrong() =>
        CommandId is null || CommandId == Guid.Empty ? ClosureProblems.BadField("commandId", CommandId?.ToString(), "须为新的 UUID / must be a new UUID")
        : Kind is not ("closed" or "slow") ? ClosureProblems.BadField("kind", Kind, "closed | slow")
        : Kind == "slow" && SpeedFactor is not (> 0 and < 1) ? ClosureProblems.BadField("speedFactor", Text(SpeedFactor), "大于 0 小于 1 / above 0 and below 1")
        : Kind == "closed" && SpeedFactor is not (null or 0) ? ClosureProblems.BadField("speedFactor", Text(SpeedFactor), "封闭时不填 / left out with closed")
        : !Closure.Reasons.Contains(Reason, StringComparer.Ordinal) ? ClosureProblems.BadField("reason", Reason, string.Join(" | ", Closure.Reasons))
        : Words?.Length > 200 || Words?.Any(static letter => char.IsControl(letter) && letter is not '\n') == true
            ? ClosureProblems.BadField("words", Words, "至多 200 个字 / at most 200 characters")
        : null;

    /// <summary>The terms, of a wish that is right.</summary>
    /// <param name="from">Where the wish says nothing of it.</param>
    internal ClosureTerms Terms(ClosureDrawing drawing, DateTimeOffset from) => new(
        Kind == "closed" ? 0 : SpeedFactor!.Value, EmergencyPasses ?? false, drawing, drawing.IsArea || (BothDirections ?? true),
        Whole(From ?? from), Until is { } until ? Whole(until) : null, Reason!, string.IsNullOrWhiteSpace(Words) ? null : Words.Trim());

    // PostgreSQL keeps microseconds.
    private static DateTimeOffset Whole(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond)).ToUniversalTime();

    private static string? Text(double? number) => number?.ToString(CultureInfo.InvariantCulture);

    /// <summary>Who sends it: a person, or a department's program.</summary>
    internal static ClosureMaker MakerOf(HttpContext http) => new(
        Guid.Parse(http.User.FindFirstValue(ClaimTypes.NameIdentifier)!),
        http.User.FindFirstValue(ClaimTypes.GivenName) ?? http.User.Identity!.Name!,
        http.User.FindFirstValue(GeoClaims.Department)!);
}
