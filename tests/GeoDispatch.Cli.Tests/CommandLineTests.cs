using GeoDispatch.Testing;

namespace GeoDispatch.Cli.Tests;

/// <summary>The built command line, run as a person would.</summary>
public sealed class CommandLineTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private RunFolder folder = null!;

    public async ValueTask InitializeAsync() => folder = await RunFolder.TakeAsync();

    [Fact]
    public async Task Help_names_every_verb_in_both_languages() =>
        await SaysAsync(0, ["--help"], "up", "启动 / start everything", "migrate", "simulate");

    [Theory]
    [InlineData("--units", "0", "--units")]
    [InlineData("--pace", "1000", "--pace")]
    [InlineData("--url", "ftp://nowhere", "--url ftp://nowhere")]
    public async Task A_wrong_value_is_named_with_what_would_be_right(string option, string value, string says) =>
        await SaysAsync(1, ["simulate", option, value], says);

    [Fact]
    public async Task To_simulate_without_a_demo_city_says_what_to_run_first() =>
        await SaysAsync(1, ["simulate", "--home", folder.NewHome()], "run up first");

    [Fact]
    public async Task Two_that_share_one_home_are_told_to_choose_another()
    {
        string home = folder.NewHome();
        await using var held = new FileStream(Path.Combine(home, "up.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        await SaysAsync(1, ["migrate", "--home", home], "--home", home);
    }

    public ValueTask DisposeAsync() => folder.DisposeAsync();

    private static async Task SaysAsync(int exitCode, string[] arguments, params string[] parts)
    {
        await using ProductProcess product = ProductProcess.Start(arguments);
        int ended = await product.EndAsync(Patience);
        string said = product.ToString();
        Assert.All(parts, part => Assert.Contains(part, said, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Assert.Equal(exitCode, ended);
    }
}
