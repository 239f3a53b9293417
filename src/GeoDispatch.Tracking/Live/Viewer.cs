using System.Security.Claims;
using GeoDispatch.Spatial;

namespace GeoDispatch.Tracking.Live;

/// <summary>What to tell a console now.</summary>
/// <param name="IsSnapshot">The first of its viewport.</param>
/// <param name="Numbers">Of vehicles in <see cref="LiveFleet"/>, ascending.</param>
/// <param name="Left">Those among them that are outside now.</param>
internal sealed record ViewerStep(bool IsSnapshot, List<int> Numbers, List<int> Left);

/// <summary>
/// What one console watches and what it was told. All but <see cref="Show"/> and <see cref="See"/> is called by the broadcaster's beat alone.
/// </summary>
/// <param name="packs">Whether it is told <see cref="Moves"/>; else whole positions.</param>
/// <param name="user">Who sits there.</param>
/// <param name="sight">What they may see.</param>
internal sealed class Viewer(bool packs, ClaimsPrincipal user, Sight sight)
{
    private static readonly TimeSpan LeastBetween = TimeSpan.FromMilliseconds(500);
    private readonly NumberSet waiting = new();
    private readonly NumberSet inside = new();
    private long[] toldAt = [];
    private Bbox viewport;
    private readonly ClaimsPrincipal user = user;
    private Sight sight = sight;
    private Sight? renewed;
    private MoveWriter moves = new();
    private View? wanted;
    private View? begun;

    private sealed record View(Bbox Box);

    internal bool Packs => packs;

    /// <summary>Null where what they see never changes.</summary>
    internal ClaimsPrincipal? Limited => sight.IsEverything ? null : user;

    internal Task Sending { get; set; } = Task.CompletedTask;

    /// <summary>Takes a viewport; the next step is a snapshot of it. Safe from any thread.</summary>
    internal void Show(Bbox box) => Interlocked.Exchange(ref wanted, new View(box));

    /// <summary>Takes what they may see from now on; where it is not the same, a snapshot follows. Safe from any thread.</summary>
    internal void See(Sight other) => Interlocked.Exchange(ref renewed, other);

    /// <summary>Before the fleet takes what was published: a snapshot knows at least all that was known when its viewport was asked for.</summary>
    internal void BeginBeat()
    {
        if (Interlocked.Exchange(ref renewed, null) is { } other && !other.IsSameAs(sight))
        {
            // Plates may come or go: everybody is introduced anew.
            (sight, moves) = (other, new MoveWriter());
            begun ??= new View(viewport);
        }

        begun = Interlocked.Exchange(ref wanted, null) ?? begun;
    }

    internal void Note(LiveFleet fleet)
    {
        waiting.UnionWith(fleet.Moved);
        moves.Forget(fleet.Renamed);
    }

    /// <summary>What to send now; null for nothing. A snapshot may be empty, so that the console knows there is nobody.</summary>
    internal ViewerStep? Next(LiveFleet fleet, TimeProvider clock)
    {
        long now = clock.GetTimestamp();
        if (toldAt.Length < fleet.Count)
        {
            int known = toldAt.Length;
            Array.Resize(ref toldAt, Math.Max(fleet.Count, known * 2));
            Array.Fill(toldAt, long.MinValue, known, toldAt.Length - known);
        }

        if (begun is { } view)
        {
            begun = null;
            viewport = view.Box;
            return Snapshot(fleet, now);
        }

        var step = new ViewerStep(false, [], []);
        foreach (int number in waiting)
        {
            bool isInside = IsInside(fleet[number]);
            if (!isInside && !inside.Contains(number))
            {
                waiting.Remove(number);
            }
            else if (toldAt[number] == long.MinValue || clock.GetElapsedTime(toldAt[number], now) >= LeastBetween)
            {
                waiting.Remove(number);
                Tell(step, number, isInside, now);
            }
        }

        return step.Numbers.Count > 0 ? step : null;
    }

    /// <summary>The step as it is sent: <see cref="Moves"/>, or positions. Every step must be, in this order.</summary>
    internal object Write(LiveFleet fleet, ViewerStep step) => packs
        ? moves.Write(fleet, sight, step)
        : step.Numbers.ConvertAll(number => sight.Show(fleet[number])).FindAll(static shown => shown is not null);

    private ViewerStep Snapshot(LiveFleet fleet, long now)
    {
        var step = new ViewerStep(true, [], []);
        waiting.Clear();
        inside.Clear();
        for (int number = 0; number < fleet.Count; number++)
        {
            if (IsInside(fleet[number]))
            {
                Tell(step, number, isInside: true, now);
            }
        }

        return step;
    }

    /// <summary>
    /// A vehicle that leaves is told once more, outside: else it would stand at the edge for ever. One that goes out of sight is told as gone,
    /// without where to.
    /// </summary>
    private void Tell(ViewerStep step, int number, bool isInside, long now)
    {
        step.Numbers.Add(number);
        toldAt[number] = now;
        if (isInside)
        {
            inside.Add(number);
        }
        else
        {
            inside.Remove(number);
            step.Left.Add(number);
        }
    }

    private bool IsInside(VehiclePosition position) => viewport.Contains(new LonLat(position.Lon, position.Lat)) && sight.Sees(position);
}
