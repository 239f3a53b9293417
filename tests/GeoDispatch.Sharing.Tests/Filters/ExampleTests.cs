using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Filters;
using GeoDispatch.Testing;

namespace GeoDispatch.Sharing.Tests.Filters;

/// <summary>The standard's own examples.</summary>
public sealed class ExampleTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("text", "*.txt")]
    [InlineData("json", "*.json")]
    public void Every_example_of_the_standard_is_read(string encoding, string files)
    {
        string[] all = Directory.GetFiles(Path.Combine(Examples(), encoding), files);
        output.WriteLine($"{all.Length} examples");
        Assert.NotEmpty(all);
        Assert.Empty(all.Select(file => (Path: file, Read(file).Problem)).Where(static read => read.Problem is not null)
            .Select(static read => $"{Path.GetFileName(read.Path)}: {read.Problem!.Detail}"));
    }

    [Fact]
    public void Text_and_JSON_of_one_example_are_one_filter()
    {
        string folder = Examples();
        var pairs = Directory.GetFiles(Path.Combine(folder, "text"))
            .Select(text => (Text: text, Json: Path.Combine(folder, "json", Path.GetFileNameWithoutExtension(text).Split("-alt")[0] + ".json")))
            .Where(static pair => File.Exists(pair.Json)).ToList();
        output.WriteLine($"{pairs.Count} pairs");
        Assert.NotEmpty(pairs);
        Assert.Empty(pairs.Where(static pair => !Equals(Read(pair.Text).Filter, Read(pair.Json).Filter))
            .Select(static pair => $"{Path.GetFileName(pair.Text)}: {Read(pair.Text)} is not {Read(pair.Json)}"));
    }

    private static string Examples() =>
        Path.Combine(Path.GetDirectoryName(SharedData.OrSkip("data/standards/ogc/cql2/standard/schema/cql2.bnf"))!, "examples");

    private static (Expr? Filter, Problem? Problem) Read(string file) =>
        Path.GetExtension(file) == ".json" ? Cql2Json.Parse(File.ReadAllText(file)) : Cql2Text.Parse(File.ReadAllText(file));
}
