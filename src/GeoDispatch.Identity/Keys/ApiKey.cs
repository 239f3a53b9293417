using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace GeoDispatch.Identity.Keys;

/// <summary>
/// A key as a program sends it: <c>gd_</c>, 32 hexadecimal digits of its id, <c>_</c>, 43 characters (256 bits, base64url) of secret.
/// The beginning never changes, so that a scanner of source code finds one that leaked.
/// </summary>
internal readonly partial record struct ApiKey(Guid Id, string Secret)
{
    internal const string Prefix = "gd_";
    internal const string Header = "X-API-Key";
    private const string Bearer = "Bearer ";
    private const int Length = 3 + 32 + 1 + 43;

    /// <summary>A new one, whose secret nobody can guess.</summary>
    internal static ApiKey Create() => new(Guid.NewGuid(), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    /// <summary>All that is kept of the secret. It is random, so that a slow hash would add nothing but load.</summary>
    internal byte[] Hash() => SHA256.HashData(Encoding.ASCII.GetBytes(Secret));

    /// <summary>The whole key: to be shown once and written down nowhere.</summary>
    internal string Reveal() => $"{Prefix}{Id:N}_{Secret}";

    internal static bool TryParse(string? text, out ApiKey key)
    {
        if (text?.Length == Length && Form().IsMatch(text))
        {
            key = new ApiKey(Guid.ParseExact(text.AsSpan(Prefix.Length, 32), "N"), text[^43..]);
            return true;
        }

        key = default;
        return false;
    }

    /// <summary>
    /// What was sent as a key, well formed or not; null where none was. A bearer credential that does not begin as a key does is a
    /// device's, and none of our business.
    /// </summary>
    internal static string? FindIn(HttpRequest request)
    {
        if (request.Headers.TryGetValue(Header, out var given))
        {
            return given.ToString();
        }

        string? header = request.Headers.Authorization;
        return header?.StartsWith(Bearer + Prefix, StringComparison.OrdinalIgnoreCase) == true ? header[Bearer.Length..].Trim() : null;
    }

    /// <summary>True where a key, or what was meant as one, stands in the path or the query, percent-encoded or not.</summary>
    /// <param name="target">The request's target as it came in.</param>
    internal static bool IsInUrl(string target) =>
        target.Length > Prefix.Length + 32 && Beginning().IsMatch(target.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(target) : target);

    // The record's own would print the secret into whatever log it meets.
    public override string ToString() => $"{Prefix}{Id:N}_…";

    [GeneratedRegex("^gd_[0-9a-f]{32}_[A-Za-z0-9_-]{43}$", RegexOptions.NonBacktracking)]
    private static partial Regex Form();

    [GeneratedRegex("gd_[0-9a-f]{32}_", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Beginning();
}

/// <summary>What a key may be opened for. Each is a group of routes; a route that names none is closed to keys.</summary>
public static class Scopes
{
    /// <summary>The unified map: tiles, styles, features, the city.</summary>
    public const string Map = "map";

    /// <summary>Search for addresses, streets and places.</summary>
    public const string Places = "places";

    /// <summary>Routes and travel times.</summary>
    public const string Roads = "roads";

    /// <summary>Closures and slow-downs of streets: to draw, change and lift them.</summary>
    public const string Closures = "closures";

    /// <summary>Vehicles as they move.</summary>
    public const string Positions = "positions";

    /// <summary>The dispatch board, read: incidents in short, units, recommendations, hospitals.</summary>
    public const string Board = "board";

    /// <summary>Incidents in full, with personal data, and the commands on them.</summary>
    public const string Incidents = "incidents";

    /// <summary>The telephone exchange's own: it tells of calls, and reads nothing.</summary>
    public const string Telephony = "telephony";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Map, Places, Roads, Closures, Positions, Board, Incidents, Telephony];
}
