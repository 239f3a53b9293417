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
    // 500 pairs of random places.
    private const int Starts = 25, Ends = 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("shanghai_center.osm.pbf", 0)]
    [InlineData("monaco-latest.osm.pbf", 45)]
    [InlineData("helsinki.osm.pbf", 45)]
    [InlineData("liechtenstein-latest.osm.pbf", 3)]
    [InlineData("andorra.osm.pbf", null)]
    [InlineData("columbus-ohio-otp.osm.pbf", null)]
    [InlineData("sao-paulo-spo.osm.pbf", null)]
    [InlineData("nantong_dispatchflow.osm", null)]
    public async Task Nearest_three_matrix_and_routes_are_those_of_the_oracle(string name, int? restrictions)
    {
        string file = await SortedAsync(SharedData.OrSkip($"data/osm/{name}"));
        TestDatabase database = await cluster.EmptyAsync();
        await using var databases = new Databases(database.ConnectionString);
        OsmImportReport report = await ImportAsync(databases, file);
        Assert.Equal(await OsmiumDrivableWaysAsync(file), report.DrivableWays);
        long relations = await database.CountAsync("(SELECT DISTINCT relation_id FROM city.turn_restriction) relation");
        Assert.Equal(restrictions ?? relations, relations);

        using var streets = new Streets(databases, TimeProvider.System);
        RoadGraph graph = await streets.GetGraphAsync(Cancellation);
        var random = new Random(report.Edges);
        RoadPosition[] starts = [.. Enumerable.Range(0, Starts).Select(_ => Anywhere(random, graph))], ends = [.. Enumerable.Range(0, Ends).Select(_ => Anywhere(random, graph))];
        (RoadPosition From, RoadPosition To)[] turns = [.. await EndsAsync(database, graph)];
        // Every twentieth street is closed, one of them under a place where a drive begins and one where it ends.
        int[] closed = [.. Enumerable.Range(0, graph.EdgeCount / 20).Select(_ => random.Next(graph.EdgeCount)).Append(starts[0].Edge).Append(ends[0].Edge).SelectMany(edge => new[] { 2 * edge, 2 * edge + 1 })];
        long[] closedArcs = [.. closed.Select(arc => 2 * graph.StreetId(new RoadPosition(arc / 2, 0)) + arc % 2)];
        RoadCondition[] closures = [new RoadCondition(Guid.Empty, closed, 0, EmergencyPasses: false)];
        TurnCosts emergency = TurnCosts.Of(RoadProfile.Emergency), normal = TurnCosts.Of(RoadProfile.Normal);

        double[] restricted = await CompareAsync("as given", RoadMoment.AsGiven(), new LineGraph(database, "emergency", TurnCosts.None, "given", false, []));
        await CompareAsync(
            "emergency, closures", new RoadMoment(RoadProfile.Emergency) { HourOfWeek = 3, Conditions = closures },
            new LineGraph(database, "emergency", emergency, "emergency", false, closedArcs));
        await CompareAsync(
            "normal at rush hour", new RoadMoment(RoadProfile.Normal) { HourOfWeek = 8 }, new LineGraph(database, "all", normal, "normal", true, []));

        double[] free = await new LineGraph(database, "none", TurnCosts.None, "given", false, []).PairsAsync(
            graph, [.. turns.Select(pair => pair.From)], [.. turns.Select(pair => pair.To)], Cancellation);
        int differ = Enumerable.Range(0, turns.Length).Count(pair => !Same(free[pair], restricted[pair]));
        Assert.True(differ >= turns.Length / 4, $"{name}: the {relations} restrictions change only {differ} answers of {turns.Length}");

        async Task<double[]> CompareAsync(string what, RoadMoment moment, LineGraph lineGraph)
        {
            RoadNetwork network = graph.At(moment);
            double[,] oracle = await lineGraph.SecondsAsync(graph, starts, ends, Cancellation);
            for (int end = 0; end < Ends; end++)
            {
                double[] expected = [.. Enumerable.Range(0, Starts).Select(start => oracle[start, end])];
                double[] matrix = new double[Starts];
                Array.Fill(matrix, double.PositiveInfinity);
                foreach ((int start, double seconds) in network.Nearest(ends[end], [.. starts], Starts))
                {
                    matrix[start] = seconds;
                }

                (int Start, double Seconds)[] nearest = [.. network.Nearest(ends[end], [.. starts], 3)];
                double[] first = [.. expected.Where(double.IsFinite).Order().Take(3)];
                Assert.True(
                    nearest.Length == first.Length && nearest.Index().All(found => Same(found.Item.Seconds, first[found.Index]) && Same(found.Item.Seconds, expected[found.Item.Start])),
                    $"{name}, {what}, to {end}: nearest {string.Join(", ", nearest)}, oracle {string.Join(", ", first)}");
                for (int start = 0; start < Starts; start++)
                {
                    double route = network.Route(starts[start], ends[end])?.Seconds ?? double.PositiveInfinity;
                    Assert.True(
                        Same(matrix[start], expected[start]) && Same(route, expected[start]),
                        $"{name}, {what}, street {graph.StreetId(starts[start])} to {graph.StreetId(ends[end])}: matrix {matrix[start]}, route {route}, oracle {expected[start]}");
                }
            }

            double[] ours = [.. turns.Select(pair => Seconds(network, pair))];
            double[] theirs = await lineGraph.PairsAsync(graph, [.. turns.Select(pair => pair.From)], [.. turns.Select(pair => pair.To)], Cancellation);
            for (int pair = 0; pair < turns.Length; pair++)
            {
                Assert.True(Same(ours[pair], theirs[pair]), $"{name}, {what}, restriction {pair}: {ours[pair]}, oracle {theirs[pair]}");
            }

            return ours;
        }
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

    /// <summary>The file of Columbus has its nodes in no order, which osm2pgsql refuses.</summary>
    private async Task<string> SortedAsync(string file)
    {
        if (!Path.GetFileName(file).StartsWith("columbus", StringComparison.Ordinal))
        {
            return file;
        }

        await PostgresTools.FindOrInstallAsync(Packages.PostGis | Packages.Oracles, mayInstall: true, static _ => { }, Cancellation);
        string sorted = Path.Combine(cluster.Folder.NewHome(), "columbus.osm.pbf");
        await Shell.MustRunAsync("osmium", ["sort", file, "-o", sorted], cancellation: Cancellation);
        return sorted;
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
            (SELECT count(*) FROM city.building), (SELECT count(*) FROM city.address), (SELECT count(*) FROM city.poi), (SELECT count(*) FROM city.alias), (SELECT count(*) FROM city.turn_restriction))
        """);

    // Now and then at a crossing itself.
    private static RoadPosition Anywhere(Random random, RoadGraph graph) =>
        new(random.Next(graph.EdgeCount), random.Next(10) switch { 0 => 0, 1 => 1, _ => random.NextDouble() });

    private static bool Same(double a, double b) => a.Equals(b) || Math.Abs(a - b) <= 1e-6;

    private static double Seconds(RoadNetwork network, (RoadPosition From, RoadPosition To) pair) =>
        network.Nearest(pair.To, [pair.From], 1) is [var found] ? found.Seconds : double.PositiveInfinity;
}
