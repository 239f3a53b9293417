using System.Globalization;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Recommendation;
using GeoDispatch.Spatial;
using static GeoDispatch.Dispatch.Incidents.AssignmentStatus;

namespace GeoDispatch.Dispatch.Assignments;

/// <summary>What a unit says and what its position says, where they do not fit. A question to be asked, not an answer.</summary>
/// <param name="Code"><c>farFromScene</c>, <c>farFromDestination</c>, <c>notMoving</c>, <c>positionOld</c>.</param>
internal sealed record Contradiction(string Code, Reason Reason);

/// <summary>Compares status and position. Pure; the limits are ours, to be tuned on site.</summary>
internal static class Contradictions
{
    /// <summary>Further than any car park or gate.</summary>
    private const double FarMeters = 500;

    private static readonly TimeSpan StillTooLong = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan PositionHolds = TimeSpan.FromMinutes(2);

    /// <summary>Null where nothing speaks against the status, or nothing is known.</summary>
    internal static Contradiction? Find(WatchedWork work, ProgressState? state, DateTimeOffset now)
    {
        if (state is null)
        {
            return null;
        }

        TimeSpan age = now - state.Last.Time;
        if (age > PositionHolds)
        {
            return work.Status is EnRoute or LeftScene
                ? new Contradiction("positionOld", new Reason($"途中,定位已 {Minutes(age)} 分钟未更新", $"under way, position {Minutes(age)} min old"))
                : null;
        }

        return work.Status switch
        {
            OnScene or AtPatient when Far(state, work.Scene) is { } km =>
                new Contradiction("farFromScene", new Reason($"报到达现场,实距 {km} 公里", $"says on scene, is {km} km away")),
            AtDestination when work.Destination is { } place && Far(state, place) is { } km =>
                new Contradiction("farFromDestination", new Reason($"报送达医院,实距 {km} 公里", $"says at destination, is {km} km away")),
            EnRoute or LeftScene when state.Still >= StillTooLong && now - work.Since >= StillTooLong && !Near(state, work) =>
                new Contradiction("notMoving", new Reason($"途中,已 {Minutes(state.Still)} 分钟未移动", $"says under way, has not moved for {Minutes(state.Still)} min")),
            _ => null,
        };
    }

    private static bool Near(ProgressState state, WatchedWork work) =>
        (work.Status == EnRoute ? work.Scene : work.Destination) is { } place && Geodesy.DistanceMeters(state.Last.At, place) <= Progress.PlaceMeters;

    private static string? Far(ProgressState state, LonLat place) =>
        Geodesy.DistanceMeters(state.Last.At, place) is > FarMeters and var meters ? (meters / 1000).ToString("0.0", CultureInfo.InvariantCulture) : null;

    private static string Minutes(TimeSpan span) => Math.Floor(span.TotalMinutes).ToString("0", CultureInfo.InvariantCulture);
}
