using System.Text.RegularExpressions;
using GeoDispatch.Testing;

namespace GeoDispatch.Architecture.Tests;

/// <summary>What the table of a standard's clauses names is there: a table that names what was renamed or deleted proves nothing.</summary>
public sealed partial class TraceabilityTests
{
    private static readonly string Table = File.ReadAllText(Path.Combine(Product.Sources, "GeoDispatch.Ems", "TRACEABILITY.md"));

    [Fact]
    public void Every_test_class_that_it_names_exists() => Assert.Empty(Missing(Table));

    [Fact]
    public void Every_path_that_it_names_exists()
    {
        string[] paths = [.. Quoted().Matches(Table).Select(static match => match.Groups["name"].Value).Where(static name => name.StartsWith("src/", StringComparison.Ordinal))];

        Assert.NotEmpty(paths);
        Assert.All(paths, static path => Assert.True(Path.Exists(Path.Combine(Product.Root, path)), path));
    }

    [Fact]
    public void Every_clause_says_what_is_not_covered_yet()
    {
        string[][] rows = [.. Table.Split('\n').Where(static line => Clause().IsMatch(line)).Select(static line => line.Split('|', StringSplitOptions.TrimEntries))];

        Assert.InRange(rows.Length, 14, 30);
        Assert.All(rows, static row => Assert.True(row is [_, _, _, _, _, { Length: > 1 }, _], string.Join('|', row)));
    }

    [Fact]
    public void A_test_class_that_was_deleted_is_found() => Assert.Equal(["NeverWrittenTests"], Missing("`TraceabilityTests`, `NeverWrittenTests`"));

    private static string[] Missing(string table)
    {
        string[] named = [.. Quoted().Matches(table).Select(static match => match.Groups["name"].Value).Where(static name => name.EndsWith("Tests", StringComparison.Ordinal)).Distinct()];
        Assert.NotEmpty(named);
        HashSet<string> written = [.. Directory.EnumerateFiles(Path.Combine(Product.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(static path => !SourceText.IsBuildOutput(path))
            .SelectMany(static path => TestClass().Matches(File.ReadAllText(path)).Select(static match => match.Groups["name"].Value))];
        return [.. named.Where(name => !written.Contains(name))];
    }

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^public sealed (partial )?class (?<name>\w+Tests)\b", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TestClass();

    [GeneratedRegex(@"^\| ([0-9]\.[0-9]|扩充)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Clause();
}
