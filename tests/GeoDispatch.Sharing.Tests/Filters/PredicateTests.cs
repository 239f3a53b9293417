using GeoDispatch.Cli.Cluster;
using GeoDispatch.Sharing.Filters;
using GeoDispatch.Testing;
using Npgsql;

[assembly: AssemblyFixture(typeof(TestCluster))]

namespace GeoDispatch.Sharing.Tests.Filters;

/// <summary>The data set of the standard's abstract tests, laid into a database once.</summary>
public sealed class StandardDataSet(TestCluster cluster) : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Tables = new(StringComparer.Ordinal)
    {
        ["C"] = "ne_110m_admin_0_countries",
        ["P"] = "ne_110m_populated_places_simple",
        ["R"] = "ne_110m_rivers_lake_centerlines",
    };

    private readonly Dictionary<string, Dictionary<string, QueryableColumn>> queryables = new(StringComparer.Ordinal);
    private TestDatabase? database;

    /// <summary>C, P or R → what may be asked of it.</summary>
    internal Dictionary<string, QueryableColumn> QueryablesOf(string collection) => queryables[collection];

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(SharedData.OrSkip("data/standards/ogc/cql2/standard/data/ne110m4cql2.gpkg")))
        {
            return;
        }

        await PostgresTools.FindOrInstallAsync(Packages.PostGis | Packages.Oracles, mayInstall: true, static _ => { }, CancellationToken.None);
        database = await cluster.BlankAsync();
        var to = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        await Shell.RunAsync("ogr2ogr",
        [
            "-f", "PostgreSQL", $"PG:host='{to.Host}' port={to.Port} dbname={to.Database} user={to.Username} password='{to.Password}'",
            SharedData.OrSkip("data/standards/ogc/cql2/standard/data/ne110m4cql2.gpkg"),
            "-lco", "LAUNDER=NO", "-lco", "GEOMETRY_NAME=geom", "-lco", "SCHEMA=public",
        ]);
        foreach ((string collection, string table) in Tables)
        {
            queryables[collection] = (await database.ListAsync<string>(
                    "SELECT column_name || '/' || udt_name FROM information_schema.columns WHERE table_name = $1", table))
                .Select(static column => column.Split('/'))
                .ToDictionary(static column => column[0], static column => new QueryableColumn($"\"{column[0]}\"", KindOf(column[1])), StringComparer.Ordinal);
        }
    }

    /// <summary>How many features a filter keeps.</summary>
    internal Task<long> CountAsync(string collection, CompiledFilter filter) =>
        database!.CountAsync($"\"{Tables[collection]}\" WHERE {filter.Sql}", [.. filter.Parameters]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static ValueKind KindOf(string type) => type switch
    {
        "bool" => ValueKind.Boolean,
        "date" => ValueKind.Date,
        "timestamptz" => ValueKind.Timestamp,
        "geometry" => ValueKind.Geometry,
        "varchar" or "text" => ValueKind.Text,
        _ => ValueKind.Number,
    };
}

/// <summary>Every predicate of the abstract tests keeps as many features as the standard says.</summary>
public sealed class PredicateTests(StandardDataSet data, ITestOutputHelper output) : IClassFixture<StandardDataSet>
{
    [Theory]
    [InlineData("basic-cql2")]
    [InlineData("logical combinations")]
    [InlineData("advanced-comparison-operators")]
    [InlineData("case-insensitive-comparison")]
    [InlineData("accent-insensitive-comparison")]
    [InlineData("basic-spatial-functions")]
    [InlineData("basic-spatial-functions-plus")]
    [InlineData("spatial-functions")]
    [InlineData("temporal-functions")]
    [InlineData("property-property")]
    [InlineData("arithmetic")]
    public async Task Predicates_keep_as_many_features_as_the_standard_says(string section)
    {
        string[][] rows = [.. (await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Filters", "ne110m4cql2.tsv"), TestContext.Current.CancellationToken))
            .Select(static line => line.Split('\t')).Where(row => row[0] == section)];
        Assert.NotEmpty(rows);
        var wrong = new List<string>();
        foreach (string[] row in rows)
        {
            string found = await AskAsync(row[1], Cql2Text.Parse(row[3]));
            if (found != row[2])
            {
                wrong.Add($"{row[3]} of {row[1]}: {found}, not {row[2]}");
            }
        }

        output.WriteLine($"{rows.Length} predicates");
        Assert.Empty(wrong);
    }

    private async Task<string> AskAsync(string collection, (Expr? Filter, Postgres.Problem? Problem) read)
    {
        if (read.Filter is null)
        {
            return read.Problem!.Detail;
        }

        (CompiledFilter? filter, Postgres.Problem? problem) = Cql2Sql.Compile(read.Filter, data.QueryablesOf(collection));
        try
        {
            return filter is null ? problem!.Detail : $"{await data.CountAsync(collection, filter)}";
        }
        catch (PostgresException failed)
        {
            return $"{failed.MessageText} in {filter!.Sql}";
        }
    }
}
