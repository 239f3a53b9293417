using System.Data;
using GeoDispatch.City.Import;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace GeoDispatch.Roads;

/// <summary>The city's road graph, read from the base map at first use and kept.</summary>
public sealed class Streets(Databases databases) : IDisposable
{
    private readonly SemaphoreSlim loading = new(1, 1);
    private volatile RoadGraph? current;

    /// <summary>The graph, loaded where it is not yet. Kept only once it has streets, so that a city imported later is found.</summary>
    public ValueTask<RoadGraph> GetAsync(CancellationToken cancellation = default) =>
        current is { } graph ? ValueTask.FromResult(graph) : new ValueTask<RoadGraph>(LoadAsync(anew: false, cancellation));

    /// <summary>Reads the streets again; searches under way finish on the graph they began with.</summary>
    public Task<RoadGraph> ReloadAsync(CancellationToken cancellation = default) => LoadAsync(anew: true, cancellation);

    /// <summary>As <see cref="ReloadAsync"/> where the streets were asked for before; nothing else.</summary>
    internal Task ReloadIfLoadedAsync(CancellationToken cancellation) => current is null ? Task.CompletedTask : LoadAsync(anew: true, cancellation);

    /// <inheritdoc/>
    public void Dispose() => loading.Dispose();

    private async Task<RoadGraph> LoadAsync(bool anew, CancellationToken cancellation)
    {
        await loading.WaitAsync(cancellation);
        try
        {
            if (!anew && current is { } ready)
            {
                return ready;
            }

            RoadGraph graph = await ReadAsync(cancellation);
            current = graph.EdgeCount > 0 ? graph : null;
            return graph;
        }
        finally
        {
            loading.Release();
        }
    }

    private async Task<RoadGraph> ReadAsync(CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Batch.OpenConnectionAsync(cancellation);
        // Streets and rules of one moment, even while a base map is being replaced.
        await using NpgsqlTransaction moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var edges = new List<RoadEdge>();
        await using (NpgsqlDataReader row = await new NpgsqlCommand(SelectStreets, connection) { CommandTimeout = 120 }.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                long id = row.GetInt64(0);
                edges.Add(new RoadEdge(
                    id, row.GetInt64(1), row.GetInt64(2), row.GetBoolean(3), row.GetDouble(4), row.GetDouble(5),
                    Wkb.ReadLine(row.GetFieldValue<byte[]>(6), id), row.GetInt64(7)));
            }
        }

        var rules = new List<TurnRule>();
        await using (NpgsqlDataReader row = await new NpgsqlCommand(SelectTurnRules, connection).ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                rules.Add(new TurnRule(
                    row.GetInt64(0), row.GetBoolean(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetInt64(3),
                    row.GetFieldValue<long[]>(4), row.GetInt64(5)));
            }
        }

        return RoadGraph.Build(edges, rules);
    }

    // A fixed order makes the same city the same graph: equal times then always resolve alike.
    private const string SelectStreets =
        """
        SELECT id, from_node, to_node, oneway, travel_s::float8, length_m::float8, ST_AsBinary(geom, 'NDR'), way_id
        FROM city.street
        WHERE drivable
        ORDER BY id
        """;

    // The vehicles that are sent are emergency vehicles: what exempts these does not bind them.
    private const string SelectTurnRules =
        """
        SELECT relation_id, only_this, from_way, via_node, via_ways, to_way
        FROM city.turn_restriction
        WHERE NOT exempts_emergency
        ORDER BY id
        """;
}

/// <summary>Reads the streets again when the base map says that it was replaced.</summary>
internal sealed class StreetsWatcher(PgListener listener, Streets streets) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (string _ in listener.Listen(OsmImport.StreetsChanged, stoppingToken))
            {
                await streets.ReloadIfLoadedAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is stopping.
        }
    }
}
