using System.Text.Json.Nodes;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;

namespace GeoDispatch.Sharing.Features;

/// <summary>From when to when the features of a layer are that a reader may see. At most five seconds old.</summary>
internal static class TemporalExtents
{
    /// <summary>RFC 3339 in UTC. An end that is not known is open, which is true as well.</summary>
    internal static readonly Summary<(string? From, string? To)> Summary = new(
        5_000,
        Write,
        static row => (row.IsDBNull(0) ? null : row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1)),
        (null, null));

    /// <summary>The member <c>extent.temporal</c>; null where the layer has no time.</summary>
    /// <param name="data">What <see cref="Summary"/> says.</param>
    internal static JsonObject? Of(Layer layer, (string? From, string? To) data) => layer.Time is null ? null : new JsonObject
    {
        // What lives goes on: the last moment read is not the last one.
        ["interval"] = new JsonArray(new JsonArray(data.From, layer.Volatile ? null : data.To)),
        ["trs"] = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
    };

    private static string? Write(ReadableLayer readable, SqlParameters parameters)
    {
        if (readable.Layer.Time is not LayerColumn time)
        {
            return null;
        }

        string name = SqlParameters.Quoted(time.Name);
        (string begin, string end) = time.Type == "date"
            ? ($"min({name})::timestamp", $"max({name})::timestamp + interval '86399 seconds'")
            : ($"min({name}) AT TIME ZONE 'UTC'", $"date_trunc('second', max({name}) + interval '999999 microseconds') AT TIME ZONE 'UTC'");
        return $"""
            SELECT to_char({begin}, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), to_char({end}, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            FROM {readable.Source(parameters)} AS source WHERE isfinite({name})
            """;
    }
}
