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

    /// <summary>A question waits so long for sets that are missing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>A unit that moved less than this reaches what it reached before, as good as.</summary>
    private const double SameMeters = 250;

    private readonly ConcurrentDictionary<Guid, Reach> known = new();
    private int isWorking;
    private volatile Addresses? addresses;

    private sealed record Reach(LonLat At, RoadNetwork Network, ulong[] Within);

    private sealed record Addresses(RoadGraph Graph, RoadCatchment Catchment);

    private sealed record Point(double Lon, double Lat);

    /// <summary>What sending each unit costs; without those of which it is not known yet.</summary>
    /// <param name="ready">The available units of one agency, and where each is taken to be.</param>
    internal async Task<IReadOnlyDictionary<Guid, CoverCost>> CostsAsync(IReadOnlyList<(Guid UnitId, LonLat At)> ready, CancellationToken cancellation)
    {
        RoadNetwork network = await streets.GetAsync(RoadProfile.Emergency, cancellation);
        Task work = Task.Run(() => WorkAsync(network, ready), CancellationToken.None);
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

    private async Task WorkAsync(RoadNetwork network, IReadOnlyList<(Guid UnitId, LonLat At)> ready)
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
                if (known.TryGetValue(unitId, out Reach? reach) && reach.Network == network && Geodesy.DistanceMeters(reach.At, at) < SameMeters)
                {
                    continue;
                }

                known[unitId] = new Reach(
                    at, network,
                    network.Graph.Snap(at) is { } snap ? city.Catchment.Within(network, snap.Position, TargetMinutes * 60) : new ulong[city.Catchment.Words]);
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
        IEnumerable<Point> points = await connection.QueryAsync<Point>(
            "SELECT ST_X(ST_Transform(geom, 4326)) AS Lon, ST_Y(ST_Transform(geom, 4326)) AS Lat FROM share.addresses");
        known.Clear();
        return addresses = new Addresses(graph, new RoadCatchment(graph, [.. points.Select(point => graph.Snap(new LonLat(point.Lon, point.Lat), 500)?.Position)]));
    }

    [LoggerMessage(LogLevel.Debug, "The addresses that {Units} units reach in time were worked out in {Milliseconds:0} ms.")]
    private partial void LogMade(int units, double milliseconds);

    [LoggerMessage(LogLevel.Warning, "The addresses that units reach in time could not be worked out.")]
    private partial void LogFailed(Exception failure);
}
