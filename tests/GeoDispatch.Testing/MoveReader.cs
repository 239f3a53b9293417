using GeoDispatch.Tracking.Live;

namespace GeoDispatch.Testing;

/// <summary>The other end of <see cref="Moves"/>: what one connection knows of each vehicle.</summary>
public sealed class MoveReader
{
    private readonly Dictionary<int, long[]> told = [];
    private readonly Dictionary<int, IntroducedVehicle> vehicles = [];
    private readonly HashSet<int> inside = [];

    /// <summary>Those in the viewport now.</summary>
    public IEnumerable<VehiclePosition> Inside => inside.Select(Position);

    /// <summary>Gives the vehicles of this message, as they are now.</summary>
    public VehiclePosition[] Read(Moves moves)
    {
        ArgumentNullException.ThrowIfNull(moves);
        if (moves.IsSnapshot)
        {
            inside.Clear();
        }

        foreach (IntroducedVehicle vehicle in moves.Introduced)
        {
            vehicles[vehicle.Number] = vehicle;
            told[vehicle.Number] = new long[Moves.RowLength - 1];
        }

        var read = new List<VehiclePosition>(moves.Rows.Length / Moves.RowLength);
        int number = 0;
        foreach (long[] row in moves.Rows.Chunk(Moves.RowLength))
        {
            number += (int)row[0];
            long[] known = told[number];
            for (int column = 1; column < row.Length; column++)
            {
                known[column - 1] += row[column];
            }

            inside.Add(number);
            read.Add(Position(number));
        }

        inside.ExceptWith(moves.Left);
        return [.. read];
    }

    private VehiclePosition Position(int number)
    {
        (IntroducedVehicle vehicle, long[] known) = (vehicles[number], told[number]);
        return new VehiclePosition(
            vehicle.VehicleId, vehicle.Plate, vehicle.Kind, known[0] / 1e6, known[1] / 1e6, known[2] < 0 ? null : known[2], known[3] < 0 ? null : known[3],
            DateTimeOffset.FromUnixTimeMilliseconds(known[4] * 100));
    }
}
