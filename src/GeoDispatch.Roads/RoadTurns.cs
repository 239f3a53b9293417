using GeoDispatch.Spatial;

namespace GeoDispatch.Roads;

/// <summary>How the arc that is entered lies to the arc that was left.</summary>
public enum TurnKind
{
    /// <summary>Within 40° of the direction.</summary>
    Straight,

    /// <summary>To the right, which is the near side: traffic keeps to the right.</summary>
    Right,

    /// <summary>To the left, across the traffic that comes.</summary>
    Left,

    /// <summary>Back: into the same street again, or within 10° of it.</summary>
    Back,
}

/// <summary>
/// Seconds that a turn takes beyond driving through, 0 or more. Where only two streets meet there is a bend and no turn, but turning
/// back costs everywhere, at the end of a dead end too.
/// </summary>
/// <param name="Straight">Going straight on: 0 by default, for the speeds of a class already count its crossings.</param>
/// <param name="Right">To the near side.</param>
/// <param name="Left">Across the oncoming traffic.</param>
/// <param name="Back">Turning round.</param>
public sealed record TurnCosts(double Straight, double Right, double Left, double Back)
{
    /// <summary>Every turn is free.</summary>
    public static TurnCosts None { get; } = new(0, 0, 0, 0);

    /// <summary>
    /// Ours, to be measured with the city's own vehicles. Their order is that of OSRM's car profile, which has 20 s for a U-turn and a
    /// sharp turn cost 7.5 s, left dearer than right; who has right of way by lights and sirens waits less, a long vehicle swings wider.
    /// </summary>
    public static TurnCosts Of(RoadProfile profile) => profile switch
    {
        RoadProfile.Emergency => new(0, 2, 3, 15),
        RoadProfile.Large => new(0, 4, 5, 40),
        _ => new(0, 3, 7, 20),
    };

    /// <summary>The costs by the difference of two bearings in 256ths of a circle, clockwise.</summary>
    internal double[] ByDifference() => [.. Enumerable.Range(0, 256).Select(difference => RoadTurns.KindOf((byte)difference) switch
    {
        TurnKind.Straight => Straight,
        TurnKind.Right => Right,
        TurnKind.Left => Left,
        _ => Back,
    })];
}

/// <summary>Turns by the bearings of the streets at the crossing, in 256ths of a circle: fine enough, and one byte.</summary>
internal static class RoadTurns
{
    // 28/256 of a circle is 39.4°, 121/256 is 170.2°.
    private const int MostStraight = 28, LeastBack = 121;

    /// <summary>The kind of turn by how much further clockwise the street that is entered leads.</summary>
    internal static TurnKind KindOf(byte difference) => (sbyte)difference switch
    {
        >= -MostStraight and <= MostStraight => TurnKind.Straight,
        <= -LeastBack or >= LeastBack => TurnKind.Back,
        > 0 => TurnKind.Right,
        _ => TurnKind.Left,
    };

    /// <summary>The bearing in which a line leaves its first point; 0 where all points are one.</summary>
    internal static byte Leaving(LonLat[] line)
    {
        int next = Array.FindIndex(line, point => point != line[0]);
        return next < 0 ? (byte)0 : Of(line[0], line[next]);
    }

    /// <summary>The bearing in which a line comes to its last point; 0 where all points are one.</summary>
    internal static byte Arriving(LonLat[] line)
    {
        int before = Array.FindLastIndex(line, point => point != line[^1]);
        return before < 0 ? (byte)0 : Of(line[before], line[^1]);
    }

    private static byte Of(LonLat from, LonLat to) => (byte)((int)Math.Floor(Geodesy.BearingDegrees(from, to) * 256 / 360 + 0.5) & 255);
}
