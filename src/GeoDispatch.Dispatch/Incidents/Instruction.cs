using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Http;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>What every command has besides its content: its id, its kind, who gave it, and the version it was given for. Commands of modules above, too.</summary>
/// <param name="Id">Made by the client; the same id again is the same command.</param>
/// <param name="Kind">Name of the command, kept with the id.</param>
/// <param name="Content">SHA-256 of all that was sent: the same id with other content is another command.</param>
/// <param name="By">As people know whoever gave it.</param>
/// <param name="UnitId">Of a crew; null for everybody else.</param>
/// <param name="IfMatch">The header as given; null where the client does not mind.</param>
public sealed record Instruction(
    Guid Id, string Kind, byte[] Content, Guid AccountId, string By, Guid? UnitId, bool IsCrew, string? IfMatch)
{
    /// <summary>Takes the command of the signed-in person.</summary>
    /// <param name="request">The body as it was read.</param>
    /// <returns>Or <c>command.bad_field</c>, where it has no id.</returns>
    public static (Instruction? Given, Problem? Problem) Read(HttpContext http, Guid? commandId, string kind, object request) =>
        commandId is not { } id || id == Guid.Empty
            ? (null, DispatchProblems.BadField("commandId", commandId?.ToString(), "须为新的 UUID / must be a new UUID"))
            : (new Instruction(
                id, kind, SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request, request.GetType(), JsonSerializerOptions.Web)),
                Guid.Parse(http.User.FindFirstValue(ClaimTypes.NameIdentifier)!),
                http.User.FindFirstValue(ClaimTypes.GivenName) ?? http.User.Identity!.Name!,
                CrewUnit(http.User),
                http.User.IsInRole(Roles.Crew),
                http.Request.Headers.IfMatch is [{ } tag] ? tag : null), null);

    /// <summary>The unit of a crew; null for everybody else.</summary>
    public static Guid? CrewUnit(ClaimsPrincipal user) =>
        Guid.TryParse(user.FindFirstValue(GeoClaims.Unit), out Guid unit) ? unit : null;

    /// <summary>What a command is refused with whose id was used for another one.</summary>
    public Problem Reused => DispatchProblems.CommandReused(Id);

    internal bool Fits(int version) => IfMatch is null or "*" || IfMatch.Trim('"') == version.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Times as PostgreSQL keeps them.</summary>
internal static class Times
{
    /// <summary>In UTC and whole microseconds.</summary>
    internal static DateTimeOffset? ToMicroseconds(this DateTimeOffset? at) =>
        at?.AddTicks(-(at.Value.Ticks % TimeSpan.TicksPerMicrosecond)).ToUniversalTime();
}

/// <summary>Checks the members of a command's body; each gives the first thing that is wrong, or null.</summary>
public static partial class Fields
{
    /// <summary>That something is wrong with a member: <c>command.bad_field</c>.</summary>
    /// <param name="right">What would be right, Chinese / English.</param>
    public static Problem Bad(string field, string? value, string right) => DispatchProblems.BadField(field, value, right);

    /// <summary>Text of <paramref name="least"/> to <paramref name="most"/> characters, without control characters.</summary>
    public static Problem? Text(string field, string? value, int least, int most) =>
        (value?.Trim().Length ?? 0) < least || value?.Length > most || value?.Any(static letter => char.IsControl(letter) && letter is not '\n') == true
            ? DispatchProblems.BadField(field, value, $"{least} 至 {most} 个字 / {least} to {most} characters")
            : null;

    /// <summary>Null and empty are none.</summary>
    public static Problem? Telephone(string field, string? value) => value is not { Length: > 0 } || TelephoneNumber().IsMatch(value)
        ? null
        : DispatchProblems.BadField(field, value, "至多 32 位数字及 + - * # / up to 32 digits, + - * #");

    /// <summary>Without spaces around; null where nothing is left.</summary>
    public static string? Trim(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>One of the allowed.</summary>
    public static Problem? OneOf(string field, string? value, params string[] allowed) =>
        allowed.Contains(value, StringComparer.Ordinal) ? null : DispatchProblems.BadField(field, value, string.Join(" | ", allowed));

    /// <summary>At least one of the allowed, and nothing else.</summary>
    public static Problem? SomeOf(string field, IReadOnlyList<string?>? values, params string[] allowed) => values is not { Count: >= 1 and <= 32 }
        ? DispatchProblems.BadField(field, null, string.Join(" | ", allowed))
        : values.Select(value => OneOf(field, value, allowed)).FirstOrDefault(static bad => bad is not null);

    /// <summary>A point, by the name of its first member.</summary>
    public static Problem? Place(string field, double? lon, double? lat) => LonLat.TryCreate(lon ?? double.NaN, lat ?? double.NaN, out _)
        ? null
        : DispatchProblems.BadField(field, FormattableString.Invariant($"{lon},{lat}"), "lon −180…180, lat −90…90");

    /// <summary>1 to 4.</summary>
    public static Problem? Priority(int? value) => value is >= 1 and <= 4
        ? null
        : DispatchProblems.BadField("priority", value?.ToString(CultureInfo.InvariantCulture), "1 濒危 … 4 非急症 / 1 to 4");

    [GeneratedRegex("^[0-9+*# -]{1,32}$", RegexOptions.CultureInvariant, 100)]
    private static partial Regex TelephoneNumber();
}
