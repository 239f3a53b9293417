using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Spatial;
using static GeoDispatch.Dispatch.Incidents.AssignmentStatus;

namespace GeoDispatch.Dispatch.Assignments;

/// <summary>Where a unit's vehicle was at a moment.</summary>
internal readonly record struct Sighting(LonLat At, DateTimeOffset Time);

/// <summary>Work that is watched, and the places that matter to it.</summary>
/// <param name="Since">When it reached the status.</param>
/// <param name="Destination">Where the one is that was chosen; null until then, as with <paramref name="DestinationId"/>.</param>
internal sealed record WatchedWork(
    AssignmentStatus Status, DateTimeOffset Since, LonLat Scene, LonLat? Destination, LonLat Station, Guid? DestinationId = null);

/// <summary>A milestone that the positions speak for.</summary>
internal sealed record ProposedMilestone(AssignmentStatus Milestone, DateTimeOffset At);

/// <summary>What is remembered of a unit from sighting to sighting.</summary>
/// <param name="Status">The status in which <paramref name="Origin"/> was seen.</param>
/// <param name="Origin">Where it was seen first in this status.</param>
/// <param name="Stop">Where it last began to stay within <see cref="Progress.StillMeters"/>.</param>
/// <param name="Last">The newest sighting.</param>
internal sealed record ProgressState(AssignmentStatus Status, Sighting Origin, Sighting Stop, Sighting Last)
{
    internal TimeSpan Still => Last.Time - Stop.Time;
}

/// <summary>Finds in a unit's positions what it has reached. Pure; the distances and times are ours, to be tuned on site.</summary>
internal static class Progress
{
    /// <summary>Who stays within this is not moving: positions waver by some metres.</summary>
    internal const double StillMeters = 30;

    internal const double SceneMeters = 100;
    internal const double PlaceMeters = 150;

    /// <summary>Shorter is a traffic light.</summary>
    private static readonly TimeSpan Stopped = TimeSpan.FromSeconds(20);

    /// <summary>What is remembered after one more sighting, which is newer than the last.</summary>
    internal static ProgressState Follow(ProgressState? before, AssignmentStatus status, Sighting seen)
    {
        Sighting stop = before is { } known && Geodesy.DistanceMeters(known.Stop.At, seen.At) <= StillMeters ? known.Stop : seen;
        return new ProgressState(status, before is { } same && same.Status == status ? same.Origin : seen, stop, seen);
    }

    /// <summary>The milestone that may be recorded next and that the positions speak for; null where they do not.</summary>
    internal static ProposedMilestone? Propose(ProgressState state, WatchedWork work) => work.Status switch
    {
        Notified or Acknowledged when HasLeft(state) => new ProposedMilestone(EnRoute, state.Last.Time),
        AssignmentStatus.EnRoute when StandsAt(state, work.Scene, SceneMeters) => Arrived(OnScene, state, work),
        LeftScene when work.Destination is { } destination && StandsAt(state, destination, PlaceMeters) => Arrived(AtDestination, state, work),
        HandedOver when HasLeft(state) => new ProposedMilestone(Available, state.Last.Time),
        Available when StandsAt(state, work.Station, PlaceMeters) => Arrived(BackAtStation, state, work),
        _ => null,
    };

    private static bool HasLeft(ProgressState state) => Geodesy.DistanceMeters(state.Origin.At, state.Last.At) > PlaceMeters;

    private static bool StandsAt(ProgressState state, LonLat place, double meters) =>
        state.Still >= Stopped && Geodesy.DistanceMeters(state.Last.At, place) <= meters;

    /// <summary>When it stopped, but not before the milestone that it follows.</summary>
    private static ProposedMilestone Arrived(AssignmentStatus milestone, ProgressState state, WatchedWork work) =>
        new(milestone, state.Stop.Time > work.Since ? state.Stop.Time : work.Since);
}
