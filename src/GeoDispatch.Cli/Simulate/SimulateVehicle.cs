using GeoDispatch.Spatial;

namespace GeoDispatch.Cli.Simulate;

/// <summary>Where a vehicle is and how it moves, at one moment.</summary>
/// <param name="SpeedKmh">Of the route; what makes the simulation faster than life does not show on the speedometer.</param>
internal readonly record struct VehiclePlace(LonLat At, double SpeedKmh, double HeadingDegrees);

/// <summary>A vehicle that stands, or drives along a line at the even speed of its route. Safe from any thread.</summary>
internal sealed class SimulateVehicle(SimulateContext context, LonLat start)
{
    private volatile Drive current = new([start], [0], 0, 0);

    /// <param name="Line">At least one point.</param>
    /// <param name="MetersAt">Metres from the first point to each, along the line.</param>
    /// <param name="MetersPerSecond">Of the route; 0 where the vehicle stands.</param>
    /// <param name="BeganAt">Timestamp of real time.</param>
    private sealed record Drive(LonLat[] Line, double[] MetersAt, double MetersPerSecond, long BeganAt);

    /// <summary>At the end of its line.</summary>
    internal bool HasArrived => Driven(current) >= current.MetersAt[^1];

    internal VehiclePlace Now
    {
        get
        {
            Drive drive = current;
            double driven = Driven(drive);
            int last = drive.Line.Length - 1;
            int next = Math.Min(Array.FindIndex(drive.MetersAt, meters => meters > driven), last);
            if (next < 0)
            {
                double heading = last == 0 ? 0 : Geodesy.BearingDegrees(drive.Line[last - 1], drive.Line[last]);
                return new VehiclePlace(drive.Line[last], 0, heading);
            }

            (LonLat from, LonLat to) = (drive.Line[next - 1], drive.Line[next]);
            double fraction = (driven - drive.MetersAt[next - 1]) / (drive.MetersAt[next] - drive.MetersAt[next - 1]);
            return new VehiclePlace(
                Geodesy.Between(from, to, fraction), drive.MetersPerSecond * 3.6, Geodesy.BearingDegrees(from, to));
        }
    }

    /// <summary>Stops where it is.</summary>
    internal void Stand() => current = new Drive([Now.At], [0], 0, 0);

    /// <summary>Sets out along a line.</summary>
    /// <param name="line">Its points, in order.</param>
    /// <param name="seconds">How long the whole line takes by the server's clock at a pace of 1.</param>
    internal void Follow(IReadOnlyList<LonLat> line, double seconds)
    {
        LonLat[] points = line.Count > 0 ? [.. line] : [Now.At];
        double[] metersAt = new double[points.Length];
        for (int index = 1; index < points.Length; index++)
        {
            metersAt[index] = metersAt[index - 1] + Geodesy.DistanceMeters(points[index - 1], points[index]);
        }

        double metersPerSecond = metersAt[^1] / Math.Max(seconds, 1);
        current = new Drive(points, metersAt, metersPerSecond, context.Clock.Time.GetTimestamp());
    }

    private double Driven(Drive drive) => drive.MetersPerSecond == 0
        ? drive.MetersAt[^1]
        : Math.Min(
            drive.MetersAt[^1],
            context.Clock.Time.GetElapsedTime(drive.BeganAt).TotalSeconds * context.Clock.Speed * context.Pace * drive.MetersPerSecond);
}
