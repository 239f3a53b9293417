using System.Buffers.Binary;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
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

            RoadGraph graph = RoadGraph.Build(await ReadAsync(cancellation));
            current = graph.EdgeCount > 0 ? graph : null;
            return graph;
        }
        finally
        {
            loading.Release();
        }
    }

    private async Task<List<RoadEdge>> ReadAsync(CancellationToken cancellation)
    {
        var edges = new List<RoadEdge>();
        await using NpgsqlConnection connection = await databases.Batch.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand(Sql, connection) { CommandTimeout = 120 };
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            long id = reader.GetInt64(0);
            edges.Add(new RoadEdge(
                id, reader.GetInt64(1), reader.GetInt64(2), reader.GetBoolean(3), reader.GetDouble(4), reader.GetDouble(5),
                Wkb.ReadLine(reader.GetFieldValue<byte[]>(6), id)));
        }

        return edges;
    }

    // A fixed order makes the same city the same graph: equal times then always resolve alike.
    private const string Sql =
        """
        SELECT id, from_node, to_node, oneway, travel_s::float8, length_m::float8, ST_AsBinary(geom, 'NDR')
        FROM city.street
        ORDER BY id
        """;
}

/// <summary>Reads OGC well-known binary.</summary>
internal static class Wkb
{
    private const int HeaderBytes = 9;
    private const int PointBytes = 16;

    /// <summary>Reads a little-endian, two-dimensional LineString.</summary>
    /// <exception cref="InvalidDataException">The bytes are anything else; the message names street <paramref name="id"/>.</exception>
    internal static LonLat[] ReadLine(ReadOnlySpan<byte> bytes, long id)
    {
        if (bytes.Length < HeaderBytes || bytes[0] != 1 || BinaryPrimitives.ReadUInt32LittleEndian(bytes[1..]) != 2
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[5..]) != (bytes.Length - HeaderBytes) / (double)PointBytes)
        {
            throw new InvalidDataException($"Street {id}: the geometry is no plain LineString.");
        }

        var points = new LonLat[(bytes.Length - HeaderBytes) / PointBytes];
        for (int index = 0; index < points.Length; index++)
        {
            ReadOnlySpan<byte> point = bytes[(HeaderBytes + index * PointBytes)..];
            points[index] = new LonLat(
                BinaryPrimitives.ReadDoubleLittleEndian(point), BinaryPrimitives.ReadDoubleLittleEndian(point[8..]));
        }

        return points;
    }
}
