using System.Globalization;
using System.Security.Claims;
using GeoDispatch.Identity.Quotas;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;

namespace GeoDispatch.Roads;

/// <param name="Lon">−180 to 180 degrees.</param>
/// <param name="Lat">−90 to 90 degrees.</param>
internal sealed record RoadPoint(double? Lon, double? Lat);

/// <summary>Of a large vehicle; what is left out is as <see cref="VehicleSize.Large"/>.</summary>
/// <param name="HeightMeters">1 to 10.</param>
/// <param name="WeightTonnes">1 to 100.</param>
/// <param name="WidthMeters">1 to 5.</param>
internal sealed record RoadVehicle(double? HeightMeters, double? WeightTonnes, double? WidthMeters);

/// <summary>What the questions about roads have in common: which profile asks, and where on the streets points are.</summary>
internal static class RoadQuestions
{
    /// <summary>
    /// The streets for <c>emergency</c>, <c>normal</c> or <c>large</c>. Where nothing is said it is emergency for the people of the control
    /// room and crews, and normal for departments and programs.
    /// </summary>
    internal static async Task<(RoadNetwork? Network, Problem? Problem)> OpenAsync(
        Streets streets, ClaimsPrincipal asker, string? profile, RoadVehicle? vehicle, CancellationToken cancellation)
    {
        RoadProfile? wanted = profile switch
        {
            null => asker.IsDesk() ? RoadProfile.Emergency : RoadProfile.Normal,
            "emergency" => RoadProfile.Emergency,
            "normal" => RoadProfile.Normal,
            "large" => RoadProfile.Large,
            _ => null,
        };
        if (wanted is not { } known)
        {
            return (null, Bad("profile", profile, "emergency, normal, large"));
        }

        if (vehicle is null)
        {
            return (await streets.GetAsync(known, cancellation), null);
        }

        var size = new VehicleSize(
            vehicle.HeightMeters ?? VehicleSize.Large.HeightMeters, vehicle.WeightTonnes ?? VehicleSize.Large.WeightTonnes, vehicle.WidthMeters ?? VehicleSize.Large.WidthMeters);
        Problem? problem = known != RoadProfile.Large ? Bad("vehicle", profile, "仅用于 profile large / only with profile large")
            : size.HeightMeters is not (>= 1 and <= 10) ? Bad("vehicle.heightMeters", Text(size.HeightMeters), "1…10")
            : size.WeightTonnes is not (>= 1 and <= 100) ? Bad("vehicle.weightTonnes", Text(size.WeightTonnes), "1…100")
            : size.WidthMeters is not (>= 1 and <= 5) ? Bad("vehicle.widthMeters", Text(size.WidthMeters), "1…5")
            : null;
        return problem is null ? (await streets.GetAsync(size, cancellation), null) : (null, problem);
    }

    /// <summary>Points far from every street become null: the times from and to them are not known.</summary>
    internal static (RoadPosition?[] Positions, Problem? Problem) Snap(RoadGraph graph, string field, IEnumerable<RoadPoint?> points)
    {
        var positions = new List<RoadPosition?>();
        foreach (RoadPoint? point in points)
        {
            if (!TryRead(point, out LonLat at))
            {
                return ([], Bad($"{field}[{positions.Count}]", Text(point), "lon −180…180, lat −90…90"));
            }

            positions.Add(graph.Snap(at)?.Position);
        }

        return ([.. positions], null);
    }

    /// <param name="atCurb">True where the place is to be on the right-hand side of whoever comes.</param>
    internal static (RoadPosition? Position, Problem? Problem) SnapOne(RoadGraph graph, string field, RoadPoint? point, bool atCurb = false) =>
        !TryRead(point, out LonLat at)
            ? (null, Bad(field, Text(point), "lon −180…180, lat −90…90"))
            : (atCurb ? graph.SnapAtCurb(at) : graph.Snap(at)) is { } snap
                ? (snap.Position, null)
                : (null, None($"{field} 两公里内没有道路 / No street within 2 km of {field}", field, Text(point)));

    internal static Problem Bad(string field, string? value, string right) =>
        new(400, "roads.bad_question", "问题不对 / Bad question", $"{field}: {right}", field, value);

    internal static Problem None(string detail, string? field, string? value) => new(404, "route.none", "没有路线 / No route", detail, field, value);

    /// <summary>No street leads from one point to the other.</summary>
    internal static Problem NoWay() => None("两点之间没有可行驶的道路 / No street leads from one point to the other", null, null);

    internal static string? Count(int? count) => count?.ToString(CultureInfo.InvariantCulture);

    private static bool TryRead(RoadPoint? point, out LonLat at) => LonLat.TryCreate(point?.Lon ?? double.NaN, point?.Lat ?? double.NaN, out at);

    private static string Text(RoadPoint? point) => string.Create(CultureInfo.InvariantCulture, $"{point?.Lon},{point?.Lat}");

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
