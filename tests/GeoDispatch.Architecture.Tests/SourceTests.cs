using System.Text.RegularExpressions;
using GeoDispatch.Testing;

namespace GeoDispatch.Architecture.Tests;

/// <summary>Reads the sources as text, without comments.</summary>
internal static partial class SourceText
{
    internal static bool IsBuildOutput(string path) => path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin");

    /// <summary>Every C# and SQL file of the server, and the SQL of the tilesets.</summary>
    internal static IEnumerable<(string Path, string Text)> All() =>
        new[] { Product.Sources, Product.Tiles }
            .SelectMany(root => Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
            .Where(path => Path.GetExtension(path) is ".cs" or ".sql" && !IsBuildOutput(path))
            .Select(path => (Path.GetRelativePath(Product.Root, path), WithoutComments(File.ReadAllText(path))));

    internal static string WithoutComments(string text) => Comment().Replace(text, "");

    [GeneratedRegex(@"^\s*//.*$|\s--\s.*$|^--.*$", RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Comment();
}

/// <summary>What the compiler cannot see: the SQL.</summary>
public sealed partial class SourceTests
{
    private static readonly Dictionary<string, string> OwnerOf = new(StringComparer.Ordinal)
    {
        ["identity"] = "Identity",
        ["city"] = "City",
        ["roads"] = "Roads",
        ["tracking"] = "Tracking",
        ["dispatch"] = "Dispatch",
        ["ems"] = "Ems",
        ["ems_care"] = "Ems",
        ["share"] = "Postgres",
    };

    [Fact]
    public void No_stamp_comes_from_the_clock_of_the_database() =>
        Assert.Empty(SourceText.All().SelectMany(file => DatabaseClocks(file.Text).Select(use => $"{file.Path}: {use}")));

    [Theory]
    [InlineData("INSERT INTO note (at) VALUES (now())", true)]
    [InlineData("at timestamptz DEFAULT CURRENT_TIMESTAMP", true)]
    [InlineData("UPDATE note SET at = clock_timestamp()", true)]
    [InlineData("WHERE at > current_date", true)]
    [InlineData("SELECT at FROM note -- as now() would", false)]
    [InlineData("    // never by now(), an exercise runs faster", false)]
    [InlineData("SELECT known, snow(1), currently FROM note", false)]
    public void A_stamp_by_the_database_is_found_and_nothing_else(string text, bool found) =>
        Assert.Equal(found, DatabaseClocks(SourceText.WithoutComments(text)).Any());

    [Fact]
    public void The_SQL_of_a_module_knows_no_schema_that_stands_above_it() =>
        Assert.Empty(SourceText.All().SelectMany(file => UpwardSchemas(ModuleOf(file.Path), file.Text).Select(schema => $"{file.Path}: {schema}")));

    [Fact]
    public void The_shared_map_reads_the_share_views_alone_beside_what_it_says_of_them_and_whose_they_are()
    {
        IEnumerable<(string Path, string Text)> sharing = SourceText.All().Where(file => ModuleOf(file.Path) == "Sharing");
        Assert.NotEmpty(sharing);
        Assert.Empty(sharing.SelectMany(file => Schemas(file.Text.Replace("identity.department", "", StringComparison.Ordinal))
            .Where(schema => schema is not ("share" or "sharing")).Select(schema => $"{file.Path}: {schema}")));
    }

    [Theory]
    [InlineData("Tracking", "SELECT id FROM dispatch.unit", "dispatch")]
    [InlineData("Sharing", "SELECT id FROM\n    city.street", "city")]
    [InlineData("Dispatch", "INSERT INTO ems_care.note VALUES (1)", "ems_care")]
    [InlineData("City", "CREATE TABLE city.x (id uuid REFERENCES tracking.vehicle)", "tracking")]
    public void SQL_that_looks_up_is_found(string module, string text, string schema) => Assert.Equal([schema], UpwardSchemas(module, text));

    [Fact]
    public void SQL_that_looks_down_is_left_alone() =>
        Assert.Empty(UpwardSchemas("Dispatch", "SELECT * FROM dispatch.unit JOIN tracking.vehicle ON true; CREATE VIEW share.units AS SELECT 1"));

    /// <summary>Tilesets belong to the shared map.</summary>
    private static string ModuleOf(string path) =>
        path.StartsWith("tiles", StringComparison.Ordinal) ? "Sharing" : path.Split(Path.DirectorySeparatorChar)[1]["GeoDispatch.".Length..];

    private static IEnumerable<string> DatabaseClocks(string text) => DatabaseClock().Matches(text).Select(match => match.Value);

    private static IEnumerable<string> Schemas(string text) => Qualified().Matches(text).Select(match => match.Groups["schema"].Value).Distinct();

    private static IEnumerable<string> UpwardSchemas(string module, string text)
    {
        HashSet<string> below = Below(module);
        return Schemas(text).Where(schema => schema != "share" && !below.Contains(OwnerOf[schema]));
    }

    private static HashSet<string> Below(string module) => [module, .. Modules.Arrows[module].SelectMany(Below)];

    [GeneratedRegex(@"(?<![\w.])(now\(\)|NOW\(\)|(?i:current_timestamp|current_date|current_time|localtimestamp|clock_timestamp|statement_timestamp|transaction_timestamp))(?!\w)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex DatabaseClock();

    [GeneratedRegex(@"\b(?:FROM|JOIN|INTO|UPDATE|TABLE|VIEW|REFERENCES|ON|COPY|ANALYZE|FUNCTION)\s+(?:ONLY\s+)?(?<schema>identity|city|roads|tracking|dispatch|ems_care|ems|share)\.[a-z]", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Qualified();
}
