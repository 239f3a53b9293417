using System.Collections.Concurrent;
using System.Diagnostics;
using Dapper;
using GeoDispatch.Postgres;
using GeoDispatch.Roads;
using GeoDispatch.Spatial;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace GeoDispatch.Dispatch.Recommendation;

/// <summary>What sending a unit costs in cover.</summary>
/// <param name="LostAddresses">Addresses that no available unit of its agency reaches within the target any longer while it is away.</param>
/// <param name="TargetMinutes">By road, with lights and sirens.</param>
internal sealed record CoverCost(int LostAddresses, int TargetMinutes);

/// <summary>
/// Knows which addresses each available unit reaches within the target, and so what sending it costs. A set holds as long as the unit
/// stays and the streets are the same; a question works out what is missing for a short while, the rest goes on behind it, and until
/// then the cost of those units is not known.
/// </summary>
internal sealed partial class CoverKeeper(Streets streets, Databases databases, ILogger<CoverKeeper> log)
{
    /// <summary>How soon somebody should be anywhere, by road.</summary>
    internal const int TargetMinutes = 8;

    /// <summary>The target and half of it: where a map says late, and not bare.</summary>
    internal const int NearMinutes = 12;

    /// <summary>A question waits so long for sets that are missing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100), MapPatience = TimeSpan.FromSeconds(5);

    /// <summary>A unit that moved less than this reaches what it reached before, as good as.</summary>
    private const double SameMeters = 250;

    private readonly ConcurrentDictionary<Guid, Reach> known = new();
    private int isWorking;
    private volatile Addresses? addresses;

    /// <param name="Near">Within the longer time; null until a map asks for it.</param>
    private sealed record Reach(LonLat At, RoadNetwork Network, ulong[] Within, ulong[]? Near)
    {
        internal bool Holds(RoadNetwork network, LonLat at) => Network == network && Geodesy.DistanceMeters(At, at) < SameMeters;
    }

    /// <param name="Squares">Of the map, in which each address lies.</param>
    private sealed record Addresses(RoadGraph Graph, RoadCatchment Catchment, MapSquare[] Squares);

    private sealed record Point(double Lon, double Lat);

    /// <summary>What sending each unit costs; without those of which it is not known yet.</summary>
    /// <param name="ready">The available units of one agency, and where each is taken to be.</param>
    internal async Task<IReadOnlyDictionary<Guid, CoverCost>> CostsAsync(IReadOnlyList<(Guid UnitId, LonLat At)> ready, CancellationToken cancellation)
    {
        RoadNetwork network = await streets.GetAsync(RoadProfile.Emergency, cancellation);
        Task work = Task.Run(() => WorkAsync(network, ready, isMap: false), CancellationToken.None);
        await Task.WhenAny(work, Task.Delay(Patience, cancellation));
        if (addresses is not { } city || city.Graph != network.Graph)
        {
            return new Dictionary<Guid, CoverCost>();
        }

        var cover = new Cover(city.Catchment.Count);
        var reached = new List<(Guid UnitId, ulong[] Within)>(ready.Count);
        foreach ((Guid unitId, _) in ready)
        {
            if (known.TryGetValue(unitId, out Reach? reach) && reach.Network.Graph == network.Graph)
            {
                cover.Add(reach.Within);
                reached.Add((unitId, reach.Within));
            }
        }

        // While the set of any unit is missing, its neighbours would seem to be needed more than they are.
        return reached.Count < ready.Count
            ? new Dictionary<Guid, CoverCost>()
            : reached.ToDictionary(static one => one.UnitId, one => new CoverCost(cover.LostWithout(one.Within), TargetMinutes));
    }

    /// <summary>
    /// How many addresses of each square of the map the units reach within the target, and within half as much again; squares without an address are
    /// left out. Null where that could not be worked out within 5 s.
    /// </summary>
    /// <param name="ready">The available units of one agency, and where each is taken to be.</param>
    internal async Task<IReadOnlyList<CoverSquare>?> MapAsync(IReadOnlyList<(Guid UnitId, LonLat At)> ready, CancellationToken cancellation)
    {
        RoadNetwork network = await streets.GetAsync(RoadProfile.Emergency, cancellation);
        for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < MapPatience; await Task.Delay(Patience, cancellation))
        {
            await Task.Run(() => WorkAsync(network, ready, isMap: true), CancellationToken.None);
            if (addresses is not { } city || city.Graph != network.Graph)
            {
                continue;
            }

            Reach?[] reached = [.. ready.Select(unit => known.TryGetValue(unit.UnitId, out Reach? reach) && reach.Holds(network, unit.At) ? reach : null)];
            if (reached.All(static reach => reach?.Near is not null))
            {
                return CoverSquare.Count(city.Squares, [.. reached.Select(static reach => reach!.Within)], [.. reached.Select(static reach => reach!.Near!)]);
            }
        }

        return null;
    }

    /// <param name="isMap">The longer time is asked for too.</param>
    private async Task WorkAsync(RoadNetwork network, IReadOnlyList<(Guid UnitId, LonLat At)> ready, bool isMap)
    {
        // One at a time: who comes later finds most of it done, or is served by the next question.
        if (Interlocked.CompareExchange(ref isWorking, 1, 0) != 0)
        {
            return;
        }

        try
        {
            long began = Stopwatch.GetTimestamp();
            Addresses city = await CityAsync(network.Graph);
            int made = 0;
            foreach ((Guid unitId, LonLat at) in ready)
            {
                Reach? held = known.TryGetValue(unitId, out Reach? reach) && reach.Holds(network, at) ? reach : null;
                if (held is not null && (held.Near is not null || !isMap))
                {
                    continue;
                }

                RoadPosition? from = network.Graph.Snap(held?.At ?? at)?.Position;
                ulong[] Reached(int minutes) => from is { } position ? city.Catchment.Within(network, position, minutes * 60) : new ulong[city.Catchment.Words];
                known[unitId] = new Reach(held?.At ?? at, network, held?.Within ?? Reached(TargetMinutes), isMap ? Reached(NearMinutes) : null);
                made++;
            }

            if (made > 0)
            {
                LogMade(made, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }
        catch (Exception failure) when (failure is NpgsqlException or IOException)
        {
            // Who asks next tries again.
            LogFailed(failure);
        }
        finally
        {
            Volatile.Write(ref isWorking, 0);
        }
    }

    /// <summary>The addresses on these streets, read once for each graph.</summary>
    private async Task<Addresses> CityAsync(RoadGraph graph)
    {
        if (addresses is { } ready && ready.Graph == graph)
        {
            return ready;
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync();
        LonLat[] points = [.. (await connection.QueryAsync<Point>(
            "SELECT ST_X(ST_Transform(geom, 4326)) AS Lon, ST_Y(ST_Transform(geom, 4326)) AS Lat FROM share.addresses")).Select(static point => new LonLat(point.Lon, point.Lat))];
        known.Clear();
        return addresses = new Addresses(
            graph, new RoadCatchment(graph, [.. points.Select(point => graph.Snap(point, 500)?.Position)]), [.. points.Select(MapSquare.Of)]);
    }

    [LoggerMessage(LogLevel.Debug, "The addresses that {Units} units reach in time were worked out in {Milliseconds:0} ms.")]
    private partial void LogMade(int units, double milliseconds);

    [LoggerMessage(LogLevel.Warning, "The addresses that units reach in time could not be worked out.")]
    private partial void LogFailed(Exception failure);
}
