using System.Security.Claims;
using Dapper;
using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using GeoDispatch.Tracking.Fleet;
using Npgsql;

namespace GeoDispatch.Tracking.Live;

/// <summary>
/// What a watcher is told of the vehicles. Who dispatches, and a crew, sees all. A department sees its own fleet, and of another's vehicle what
/// the shared layer <c>vehicles</c> tells it by its rule: never the plate, which that layer does not have (decision 0022).
/// </summary>
internal sealed class Sight
{
    internal static readonly Sight Everything = new(null, null);

    private readonly IReadOnlySet<Guid>? own;
    private readonly LiveLayer? others;
    private readonly HashSet<Guid>? keys;
    private readonly Area? area;

    /// <param name="own">The fleet that is seen whole; null all vehicles.</param>
    /// <param name="others">Of those of others; null nothing.</param>
    internal Sight(IReadOnlySet<Guid>? own, LiveLayer? others)
    {
        (this.own, this.others) = (own, others);
        keys = others?.Keys?.Select(Guid.Parse).ToHashSet();
        area = others?.Area is { } wkb ? Area.Read(wkb) : null;
    }

    internal bool IsEverything => own is null;

    /// <summary>What is told of a vehicle where it is now; null is nothing.</summary>
    internal VehiclePosition? Show(VehiclePosition position)
    {
        if (own is null || own.Contains(position.VehicleId))
        {
            return position;
        }

        return Sees(position)
            ? position with
            {
                Plate = "",
                Kind = Told("kind") ? position.Kind : "",
                SpeedKmh = Told("speed_kmh") ? position.SpeedKmh : null,
                HeadingDegrees = Told("heading_degrees") ? position.HeadingDegrees : null,
            }
            : null;
    }

    internal bool Sees(VehiclePosition position) =>
        own is null || own.Contains(position.VehicleId)
        || (others is not null && keys?.Contains(position.VehicleId) != false && area?.Contains(new LonLat(position.Lon, position.Lat)) != false);

    /// <summary>True where the other tells the same of every vehicle.</summary>
    internal bool IsSameAs(Sight other) =>
        Same(own, other.own) && Same(keys, other.keys) && others is null == other.others is null
        && (others is null || (others.KeptBack.SetEquals(other.others!.KeptBack) && others.Area.AsSpan().SequenceEqual(other.others.Area)));

    private static bool Same(IReadOnlySet<Guid>? one, IReadOnlySet<Guid>? other) =>
        one is null || other is null ? ReferenceEquals(one, other) : one.SetEquals(other);

    private bool Told(string column) => !others!.KeptBack.Contains(column);
}

/// <summary>Finds out what a watcher may see: when it begins to watch, and again from time to time, never for a batch.</summary>
internal sealed class Sights(Databases databases, ILiveLayers layers)
{
    private const string Layer = "vehicles";
    private const string Time = "fix_time";
    private static readonly HashSet<string> Still = new(["id", "name", "kind", "synthetic"], StringComparer.Ordinal);

    /// <summary>Another number as soon as a rule has changed.</summary>
    internal int Changes => layers.Changes;

    internal async ValueTask<Sight> OfAsync(ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (FleetScope.OfWatcher(user).Department is not { } department)
        {
            return Sight.Everything;
        }

        await using NpgsqlConnection connection = await databases.Tracking.OpenConnectionAsync(cancellation);
        HashSet<Guid> own = [.. await connection.QueryAsync<Guid>(new CommandDefinition(
            "SELECT id FROM tracking.vehicle WHERE department = @department", new { department }, cancellationToken: cancellation))];
        LiveLayer? others = await layers.FindAsync(Layer, Still, user, cancellation);
        // A place without its time is none that a feed could tell.
        return new Sight(own, others?.KeptBack.Contains(Time) == true ? null : others);
    }
}
