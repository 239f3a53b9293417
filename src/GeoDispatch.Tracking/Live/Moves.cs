using MessagePack;

namespace GeoDispatch.Tracking.Live;

/// <summary>A vehicle that this connection has not been told of yet, or whose plate or kind changed.</summary>
/// <param name="Number">By which <see cref="Moves"/> name it from now on, on this connection.</param>
/// <param name="VehicleId">The vehicle.</param>
/// <param name="Plate">Its number plate.</param>
/// <param name="Kind">Its kind, as registered.</param>
[MessagePackObject]
public sealed record IntroducedVehicle(
    [property: Key(0)] int Number,
    [property: Key(1)] Guid VehicleId,
    [property: Key(2)] string Plate,
    [property: Key(3)] string Kind);

/// <summary>
/// What a console is told at a beat, packed (decision 0020): who a vehicle is comes once, after that its number and what changed. In
/// MessagePack an array of the members in this order, in JSON an object with their names; the numbers are the same.
/// </summary>
/// <param name="IsSnapshot">The viewport is a new one: whoever is not in <paramref name="Rows"/> is not in it.</param>
/// <param name="Introduced">Whose numbers are new. All that was told of such a vehicle before counts as 0.</param>
/// <param name="Rows">
/// Six numbers for each vehicle, each the difference to the one told before: its number (to the row before, the first to 0, ascending),
/// longitude and latitude (millionths of a degree), speed (km/h) and heading (degrees, 0 to 359), both −1 where not measured, and the
/// time of the fix (tenths of a second since 1970, UTC).
/// </param>
/// <param name="Left">Numbers of those in <paramref name="Rows"/> that left the viewport: nothing more is told of them until they are back.</param>
[MessagePackObject]
public sealed record Moves(
    [property: Key(0)] bool IsSnapshot,
    [property: Key(1)] IReadOnlyList<IntroducedVehicle> Introduced,
    [property: Key(2)] long[] Rows,
    [property: Key(3)] int[] Left)
{
    /// <summary>How many numbers of <see cref="Rows"/> are of one vehicle.</summary>
    public const int RowLength = 6;
}

/// <summary>A place in the steps in which it is told.</summary>
internal readonly record struct Told(int Lon, int Lat, int Speed, int Heading, long Tenths)
{
    internal const double StepsPerDegree = 1e6;
    private const int NotMeasured = -1;

    internal static Told Of(VehiclePosition position) => new(
        (int)Math.Round(position.Lon * StepsPerDegree),
        (int)Math.Round(position.Lat * StepsPerDegree),
        position.SpeedKmh is { } speed ? (int)Math.Round(speed) : NotMeasured,
        position.HeadingDegrees is { } heading ? (int)Math.Round(heading) % 360 : NotMeasured,
        position.Time.ToUnixTimeMilliseconds() / 100);
}

/// <summary>Packs what one connection is told; remembers what it told, for the next differences. Not safe for threads.</summary>
internal sealed class MoveWriter
{
    private readonly NumberSet introduced = new();
    private Told[] told = [];

    /// <summary>Every step must be sent, in this order: the next counts from it.</summary>
    internal Moves Write(LiveFleet fleet, Sight sight, ViewerStep step)
    {
        if (told.Length < fleet.Count)
        {
            Array.Resize(ref told, Math.Max(fleet.Count, told.Length * 2));
        }

        var introducing = new List<IntroducedVehicle>();
        long[] rows = new long[step.Numbers.Count * Moves.RowLength];
        (int at, int before) = (0, 0);
        foreach (int number in step.Numbers)
        {
            VehiclePosition? vehicle = sight.Show(fleet[number]);
            if (vehicle is not null && !introduced.Contains(number))
            {
                introduced.Add(number);
                told[number] = default;
                introducing.Add(new IntroducedVehicle(number, vehicle.VehicleId, vehicle.Plate, vehicle.Kind));
            }

            (Told old, Told now) = (told[number], sight.IsEverything ? fleet.ToldOf(number) : vehicle is null ? told[number] : Told.Of(vehicle));
            rows[at++] = number - before;
            rows[at++] = now.Lon - old.Lon;
            rows[at++] = now.Lat - old.Lat;
            rows[at++] = now.Speed - old.Speed;
            rows[at++] = now.Heading - old.Heading;
            rows[at++] = now.Tenths - old.Tenths;
            told[number] = now;
            before = number;
        }

        return new Moves(step.IsSnapshot, introducing, rows, [.. step.Left]);
    }

    /// <summary>These are introduced again when they are told next.</summary>
    internal void Forget(NumberSet renamed) => introduced.ExceptWith(renamed);
}
