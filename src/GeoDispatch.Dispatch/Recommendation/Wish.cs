using GeoDispatch.Dispatch.Codes;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;

namespace GeoDispatch.Dispatch.Recommendation;

/// <summary>Who is looked for, and for what: as asked, checked and bounded.</summary>
/// <param name="Type">Of the incident; null where it is not known yet.</param>
/// <param name="Priority">1 to 4; null where it is not known yet: then nobody is diverted.</param>
/// <param name="IncidentId">The incident that they are looked for, once there is one; its own units are never proposed to be diverted to it.</param>
/// <param name="Agencies">Whose units; empty for the agencies that the type asks for.</param>
/// <param name="Capabilities">What each of them has to have, all of it.</param>
/// <param name="Districts">Of whose stations; empty for the whole city.</param>
/// <param name="Limit">How many of each agency, 1 to <see cref="MostUnits"/>.</param>
internal sealed record Wish(
    LonLat Place, string? Type, int? Priority, Guid? IncidentId, IReadOnlyList<string> Agencies, IReadOnlyList<string> Capabilities,
    IReadOnlyList<string> Districts, int Limit)
{
    internal const int MostUnits = 50;

    /// <summary>What the triage of its calls asks of the incident's units, and what of it is missing; null where nothing was asked.</summary>
    internal Wanted? Wanted { get; init; }

    /// <summary>No emergency: it takes no unit that an area needs.</summary>
    internal bool IsTransfer => Type == FixedCodes.Transfer || Wanted is { IsTransfer: true };

    private const int MostWords = 20, LongestWord = 40;

    /// <summary>As it comes over the wire.</summary>
    internal sealed record Request(
        double? Lon, double? Lat, string? Type, int? Priority, Guid? IncidentId, IReadOnlyList<string>? Agencies, IReadOnlyList<string>? Capabilities,
        IReadOnlyList<string>? Districts, int? Limit);

    /// <summary>The wish, or the first thing that is wrong with it. Codes of types, agencies and capabilities are looked up by the caller.</summary>
    internal static (Wish? Wish, Problem? Problem) Read(Request request)
    {
        if (!LonLat.TryCreate(request.Lon ?? double.NaN, request.Lat ?? double.NaN, out LonLat place))
        {
            return (null, DispatchProblems.BadField("lon", FormattableString.Invariant($"{request.Lon},{request.Lat}"), "lon −180…180 与 lat −90…90 / both are needed"));
        }

        int limit = request.Limit ?? 10;
        Problem? wrong = limit is < 1 or > MostUnits
            ? DispatchProblems.BadField("limit", FormattableString.Invariant($"{limit}"), $"1…{MostUnits}")
            : request.Priority is { } priority ? Fields.Priority(priority) : null;
        wrong ??= Words("agencies", request.Agencies) ?? Words("capabilities", request.Capabilities) ?? Words("districts", request.Districts);
        return wrong is not null ? (null, wrong) : (new Wish(
            place, request.Type, request.Priority, request.IncidentId, request.Agencies ?? [], request.Capabilities ?? [], request.Districts ?? [], limit), null);
    }

    private static Problem? Words(string field, IReadOnlyList<string>? words) =>
        words is null || (words.Count <= MostWords && words.All(static word => word is { Length: > 0 and <= LongestWord }))
            ? null
            : DispatchProblems.BadField(
                field, null, $"至多 {MostWords} 项,每项 1 至 {LongestWord} 字 / at most {MostWords}, each of 1 to {LongestWord} characters");
}
