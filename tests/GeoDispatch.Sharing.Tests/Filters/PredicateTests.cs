using GeoDispatch.Cli.Cluster;
using GeoDispatch.Sharing.Filters;
using GeoDispatch.Testing;
using Npgsql;

[assembly: AssemblyFixture(typeof(TestCluster))]

namespace GeoDispatch.Sharing.Tests.Filters;

/// <summary>The data set of the standard's abstract tests, laid into a database once.</summary>
public sealed class StandardDataSet(TestCluster cluster)
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

    /// <summary>Loads it, or skips the test where it is absent. Theories of one class come one after another.</summary>
    public async Task LoadAsync()
    {
        string file = SharedData.OrSkip("data/standards/ogc/cql2/standard/data/ne110m4cql2.gpkg");
        if (database is not null)
        {
            return;
        }

        await PostgresTools.FindOrInstallAsync(Packages.PostGis | Packages.Oracles, mayInstall: true, static _ => { }, CancellationToken.None);
        database = await cluster.BlankAsync();
        var to = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        await Shell.MustRunAsync("ogr2ogr",
        [
            "-f", "PostgreSQL", $"PG:host='{to.Host}' port={to.Port} dbname={to.Database} user={to.Username} password='{to.Password}'",
            file, "-lco", "LAUNDER=NO", "-lco", "GEOMETRY_NAME=geom", "-lco", "SCHEMA=public",
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
    public static TheoryData<string> Sections => AnnexPredicates.Sections;

    [Fact]
    public void Every_class_with_predicates_is_there() => Assert.Equal(
        (11, 351), (Sections.Count, Sections.Sum(static section => AnnexPredicates.Of(section.Data).Count)));

    [Theory]
    [MemberData(nameof(Sections))]
    public async Task Predicates_keep_as_many_features_as_the_standard_says(string section)
    {
        await data.LoadAsync();
        IReadOnlyList<AnnexPredicate> predicates = AnnexPredicates.Of(section);
        var wrong = new List<string>();
        foreach (AnnexPredicate predicate in predicates)
        {
            (Expr? Filter, Postgres.Problem? Problem) text = Cql2Text.Parse(predicate.Text);
            string found = await AskAsync(predicate.Collection, text);
            if (found != predicate.Count)
            {
                wrong.Add($"{predicate.Text} of {predicate.Collection}: {found}, not {predicate.Count}");
            }

            if (text.Filter is not null && !text.Filter.Equals(Cql2Json.Parse(Cql2Writer.ToJson(text.Filter)).Filter))
            {
                wrong.Add($"{predicate.Text} is not {Cql2Writer.ToJson(text.Filter)}");
            }
        }

        output.WriteLine($"{predicates.Count} predicates");
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
