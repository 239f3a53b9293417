using GeoDispatch.Spatial;

namespace GeoDispatch.Roads.Matching;

/// <summary>One measurement of a vehicle's place.</summary>
/// <param name="Time">When it was measured.</param>
/// <param name="At">Where, WGS84.</param>
/// <param name="HeadingDegrees">Where the vehicle was heading, clockwise from north; null where not known or where it stood.</param>
public readonly record struct TracePoint(DateTimeOffset Time, LonLat At, double? HeadingDegrees = null);

/// <summary>Why a point is not connected with the one before it.</summary>
public enum MatchBreak
{
    /// <summary>Too long a time lies between: nothing is known of the way.</summary>
    Gap,

    /// <summary>The vehicle was meanwhile where no street is.</summary>
    OffRoad,

    /// <summary>No street leads from the one to the other in that time.</summary>
    NoWay,
}

/// <summary>Where on the network a vehicle was when a point was measured.</summary>
/// <param name="Position">Null where the point is off every street, cannot be, or is not after the one before it.</param>
/// <param name="Break">Set on the first point after a break; never on the first of all.</param>
public readonly record struct MatchedPoint(RoadPosition? Position, MatchBreak? Break = null);

/// <summary>A drive over an arc or a part of it.</summary>
/// <param name="Arc">2·edge along the geometry, 2·edge+1 against it.</param>
/// <param name="Begin">Where it begins, 0 to 1 in the direction of travel.</param>
/// <param name="End">Where it ends, not less than <paramref name="Begin"/>.</param>
/// <param name="Enter">Between two fixes by the distance driven: a vehicle stands where it was last seen standing.</param>
/// <param name="Leave">Not before <paramref name="Enter"/>; a wait at the arc's end belongs to it.</param>
/// <param name="Follows">True where it goes on from the pass before it.</param>
public readonly record struct RoadPass(int Arc, double Begin, double End, DateTimeOffset Enter, DateTimeOffset Leave, bool Follows)
{
    /// <summary>True where the whole arc was driven, so that its time says something of it.</summary>
    public bool IsWhole => Begin <= 0 && End >= 1;
}

/// <summary>A trace on the network, or the next piece of one.</summary>
/// <param name="Points">One for each point that was given, in their order.</param>
/// <param name="Passes">What was driven, in the order of time.</param>
public sealed record TraceMatch(IReadOnlyList<MatchedPoint> Points, IReadOnlyList<RoadPass> Passes);
