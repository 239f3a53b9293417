using System.Runtime.InteropServices;

namespace GeoDispatch.Tracking.Live;

/// <summary>
/// The newest place of every vehicle, each under a small number that it keeps for as long as the server runs, and who moved since the
/// last beat. Of the broadcaster's beat alone, not safe for threads.
/// </summary>
internal sealed class LiveFleet
{
    private readonly Dictionary<Guid, int> numbers = [];
    private readonly List<VehiclePosition> positions = [];
    private readonly List<Told> told = [];

    internal int Count => positions.Count;

    /// <summary>Who moved since <see cref="BeginBeat"/>.</summary>
    internal NumberSet Moved { get; } = new();

    /// <summary>Whose plate or kind is another one since then.</summary>
    internal NumberSet Renamed { get; } = new();

    internal VehiclePosition this[int number] => positions[number];

    /// <summary>As <see cref="Moves"/> tell it.</summary>
    internal Told ToldOf(int number) => told[number];

    internal void BeginBeat()
    {
        Moved.Clear();
        Renamed.Clear();
    }

    /// <summary>An older place never replaces a newer one.</summary>
    internal void Take(IReadOnlyList<VehiclePosition> moved)
    {
        foreach (VehiclePosition position in moved)
        {
            ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, position.VehicleId, out bool isKnown);
            if (!isKnown)
            {
                number = positions.Count;
                positions.Add(position);
                told.Add(Told.Of(position));
            }
            else if (positions[number].Time <= position.Time)
            {
                if (positions[number].Plate != position.Plate || positions[number].Kind != position.Kind)
                {
                    Renamed.Add(number);
                }

                positions[number] = position;
                told[number] = Told.Of(position);
            }
            else
            {
                continue;
            }

            Moved.Add(number);
        }
    }
}
