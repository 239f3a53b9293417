using GeoDispatch.Spatial;
using Npgsql;

namespace GeoDispatch.City.Places;

/// <summary>Reads everything that has a name from the tables of the base map.</summary>
internal sealed class GazetteerReader(NpgsqlConnection connection)
{
    /// <summary>Points kept of a street, to rank by how near it is.</summary>
    private const int MostAlong = 60;

    private readonly Dictionary<string, string> districts = new(StringComparer.Ordinal);
    private readonly List<Named> named = [];

    internal async Task<Gazetteer> ReadAsync(CancellationToken cancellation)
    {
        await EachAsync("SELECT code, name FROM city.district", row => districts[row.GetString(0)] = row.GetString(1), cancellation);
        await ReadStreetsAsync(cancellation);
        await EachAsync(
            "SELECT id, kind, name, name_en, district_code, ST_X(geom), ST_Y(geom), synthetic FROM city.place ORDER BY id",
            row => AddPoint("place", row, static (sort, _) => sort switch
            {
                "city" => "市 / City",
                "county" => "区县 / County",
                "town" => "乡镇街道 / Town",
                _ => "村 / Village",
            }),
            cancellation);
        await EachAsync(
            "SELECT id, kind, name, name_en, district_code, ST_X(geom), ST_Y(geom), synthetic FROM city.poi ORDER BY id",
            row => AddPoint("poi", row, static (sort, english) => english ?? sort), cancellation);
        return new Gazetteer(named, await AliasesAsync(cancellation), await CrossingsAsync(cancellation), await PostsAsync(cancellation));
    }

    private async Task ReadStreetsAsync(CancellationToken cancellation)
    {
        var streets = new Dictionary<(string Name, string District), (long Id, string? English, bool Synthetic, HashSet<LonLat> Along)>();
        await EachAsync(
            """
            SELECT id, name, name_en, district_code, synthetic, ST_X(ST_StartPoint(geom)), ST_Y(ST_StartPoint(geom)), ST_X(ST_EndPoint(geom)), ST_Y(ST_EndPoint(geom))
            FROM city.street WHERE name IS NOT NULL ORDER BY id
            """,
            row =>
            {
                (string, string) key = (row.GetString(1), District(row, 3));
                if (!streets.TryGetValue(key, out (long Id, string? English, bool Synthetic, HashSet<LonLat> Along) street))
                {
                    streets[key] = street = (row.GetInt64(0), Text(row, 2), row.GetBoolean(4), []);
                }

                street.Along.Add(new LonLat(row.GetDouble(5), row.GetDouble(6)));
                street.Along.Add(new LonLat(row.GetDouble(7), row.GetDouble(8)));
            },
            cancellation);
        var houses = new Dictionary<(string Name, string District), List<(int Id, int Number, string Written, LonLat At)>>();
        await EachAsync(
            "SELECT id::integer, street_name, number, house_number, district_code, ST_X(geom), ST_Y(geom) FROM city.address WHERE number IS NOT NULL",
            row =>
            {
                (string, string) key = (row.GetString(1), District(row, 4));
                (houses.TryGetValue(key, out List<(int Id, int Number, string Written, LonLat At)>? known) ? known : houses[key] = [])
                    .Add((row.GetInt32(0), row.GetInt32(2), row.GetString(3), new LonLat(row.GetDouble(5), row.GetDouble(6))));
            },
            cancellation);
        foreach (((string name, string district), (long id, string? english, bool synthetic, HashSet<LonLat> along)) in streets)
        {
            houses.Remove((name, district), out List<(int Id, int Number, string Written, LonLat At)>? known);
            LonLat[] points = [.. along];
            var middle = new LonLat(points.Average(static point => point.Lon), points.Average(static point => point.Lat));
            named.Add(new Named(
                FormattableString.Invariant($"street:{id}"), "street", "", name, english, "道路 / Street", district,
                points.MinBy(point => Geodesy.DistanceMeters(point, middle)), synthetic, [.. points.Where((_, at) => at % (points.Length / MostAlong + 1) == 0)])
            { Houses = known is null ? null : new HouseNumbers(known) });
        }

        // Houses whose street is not on the map, or lies across a border.
        foreach (((string name, string district), List<(int Id, int Number, string Written, LonLat At)> known) in houses)
        {
            named.Add(new Named($"houses:{name}:{district}", "street", "", name, null, "道路 / Street", district, known[0].At, false, [])
            { Houses = new HouseNumbers(known), IsOnMap = false });
        }
    }

    private void AddPoint(string kind, NpgsqlDataReader row, Func<string, string?, string> detail)
    {
        (string sort, string? english) = (row.GetString(1), Text(row, 3));
        named.Add(new Named(
            FormattableString.Invariant($"{kind}:{row.GetInt64(0)}"), kind, sort, row.GetString(2), english, detail(sort, english), District(row, 4),
            new LonLat(row.GetDouble(5), row.GetDouble(6)), row.GetBoolean(7), []));
    }

    private async Task<List<(int Of, string Kind, string Name)>> AliasesAsync(CancellationToken cancellation)
    {
        ILookup<string, int> byId = named.Index().ToLookup(static one => one.Item.Kind == "street" ? one.Item.Name : one.Item.Id, static one => one.Index);
        var aliases = new List<(int Of, string Kind, string Name)>();
        await EachAsync(
            "SELECT coalesce(of_street, of_kind || ':' || of_id), kind, name FROM city.alias ORDER BY id",
            row => aliases.AddRange(byId[row.GetString(0)].Select(of => (of, row.GetString(1), row.GetString(2)))), cancellation);
        return aliases;
    }

    /// <summary>Every pair of streets that meet: where a third one comes in, any two of them may be said (city.crossing has one pair for a node).</summary>
    private async Task<List<NamedCrossing>> CrossingsAsync(CancellationToken cancellation)
    {
        var crossings = new List<NamedCrossing>();
        await EachAsync(
            """
            SELECT node, array_agg(DISTINCT name COLLATE "C"), min(ST_X(geom)), min(ST_Y(geom))
            FROM (
                SELECT from_node AS node, name, ST_StartPoint(geom) AS geom FROM city.street WHERE name IS NOT NULL AND drivable
                UNION ALL
                SELECT to_node, name, ST_EndPoint(geom) FROM city.street WHERE name IS NOT NULL AND drivable
            ) ends
            GROUP BY node HAVING count(DISTINCT name) > 1 ORDER BY node
            """,
            row =>
            {
                string[] streets = row.GetFieldValue<string[]>(1);
                var at = new LonLat(row.GetDouble(2), row.GetDouble(3));
                for (int other = 1; other < streets.Length; other++)
                {
                    crossings.AddRange(streets[..other].Select(one => new NamedCrossing(row.GetInt64(0), one, streets[other], at)));
                }
            },
            cancellation);
        return crossings;
    }

    private async Task<List<KmPosts>> PostsAsync(CancellationToken cancellation)
    {
        var stones = new List<(string Road, string? Ref, double Km, LonLat At)>();
        await EachAsync(
            "SELECT road, ref, km, ST_X(geom), ST_Y(geom) FROM city.km_post ORDER BY road, km, id",
            row => stones.Add((row.GetString(0), Text(row, 1), row.GetDouble(2), new LonLat(row.GetDouble(3), row.GetDouble(4)))), cancellation);
        var lines = new Dictionary<string, List<Segment>>(StringComparer.Ordinal);
        await EachAsync(
            "SELECT coalesce(name, ref), id, ST_AsBinary(geom, 'NDR') FROM city.street WHERE coalesce(name, ref) IN (SELECT road FROM city.km_post)",
            row =>
            {
                List<Segment> line = lines.TryGetValue(row.GetString(0), out List<Segment>? begun) ? begun : lines[row.GetString(0)] = [];
                LonLat[] points = Wkb.ReadLine(row.GetFieldValue<byte[]>(2), row.GetInt64(1));
                line.AddRange(points.Zip(points.Skip(1), static (from, to) => new Segment(from, to)));
            },
            cancellation);
        return [.. stones.GroupBy(static stone => (stone.Road, stone.Ref)).Select(road => new KmPosts(
            road.Key.Road, road.Key.Ref, [.. road.DistinctBy(static stone => stone.Km).Select(static stone => (stone.Km, stone.At))],
            [.. lines.GetValueOrDefault(road.Key.Road) ?? []]))];
    }

    private async Task EachAsync(string sql, Action<NpgsqlDataReader> read, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            read(row);
        }
    }

    private string District(NpgsqlDataReader row, int column) => Text(row, column) is { } code ? districts.GetValueOrDefault(code, "") : "";

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
