using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace GeoDispatch.Dispatch.Recommendation;

/// <summary>
/// <c>GET /api/cover?agency=</c>: where a call would wait too long now. GeoJSON (RFC 7946) of the squares of the map, about 1 km wide, most of whose addresses
/// no free unit of the agency (120 where none is named) reaches within the target; and how many addresses that are in all. The same picture keeps its
/// <c>ETag</c>.
/// </summary>
internal static class ReadCover
{
    internal static void Map(IEndpointRouteBuilder group) => group.MapGet("/cover", HandleAsync)
        .Produces<CoverView>(contentType: "application/geo+json").Produces(StatusCodes.Status304NotModified)
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> HandleAsync(HttpContext http, CoverMaps maps, RuleReader rules, CancellationToken cancellation, string agency = "ems")
    {
        RecommendationRules known = await rules.GetAsync(cancellation);
        if (!known.Agencies.Contains(agency))
        {
            return DispatchProblems.BadField("agency", agency, string.Join(" | ", known.Agencies)).ToResult();
        }

        if (await maps.ReadAsync(agency, known, cancellation) is not var (content, tag))
        {
            http.Response.Headers.RetryAfter = "5";
            return new Problem(
                StatusCodes.Status503ServiceUnavailable, "cover.not_ready", "覆盖尚未算出 / Cover is not worked out yet",
                "路网刚更新或刚启动,几秒后再读 / The streets changed or the server has just started: read it again in some seconds").ToResult();
        }

        http.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Bytes(content, "application/geo+json", entityTag: new EntityTagHeaderValue(tag));
    }
}

/// <summary>The cover of one agency, as GeoJSON with members of our own.</summary>
/// <param name="ComputedAt">Since when it is as it is: the same picture keeps its time.</param>
/// <param name="Units">How many are free.</param>
/// <param name="Addresses">All of the city: those within the target, those within half as much again, and those beyond that or that no street leads to.</param>
internal sealed record CoverView(
    string Type, string Agency, DateTimeOffset ComputedAt, int TargetMinutes, int NearMinutes, int Units, int Addresses, int Within, int Near, int Beyond,
    IReadOnlyList<CoverView.Feature> Features)
{
    /// <summary>A square most of whose addresses are not reached in time.</summary>
    internal sealed record Feature(string Type, string Id, Polygon Geometry, Counts Properties);

    /// <param name="Coordinates">WGS 84, 6 decimals.</param>
    internal sealed record Polygon(string Type, double[][][] Coordinates);

    /// <param name="Level"><c>near</c> or <c>beyond</c>: what is true of at least half of the addresses.</param>
    internal sealed record Counts(string Level, int Addresses, int Within, int Near, int Beyond);

    internal static CoverView Of(string agency, int units, IReadOnlyList<CoverSquare> squares, DateTimeOffset at)
    {
        (int addresses, int within, int near) = (squares.Sum(static one => one.Addresses), squares.Sum(static one => one.Within), squares.Sum(static one => one.Near));
        return new CoverView(
            "FeatureCollection", agency, at, CoverKeeper.TargetMinutes, CoverKeeper.NearMinutes, units, addresses, within, near, addresses - within - near,
            [.. squares.Where(static one => one.Level != "within").Select(FeatureOf)]);
    }

    private static Feature FeatureOf(CoverSquare one)
    {
        (double west, double south, double east, double north) = one.Square.Bounds;
        return new Feature(
            "Feature", string.Create(CultureInfo.InvariantCulture, $"15/{one.Square.Column}/{one.Square.Row}"),
            new Polygon("Polygon", [[At(west, south), At(east, south), At(east, north), At(west, north), At(west, south)]]),
            new Counts(one.Level, one.Addresses, one.Within, one.Near, one.Addresses - one.Within - one.Near));
    }

    private static double[] At(double lon, double lat) => [Math.Round(lon, 6), Math.Round(lat, 6)];
}

/// <summary>Makes the maps of cover, and remembers of each agency since when it is as it is.</summary>
internal sealed class CoverMaps(UnitReader units, CoverKeeper cover, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, (string Tag, DateTimeOffset Since)> last = new(StringComparer.Ordinal);

    /// <summary>The map as JSON, and its tag; null where it is not worked out yet.</summary>
    internal async Task<(byte[] Content, string Tag)?> ReadAsync(string agency, RecommendationRules rules, CancellationToken cancellation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        Candidate[] free = Sifting.Free(await units.ListAsync([agency], cancellation), agency, rules, now);
        if (await cover.MapAsync([.. free.Select(static unit => (unit.Unit.Id, unit.At))], cancellation) is not { } squares)
        {
            return null;
        }

        CoverView view = CoverView.Of(agency, free.Length, squares, default);
        string tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(view, JsonSerializerOptions.Web)).AsSpan(0, 12))}\"";
        (_, DateTimeOffset since) = last.AddOrUpdate(agency, (tag, now), (_, known) => known.Tag == tag ? known : (tag, now));
        return (JsonSerializer.SerializeToUtf8Bytes(view with { ComputedAt = since }, JsonSerializerOptions.Web), tag);
    }
}
