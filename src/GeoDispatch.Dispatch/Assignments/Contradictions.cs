using System.Globalization;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Recommendation;
using GeoDispatch.Dispatch.Units;
using GeoDispatch.Spatial;
using static GeoDispatch.Dispatch.Incidents.AssignmentStatus;

namespace GeoDispatch.Dispatch.Assignments;

/// <summary>What a unit says and what its position says, where they do not fit. A question to be asked, not an answer.</summary>
/// <param name="Code"><c>farFromScene</c>, <c>farFromDestination</c>, <c>otherHospital</c>, <c>notMoving</c>, <c>positionOld</c>.</param>
internal sealed record Contradiction(string Code, Reason Reason);

/// <summary>Compares status and position. Pure; the limits are ours, to be tuned on site.</summary>
internal static class Contradictions
{
    /// <summary>Further than any car park or gate.</summary>
    private const double FarMeters = 500;

    /// <summary>120 km/h: so far it may have come between its last position and the milestone.</summary>
    private const double FastestMetersPerSecond = 33;

    private static readonly TimeSpan StillTooLong = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan PositionHolds = TimeSpan.FromMinutes(2);

    /// <summary>Longer than a red light at another hospital's gate.</summary>
    private static readonly TimeSpan StopsThere = TimeSpan.FromMinutes(2);

    /// <summary>Null where nothing speaks against the status, or nothing is known.</summary>
    /// <param name="state">What was seen of the vehicle since the order; null where nothing was.</param>
    /// <param name="heard">When it last told where it is, also before the order; null where it never did.</param>
    /// <param name="hospitals">Where somebody may be brought to.</param>
    internal static Contradiction? Find(
        WatchedWork work, ProgressState? state, DateTimeOffset? heard, IReadOnlyList<Destination> hospitals, DateTimeOffset now)
    {
        if (now - heard is not { } age)
        {
            return null;
        }

        if (age > PositionHolds)
        {
            return work.Status is EnRoute or LeftScene && (state is not null || now - work.Since > PositionHolds)
                ? new Contradiction("positionOld", new Reason($"途中,定位已 {Minutes(age)} 分钟未更新", $"under way, position {Minutes(age)} min old"))
                : null;
        }

        if (state is null)
        {
            return null;
        }

        if (OtherHospital(work, state, hospitals, now) is (var said, var found))
        {
            return new Contradiction("otherHospital", new Reason($"报往{said.Name},停在{found.Name}", $"says to {said.NameEn}, stands at {found.NameEn}"));
        }

        return work.Status switch
        {
            OnScene or AtPatient when Far(state, work, work.Scene) is { } km =>
                new Contradiction("farFromScene", new Reason($"报到达现场,实距 {km} 公里", $"says on scene, is {km} km away")),
            AtDestination when work.Destination is { } place && Far(state, work, place) is { } km =>
                new Contradiction("farFromDestination", new Reason($"报送达医院,实距 {km} 公里", $"says at destination, is {km} km away")),
            EnRoute or LeftScene when state.Still >= StillTooLong && now - work.Since >= StillTooLong && !Near(state, work) =>
                new Contradiction("notMoving", new Reason($"途中,已 {Minutes(state.Still)} 分钟未移动", $"says under way, has not moved for {Minutes(state.Still)} min")),
            _ => null,
        };
    }

    /// <summary>The hospital that was said and the one where the vehicle stands, where these are two; who begins at one is not there yet.</summary>
    private static (Destination Said, Destination Found)? OtherHospital(
        WatchedWork work, ProgressState state, IReadOnlyList<Destination> hospitals, DateTimeOffset now)
    {
        // Seen before it said that it is there, it may just have passed.
        bool stands = (work.Status == AtDestination && state.Last.Time >= work.Since) || (work.Status == LeftScene && state.Still >= StopsThere && now - work.Since >= StopsThere);
        if (!stands || hospitals.FirstOrDefault(place => place.Id == work.DestinationId) is not { } said || IsAt(said, state.Last.At))
        {
            return null;
        }

        return hospitals.FirstOrDefault(place => IsAt(place, state.Last.At) && !IsAt(place, work.Scene)) is { } found ? (said, found) : null;
    }

    private static bool IsAt(Destination place, LonLat at) => Geodesy.DistanceMeters(new LonLat(place.Lon, place.Lat), at) <= Progress.PlaceMeters;

    private static bool Near(ProgressState state, WatchedWork work) =>
        (work.Status == EnRoute ? work.Scene : work.Destination) is { } place && Geodesy.DistanceMeters(state.Last.At, place) <= Progress.PlaceMeters;

    private static string? Far(ProgressState state, WatchedWork work, LonLat place)
    {
        double meters = Geodesy.DistanceMeters(state.Last.At, place), driven = Math.Max(0, (work.Since - state.Last.Time).TotalSeconds) * FastestMetersPerSecond;
        return meters > FarMeters + driven ? (meters / 1000).ToString("0.0", CultureInfo.InvariantCulture) : null;
    }

    private static string Minutes(TimeSpan span) => Math.Floor(span.TotalMinutes).ToString("0", CultureInfo.InvariantCulture);
}
