using GeoDispatch.Testing;

namespace GeoDispatch.Cli.Tests;

/// <summary>A console of three files, whose build writes down each time that it ran.</summary>
public sealed class ConsoleBuildTests : IAsyncLifetime
{
    private RunFolder folder = null!;
    private ProductFolders product = null!;

    public async ValueTask InitializeAsync()
    {
        folder = await RunFolder.TakeAsync();
        product = new ProductFolders(folder.NewHome());
        Directory.CreateDirectory(Path.Combine(product.Web, "src"));
        await WriteAsync("package.json", Package("mkdir -p dist && echo built >> dist/index.html"));
        // One package, from a folder: npm fetches nothing.
        await WriteAsync("own/package.json", """{ "name": "own", "version": "1.0.0" }""");
        await WriteAsync("package-lock.json", """
            { "name": "small", "version": "1.0.0", "lockfileVersion": 3, "packages": {
                "": { "name": "small", "version": "1.0.0", "dependencies": { "own": "file:own" } },
                "node_modules/own": { "resolved": "own", "link": true },
                "own": { "version": "1.0.0" } } }
            """);
        await WriteAsync("src/main.ts", "1");
    }

    [Fact]
    public async Task It_is_built_once_and_again_only_when_its_sources_changed()
    {
        await EnsureAsync();
        Assert.Equal(1, Builds());
        await EnsureAsync();
        await WriteAsync("dist/extra.js", "made by the build");
        await EnsureAsync();
        Assert.Equal(1, Builds());
        await WriteAsync("src/main.ts", "2");
        await EnsureAsync();
        Assert.Equal(2, Builds());
        File.Move(Path.Combine(product.Web, "src/main.ts"), Path.Combine(product.Web, "src/other.ts"));
        await EnsureAsync();
        Assert.Equal(3, Builds());
    }

    [Fact]
    public async Task Several_that_start_together_build_once()
    {
        await Task.WhenAll(EnsureAsync(), EnsureAsync(), EnsureAsync());
        Assert.Equal(1, Builds());
    }

    [Fact]
    public async Task A_build_that_failed_is_an_error_that_says_why_and_is_tried_again()
    {
        await WriteAsync("package.json", Package("echo no such type >&2; exit 2"));
        var failure = await Assert.ThrowsAsync<GeoDispatch.Cli.Cluster.SetupException>(EnsureAsync);
        Assert.Contains("no such type", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<GeoDispatch.Cli.Cluster.SetupException>(EnsureAsync);
    }

    [Fact]
    public async Task An_installed_product_without_sources_builds_nothing()
    {
        Directory.Delete(product.Web, recursive: true);
        await EnsureAsync();
        Assert.False(Directory.Exists(product.Web));
    }

    public ValueTask DisposeAsync() => folder.DisposeAsync();

    private Task EnsureAsync() => ConsoleBuild.EnsureAsync(product, _ => { }, TestContext.Current.CancellationToken);

    private static string Package(string build) =>
        $$"""{ "name": "small", "version": "1.0.0", "dependencies": { "own": "file:own" }, "scripts": { "build": "{{build}}" } }""";

    private int Builds() => File.ReadAllLines(Path.Combine(product.Console, "index.html")).Length;

    private Task WriteAsync(string name, string text)
    {
        string path = Path.Combine(product.Web, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return File.WriteAllTextAsync(path, text);
    }
}
