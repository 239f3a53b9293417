using System.Globalization;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Http;

namespace GeoDispatch.Dispatch.Codes;

/// <summary>
/// What who writes a row has seen of it, by the headers of RFC 9110, 13.1: <c>If-Match: "3"</c> its version, <c>If-None-Match: *</c> that there is
/// none. Without a header he does not mind. A row that already says what he wants is not written, and so never refused: sending again is harmless.
/// </summary>
internal static class Seen
{
    /// <summary>Why the row is not as it was seen; null where it is.</summary>
    /// <param name="before">Its version before this writing, from 1; 0 where there was none.</param>
    /// <param name="kind">Begins the code: <c>type</c> gives <c>type.stale</c> and <c>type.exists</c>.</param>
    /// <param name="field">That names the row, with its value.</param>
    internal static Problem? Refuses(HttpContext http, int before, string kind, string field, string value)
    {
        if (http.Request.Headers.IfNoneMatch == "*" && before > 0)
        {
            return new Problem(412, $"{kind}.exists", "已经有了 / Already there", "换一个,或修改原有的 / Choose another, or change that one", field, value);
        }

        string? given = http.Request.Headers.IfMatch is [{ } tag] ? tag : null;
        bool fits = given is null || (before > 0 && (given == "*" || given.Trim('"') == before.ToString(CultureInfo.InvariantCulture)));
        return fits ? null : new Problem(
            412, $"{kind}.stale", "已被他人修改 / Changed by somebody else",
            before == 0 ? "已不在,重新读取 / It is no longer there: read again" : $"当前版本 {before},重新读取后再改 / It is at version {before} now: read it again",
            "If-Match", given);
    }

    /// <summary>Says by <c>ETag</c> which version the answer is.</summary>
    internal static void Tag(HttpContext http, int version) => http.Response.Headers.ETag = FormattableString.Invariant($"\"{version}\"");
}
