using System.Collections.Concurrent;
using System.Globalization;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Spatial;
using Npgsql;

namespace GeoDispatch.Sharing.Features;

/// <summary>The box of a layer's features and of the city together, in degrees, as a reader may see them. At most five seconds old.</summary>
internal sealed class SpatialExtents(Databases databases)
{
    private const int KeptMilliseconds = 5_000;

    // Beyond any coordinate of any system of ours.
    private const double Far = 1e9;

    // The class of SQLSTATE for names that are not there any more.
    private const string ChangedView = "42";

    private sealed record Generation(long Began, ConcurrentDictionary<(string Layer, string Reader), Bbox?> Read);

    private volatile Generation generation = new(long.MinValue / 2, new());

    /// <param name="city">Null while there is no city.</param>
    internal async ValueTask<Bbox?> FindAsync(ReadableLayer readable, Bbox? city, CancellationToken cancellation)
    {
        if (Environment.TickCount64 - generation.Began > KeptMilliseconds)
        {
            generation = new Generation(Environment.TickCount64, new());
        }

        Generation now = generation;
        (string, string) key = (readable.Layer.Id, readable.CacheKey);
        if (!now.Read.TryGetValue(key, out Bbox? data))
        {
            now.Read[key] = data = await ReadAsync(readable, cancellation);
        }

        return (data, city) is (Bbox one, Bbox other)
            ? new Bbox(Math.Min(one.West, other.West), Math.Min(one.South, other.South), Math.Max(one.East, other.East), Math.Max(one.North, other.North))
            : data ?? city;
    }

    /// <summary>
    /// The outermost features in each direction, which an index of the table finds without reading the rest: the nearest to a line far out.
    /// </summary>
    private async Task<Bbox?> ReadAsync(ReadableLayer readable, CancellationToken cancellation)
    {
        var parameters = new SqlParameters();
        string geometry = SqlParameters.Quoted(readable.Layer.GeometryColumn), source = readable.Source(parameters);
        string Outermost(double x1, double y1, double x2, double y2) => string.Create(
            CultureInfo.InvariantCulture,
            $"""
            (SELECT {geometry} AS g FROM {source} AS source WHERE NOT ST_IsEmpty({geometry})
             ORDER BY {geometry} <-> ST_SetSRID(ST_MakeLine(ST_Point({x1}, {y1}), ST_Point({x2}, {y2})), {readable.Layer.Srid}) LIMIT 1)
            """);
        try
        {
            await using NpgsqlCommand command = databases.Sharing.CreateCommand(
                $"""
                SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM (SELECT ST_Extent(ST_Transform(g, 4326)) AS b FROM (
                    {Outermost(-Far, -Far, -Far, Far)} UNION ALL {Outermost(Far, -Far, Far, Far)}
                    UNION ALL {Outermost(-Far, -Far, Far, -Far)} UNION ALL {Outermost(-Far, Far, Far, Far)}) outermost) box WHERE b IS NOT NULL
                """);
            parameters.CopyTo(command);
            await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
            if (!await row.ReadAsync(cancellation))
            {
                return null;
            }

            var box = new Bbox(row.GetDouble(0), row.GetDouble(1), row.GetDouble(2), row.GetDouble(3));
            return box.IsValid ? box : null;
        }
        catch (PostgresException failed) when (failed.SqlState is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.InternalError
            || failed.SqlState.StartsWith(ChangedView, StringComparison.Ordinal))
        {
            // Too much to look through, a place that is nowhere on earth, or a view that was dropped just now: the city is told of.
            return null;
        }
    }
}
