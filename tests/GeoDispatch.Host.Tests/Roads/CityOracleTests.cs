using GeoDispatch.City.Import;
using GeoDispatch.Cli.Cluster;
using GeoDispatch.Postgres;
using GeoDispatch.Roads;
using GeoDispatch.Testing;
using Npgsql;

namespace GeoDispatch.Host.Tests.Roads;

/// <summary>
/// Real cities: what an import brings, against osmium; travel times under turn restrictions, against <c>pgr_dijkstraCost</c> of
/// pgRouting on a line graph that SQL builds here.
/// </summary>
public sealed class CityOracleTests(TestCluster cluster)
{
    private const int Pairs = 200;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("shanghai_center", 0)]
    [InlineData("monaco-latest", 45)]
    [InlineData("helsinki", 45)]
    [InlineData("liechtenstein-latest", 3)]
    public async Task Travel_times_of_200_pairs_and_of_every_restrictions_ends_are_those_of_the_oracle(string city, int restrictions)
    {
        string file = SharedData.OrSkip($"data/osm/{city}.osm.pbf");
        TestDatabase database = await cluster.EmptyAsync();
        await using var databases = new Databases(database.ConnectionString);
        OsmImportReport report = await ImportAsync(databases, file);
        Assert.Equal(await OsmiumDrivableWaysAsync(file), report.DrivableWays);
        Assert.Equal(restrictions, await database.CountAsync("(SELECT DISTINCT relation_id FROM city.turn_restriction) relation"));

        using var streets = new Streets(databases);
        RoadGraph graph = await streets.GetAsync(Cancellation);
        var random = new Random(report.Edges);
        List<(RoadPosition From, RoadPosition To)> pairs = [.. Enumerable.Range(0, Pairs).Select(_ => (Inside(random, graph), Inside(random, graph)))];
        pairs.AddRange(await EndsAsync(database, graph));

        double[] oracle = await AskAsync(database, graph, pairs, restricted: true);
        for (int pair = 0; pair < pairs.Count; pair++)
        {
            double ours = Seconds(graph, pairs[pair]);
            Assert.True(
                ours.Equals(oracle[pair]) || Math.Abs(ours - oracle[pair]) <= 1e-6,
                $"{city}, pair {pair}, street {graph.StreetId(pairs[pair].From)} to {graph.StreetId(pairs[pair].To)}: {ours}, oracle {oracle[pair]}");
        }

        double[] free = await AskAsync(database, graph, pairs, restricted: false);
        int differ = Enumerable.Range(0, pairs.Count).Count(pair => !free[pair].Equals(oracle[pair]) && Math.Abs(free[pair] - oracle[pair]) > 1e-6);
        TestContext.Current.SendDiagnosticMessage($"{city}: {pairs.Count} pairs, {differ} differ from the graph without restrictions");
        Assert.True(differ >= restrictions / 2, $"{city}: the restrictions change only {differ} answers of {pairs.Count}");
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("truncated")]
    [InlineData("random")]
    public async Task A_file_that_is_no_city_is_refused_and_the_city_stays(string what)
    {
        string file = SharedData.OrSkip("data/osm/monaco-latest.osm.pbf");
        TestDatabase database = await cluster.EmptyAsync();
        await using var databases = new Databases(database.ConnectionString);
        await ImportAsync(databases, file);
        string before = await FingerprintAsync(database);
        byte[] bytes = await File.ReadAllBytesAsync(file, Cancellation);
        byte[] noise = new byte[100_000];
        new Random(1).NextBytes(noise);
        string broken = Path.Combine(cluster.Folder.NewHome(), "broken.osm.pbf");
        await File.WriteAllBytesAsync(broken, what switch { "empty" => [], "truncated" => bytes[..200_000], _ => noise }, Cancellation);

        ImportRefusedException refusal = await Assert.ThrowsAsync<ImportRefusedException>(() => ImportAsync(databases, broken));

        Assert.Contains(broken, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, await FingerprintAsync(database));
    }

    [Fact]
    public async Task An_import_that_is_stopped_in_the_middle_leaves_the_city_as_it_was_and_the_next_one_works()
    {
        string monaco = SharedData.OrSkip("data/osm/monaco-latest.osm.pbf"), other = SharedData.OrSkip("data/osm/liechtenstein-latest.osm.pbf");
        TestDatabase database = await cluster.EmptyAsync();
        await using var databases = new Databases(database.ConnectionString);
        await ImportAsync(databases, monaco);
        string before = await FingerprintAsync(database);

        // The backends are ended as soon as the base map has been emptied and is being filled: what kill −9 of the importer does.
        await Assert.ThrowsAnyAsync<Exception>(() => ImportAsync(databases, other, line =>
        {
            if (line.StartsWith("建筑", StringComparison.Ordinal))
            {
                using var admin = new NpgsqlConnection(database.AdminConnectionString);
                admin.Open();
                using var end = new NpgsqlCommand(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", admin);
                end.ExecuteNonQuery();
            }
        }));

        NpgsqlConnection.ClearAllPools();
        Assert.Equal(before, await FingerprintAsync(database));
        Assert.True((await ImportAsync(databases, other)).DrivableWays > 0);
        Assert.Equal("liechtenstein", await database.ReadAsync<string>("SELECT name FROM share.profile"));
    }

    private static async Task<OsmImportReport> ImportAsync(Databases databases, string file, Action<string>? say = null)
    {
        string name = Path.GetFileName(file).Split('.', '-')[0];
        await PostgresTools.FindOrInstallAsync(Packages.PostGis | Packages.OsmImport, mayInstall: true, static _ => { }, Cancellation);
        return await OsmImport.RunAsync(
            databases.Batch, databases.ConnectionString, file, new CityWishes(name, name, null, "Asia/Shanghai"), say ?? (static _ => { }), Cancellation);
    }

    /// <summary>From the middle of the street that every restriction begins with, to the middle of the one it names.</summary>
    private static async Task<IEnumerable<(RoadPosition From, RoadPosition To)>> EndsAsync(TestDatabase database, RoadGraph graph)
    {
        List<long[]> ends = await database.ListAsync<long[]>(
            """
            SELECT ARRAY[a.id, b.id] FROM city.turn_restriction
            JOIN city.street a ON a.way_id = from_way AND via_node IN (a.from_node, a.to_node) AND a.drivable
            JOIN city.street b ON b.way_id = to_way AND via_node IN (b.from_node, b.to_node) AND b.drivable
            ORDER BY relation_id, a.id, b.id
            """);
        Dictionary<long, int> edgeOf = Enumerable.Range(0, graph.EdgeCount).ToDictionary(edge => graph.StreetId(new RoadPosition(edge, 0)));
        return ends.Select(end => (new RoadPosition(edgeOf[end[0]], 0.5), new RoadPosition(edgeOf[end[1]], 0.25)));
    }

    private static async Task<double[]> AskAsync(
        TestDatabase database, RoadGraph graph, IReadOnlyList<(RoadPosition From, RoadPosition To)> pairs, bool restricted)
    {
        await using var connection = new NpgsqlConnection(database.AdminConnectionString);
        await connection.OpenAsync(Cancellation);
        RoadPosition[] places = [.. pairs.Select(pair => pair.From), .. pairs.Select(pair => pair.To)];
        string sql = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Roads", "CityOracle.sql"), Cancellation);
        await using (var make = new NpgsqlCommand("CREATE EXTENSION IF NOT EXISTS pgrouting", connection))
        {
            await make.ExecuteNonQueryAsync(Cancellation);
        }

        await using (var turns = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 })
        {
            foreach (object value in (object[])
                [Enumerable.Range(0, places.Length).Select(static place => -1L - place).ToArray(), places.Select(graph.StreetId).ToArray(),
                    places.Select(static place => place.Fraction).ToArray(), pairs.Count, restricted])
            {
                turns.Parameters.Add(new NpgsqlParameter { Value = value });
            }

            await turns.ExecuteNonQueryAsync(Cancellation);
        }

        double[] seconds = Enumerable.Repeat(double.PositiveInfinity, pairs.Count).ToArray();
        await using var ask = new NpgsqlCommand(
            $"""
            SELECT start_vid, agg_cost FROM pgr_dijkstraCost(
                'SELECT id, source, target, cost, reverse_cost FROM oracle_turn',
                'SELECT -1 - i AS source, -1 - i - {pairs.Count} AS target FROM generate_series(0, {pairs.Count - 1}) i', directed => true)
            """,
            connection)
        { CommandTimeout = 200 };
        await using NpgsqlDataReader row = await ask.ExecuteReaderAsync(Cancellation);
        while (await row.ReadAsync(Cancellation))
        {
            seconds[-1 - row.GetInt64(0)] = row.GetDouble(1);
        }

        return seconds;
    }

    /// <summary>
    /// How many ways an ambulance may drive, counted in osmium's own listing of the file. A way of which a cut file has fewer than two
    /// nodes lies nowhere.
    /// </summary>
    private static async Task<int> OsmiumDrivableWaysAsync(string file)
    {
        HashSet<string> classes =
        [
            .. new[] { "motorway", "trunk", "primary", "secondary", "tertiary" }.SelectMany(static road => new[] { road, road + "_link" }),
            "unclassified", "residential", "living_street", "service", "road", "busway", "track",
        ];
        await PostgresTools.FindOrInstallAsync(Packages.PostGis | Packages.Oracles, mayInstall: true, static _ => { }, Cancellation);
        string listing = await Shell.MustRunAsync("osmium", ["cat", "-t", "way", "-f", "opl", file], cancellation: Cancellation);
        string located = await Shell.MustRunAsync("osmium", ["cat", "-t", "node", "-f", "opl", file], cancellation: Cancellation);
        HashSet<string> nodes = [.. located.Split('\n').Select(static line => line.Split(' ')[0])];
        return listing.Split('\n').Count(line =>
        {
            string[] refs = (line.Split(' ').FirstOrDefault(static part => part.StartsWith('N')) ?? "N")[1..].Split(',');
            if (refs.Distinct().Count(nodes.Contains) < 2)
            {
                return false;
            }

            Dictionary<string, string> tags = (line.Split(' ').FirstOrDefault(static part => part.StartsWith('T')) ?? "T")[1..]
                .Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static tag => tag.Split('=')).ToDictionary(static tag => tag[0], static tag => tag[1]);
            string? closed = tags.GetValueOrDefault("motor_vehicle") ?? tags.GetValueOrDefault("motorcar")
                ?? tags.GetValueOrDefault("vehicle") ?? tags.GetValueOrDefault("access");
            return classes.Contains(tags.GetValueOrDefault("highway") ?? "") && tags.GetValueOrDefault("area") != "yes"
                && (closed != "no" || tags.GetValueOrDefault("emergency") is "yes" or "designated");
        });
    }

    private static Task<string> FingerprintAsync(TestDatabase database) => database.ReadAsync<string>(
        """
        SELECT concat_ws(' ', (SELECT name FROM city.profile), (SELECT md5(string_agg(s::text, ',' ORDER BY id)) FROM city.street s),
            (SELECT count(*) FROM city.building), (SELECT count(*) FROM city.place_name), (SELECT count(*) FROM city.turn_restriction))
        """);

    private static RoadPosition Inside(Random random, RoadGraph graph) => new(random.Next(graph.EdgeCount), 0.05 + random.NextDouble() * 0.9);

    private static double Seconds(RoadGraph graph, (RoadPosition From, RoadPosition To) pair) =>
        graph.Nearest(pair.To, [pair.From], 1) is [var found] ? found.Seconds : double.PositiveInfinity;
}
