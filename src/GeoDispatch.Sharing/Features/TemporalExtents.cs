using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using Npgsql;

namespace GeoDispatch.Sharing.Features;

/// <summary>From when to when the features of a layer are that a reader may see. At most five seconds old.</summary>
internal sealed class TemporalExtents(Databases databases)
{
    private const int KeptMilliseconds = 5_000;

    private sealed record Generation(long Began, ConcurrentDictionary<(string Layer, string Reader), JsonObject> Read);

    private volatile Generation generation = new(long.MinValue / 2, new());

    /// <summary>The member <c>extent.temporal</c>; null where the layer has no time. An end that is not known is open.</summary>
    internal async Task<JsonObject?> FindAsync(ReadableLayer readable, CancellationToken cancellation)
    {
        if (readable.Layer.Time is not LayerColumn time)
        {
            return null;
        }

        if (Environment.TickCount64 - generation.Began > KeptMilliseconds)
        {
            generation = new Generation(Environment.TickCount64, new());
        }

        Generation now = generation;
        (string, string) key = (readable.Layer.Id, readable.CacheKey);
        if (!now.Read.TryGetValue(key, out JsonObject? extent))
        {
            now.Read[key] = extent = await ReadAsync(readable, time, cancellation);
        }

        return extent.DeepClone().AsObject();
    }

    private async Task<JsonObject> ReadAsync(ReadableLayer readable, LayerColumn time, CancellationToken cancellation)
    {
        var parameters = new SqlParameters();
        string name = SqlParameters.Quoted(time.Name);
        (string begin, string end) = time.Type == "date"
            ? ($"min({name})::timestamp", $"max({name})::timestamp + interval '86399 seconds'")
            : ($"min({name}) AT TIME ZONE 'UTC'", $"date_trunc('second', max({name}) + interval '999999 microseconds') AT TIME ZONE 'UTC'");
        string? from = null, to = null;
        try
        {
            await using NpgsqlCommand command = databases.Sharing.CreateCommand(
                $"""
                SELECT to_char({begin}, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), to_char({end}, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
                FROM {readable.Source(parameters)} AS source WHERE isfinite({name})
                """);
            parameters.CopyTo(command);
            await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
            await row.ReadAsync(cancellation);
            (from, to) = (row.IsDBNull(0) ? null : row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1));
        }
        catch (PostgresException failed) when (failed.SqlState is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.UndefinedTable)
        {
            // Too much to look through, or dropped just now: open ends are true as well.
        }

        return new JsonObject
        {
            // What lives goes on: the last moment read is not the last one.
            ["interval"] = new JsonArray(new JsonArray(from, readable.Layer.Volatile ? null : to)),
            ["trs"] = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
        };
    }
}
