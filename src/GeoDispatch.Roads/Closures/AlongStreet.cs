using System.Globalization;
using System.Text.Json;
using Dapper;
using GeoDispatch.Postgres;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace GeoDispatch.Roads.Closures;

/// <summary>
/// <c>GET /api/roads/closures/along?street=&amp;from=&amp;to=</c>: for drawing without a mouse. The crossings of a street, and with two of them the
/// line along it from one to the other.
/// </summary>
internal static class AlongStreet
{
    /// <param name="Node">By which it is asked for.</param>
    /// <param name="Street">The other street.</param>
    internal sealed record Crossing(long Node, string Street, string StreetEn, double Lon, double Lat);

    /// <param name="Crossings">In the order in which the street runs from west to east, or from south to north where it is longer that way.</param>
    /// <param name="Geometry">LineString; null where no two crossings were named.</param>
    internal sealed record Answer(string Street, IReadOnlyList<Crossing> Crossings, JsonElement? Geometry);

    private sealed record Edge(long FromNode, long ToNode, double Meters, byte[] Geometry);

    private static readonly Problem NotConnected = new(
        404, "closure.not_connected", "两路口不相连 / Crossings not connected",
        "沿此路走不到 / The street does not lead from the one to the other", "to");

    internal static async Task<IResult> HandleAsync(Databases databases, CancellationToken cancellation, string? street = null, long? from = null, long? to = null)
    {
        if (string.IsNullOrWhiteSpace(street) || street.Length > 100)
        {
            return ClosureProblems.BadField("street", street, "街道全名 / the whole name of a street").ToResult();
        }

        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        Crossing[] crossings = [.. await connection.QueryAsync<Crossing>(new CommandDefinition(
            """
            WITH met AS (
                SELECT node, CASE WHEN streets[1] = @street THEN 2 ELSE 1 END AS other, streets, streets_en, ST_X(geom) AS lon, ST_Y(geom) AS lat
                FROM city.crossing WHERE @street = ANY (streets)
            )
            SELECT node AS "Node", streets[other] AS "Street", streets_en[other] AS "StreetEn", lon AS "Lon", lat AS "Lat" FROM met
            ORDER BY CASE WHEN (SELECT max(lon) - min(lon) FROM met) >= (SELECT max(lat) - min(lat) FROM met) THEN lon ELSE lat END, node
            """,
            new { street }, cancellationToken: cancellation))];
        if (from is null && to is null)
        {
            return TypedResults.Ok(new Answer(street, crossings, null));
        }

        if (crossings.FirstOrDefault(crossing => crossing.Node == from) is null || from == to || crossings.FirstOrDefault(crossing => crossing.Node == to) is null)
        {
            return ClosureProblems.BadField(
                "from", string.Create(CultureInfo.InvariantCulture, $"{from}, {to}"), "此路的两个不同路口 / two different crossings of the street").ToResult();
        }

        Edge[] edges = [.. await connection.QueryAsync<Edge>(new CommandDefinition(
            """
            SELECT from_node AS "FromNode", to_node AS "ToNode", length_m AS "Meters", ST_AsBinary(geom, 'NDR') AS "Geometry"
            FROM city.street WHERE name = @street AND drivable ORDER BY id
            """,
            new { street }, cancellationToken: cancellation))];
        return Line(edges, from!.Value, to!.Value) is { Count: > 1 } line
            ? TypedResults.Ok(new Answer(street, crossings, await ThinAsync(connection, line, cancellation)))
            : (NotConnected with { Value = to!.Value.ToString(CultureInfo.InvariantCulture) }).ToResult();
    }

    /// <summary>Within a metre, 0.000009 degrees, of the line: a winding street has in some kilometres more points than a drawing may.</summary>
    private static async Task<JsonElement> ThinAsync(NpgsqlConnection connection, List<LonLat> line, CancellationToken cancellation) =>
        JsonElement.Parse((await connection.ExecuteScalarAsync<string>(new CommandDefinition(
            "SELECT ST_AsGeoJSON(ST_Simplify(ST_GeomFromGeoJSON(@line), 0.000009), 7)",
            new { line = ClosureJson.Write(new ClosureDrawing(false, line)) }, cancellationToken: cancellation)))!);

    /// <summary>The shortest way along these edges, whichever way they may be driven; empty where there is none.</summary>
    private static List<LonLat> Line(IReadOnlyList<Edge> edges, long from, long to)
    {
        ILookup<long, (Edge Edge, bool Forward)> leaving = edges.SelectMany(static edge => new[] { (edge, true), (edge, false) })
            .ToLookup(static one => one.Item2 ? one.edge.FromNode : one.edge.ToNode);
        var reached = new Dictionary<long, (double Meters, Edge? By, bool Forward)> { [from] = (0, null, true) };
        var waiting = new PriorityQueue<long, double>([(from, 0)]);
        while (waiting.TryDequeue(out long node, out double meters) && node != to)
        {
            foreach ((Edge edge, bool forward) in leaving[node])
            {
                long next = forward ? edge.ToNode : edge.FromNode;
                if (!(reached.TryGetValue(next, out (double Meters, Edge?, bool) known) && known.Meters <= meters + edge.Meters))
                {
                    reached[next] = (meters + edge.Meters, edge, forward);
                    waiting.Enqueue(next, meters + edge.Meters);
                }
            }
        }

        // Backwards from the end, each edge's points against its direction of travel; then the whole is turned round.
        var line = new List<LonLat>();
        for (long node = to; reached.TryGetValue(node, out (double, Edge? By, bool Forward) step) && step.By is { } edge; node = step.Forward ? edge.FromNode : edge.ToNode)
        {
            LonLat[] points = Wkb.ReadLine(edge.Geometry, node);
            line.AddRange((step.Forward ? points.Reverse() : points).Skip(line.Count > 0 ? 1 : 0));
        }

        line.Reverse();
        return line;
    }
}
