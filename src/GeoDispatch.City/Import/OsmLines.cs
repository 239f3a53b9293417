using GeoDispatch.Spatial;
using Npgsql;
using NpgsqlTypes;

namespace GeoDispatch.City.Import;

/// <summary>Reads the ways from the staging schema and writes the edges into the base map.</summary>
internal static class OsmLines
{
    /// <summary>Every way with a <c>highway</c> tag that touches the extent, whole, by id.</summary>
    internal static async Task<List<OsmLine>> ReadAsync(NpgsqlConnection connection, Bbox? extent, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT osm_id, highway, name, name_en, ref, oneway, maxspeed, junction, access, vehicle, motor_vehicle, emergency, maxheight, maxweight, maxwidth, hgv,
                nodes, ST_AsBinary(geom, 'NDR')
            FROM {Osm2pgsql.Staging}.way
            WHERE $1 IS NULL OR geom && ST_MakeEnvelope($1, $2, $3, $4, 4326)
            ORDER BY osm_id
            """,
            connection)
        { CommandTimeout = 0 };
        foreach (double? side in new[] { extent?.West, extent?.South, extent?.East, extent?.North })
        {
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)side ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Double });
        }

        var lines = new List<OsmLine>();
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
            long id = row.GetInt64(0);
            var way = new OsmWay(
                id, row.GetString(1), Text(2), Text(3), Text(4), Text(5), Text(6), Text(7), Text(8), Text(9), Text(10), Text(11),
                Text(12), Text(13), Text(14), Text(15));
            lines.Add(new OsmLine(way, WithoutRepeats(row.GetFieldValue<long[]>(16)), Wkb.ReadLine(row.GetFieldValue<byte[]>(17), id)));
        }

        return lines;
    }

    internal static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<StreetEdge> edges, CancellationToken cancellation)
    {
        await using NpgsqlBinaryImporter copy = await connection.BeginBinaryImportAsync(
            """
            COPY city.street (id, way_id, name, name_en, kind, ref, oneway, drivable, speed_kmh, from_node, to_node, length_m, travel_s, synthetic, geom,
                class_speed_kmh, emergency_only, large_forbidden, max_height_m, max_weight_t, max_width_m)
            FROM STDIN (FORMAT binary)
            """,
            cancellation);
        for (int index = 0; index < edges.Count; index++)
        {
            StreetEdge edge = edges[index];
            float speed = OsmRoads.SpeedKmh(edge.Way);
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync(index + 1L, NpgsqlDbType.Bigint, cancellation);
            await copy.WriteAsync(edge.Way.Id, NpgsqlDbType.Bigint, cancellation);
            await copy.WriteAsync(edge.Way.Name, NpgsqlDbType.Text, cancellation);
            await copy.WriteAsync(edge.Way.NameEn, NpgsqlDbType.Text, cancellation);
            await copy.WriteAsync(OsmRoads.Kind(edge.Way), NpgsqlDbType.Text, cancellation);
            await copy.WriteAsync(edge.Way.Ref, NpgsqlDbType.Text, cancellation);
            await copy.WriteAsync(edge.Oneway, NpgsqlDbType.Boolean, cancellation);
            await copy.WriteAsync(edge.Drivable, NpgsqlDbType.Boolean, cancellation);
            await copy.WriteAsync(speed, NpgsqlDbType.Real, cancellation);
            await copy.WriteAsync(edge.FromNode, NpgsqlDbType.Bigint, cancellation);
            await copy.WriteAsync(edge.ToNode, NpgsqlDbType.Bigint, cancellation);
            await copy.WriteAsync(edge.LengthMeters, NpgsqlDbType.Double, cancellation);
            await copy.WriteAsync(edge.LengthMeters / (speed / 3.6), NpgsqlDbType.Double, cancellation);
            await copy.WriteAsync(false, NpgsqlDbType.Boolean, cancellation);
            await copy.WriteAsync(Ewkb.Line(edge.Points), NpgsqlDbType.Bytea, cancellation);
            await copy.WriteAsync(OsmRoads.ClassSpeedKmh(edge.Way), NpgsqlDbType.Real, cancellation);
            await copy.WriteAsync(OsmRoads.IsEmergencyOnly(edge.Way), NpgsqlDbType.Boolean, cancellation);
            await copy.WriteAsync(edge.Way.Hgv == "no", NpgsqlDbType.Boolean, cancellation);
            await copy.WriteAsync(OsmLimits.Meters(edge.Way.MaxHeight), NpgsqlDbType.Real, cancellation);
            await copy.WriteAsync(OsmLimits.Tonnes(edge.Way.MaxWeight), NpgsqlDbType.Real, cancellation);
            await copy.WriteAsync(OsmLimits.Meters(edge.Way.MaxWidth), NpgsqlDbType.Real, cancellation);
        }

        await copy.CompleteAsync(cancellation);
    }

    /// <summary>osm2pgsql's line leaves a node out that stands twice in a row; so must the list.</summary>
    private static long[] WithoutRepeats(long[] nodes) => [.. nodes.Where((node, index) => index == 0 || nodes[index - 1] != node)];
}
