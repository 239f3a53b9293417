using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Calls;

/// <summary><c>simulate telephony</c>, as a process of its own that knows a key and nothing else.</summary>
public sealed class SimulatedExchangeTests(CallCentre centre, TestCluster cluster) : IClassFixture<CallCentre>
{
    [Fact]
    public async Task Its_calls_ring_are_answered_at_the_seats_or_hang_up_and_say_by_their_numbers_that_they_are_synthetic()
    {
        string keyFile = Path.Combine(cluster.Folder.NewHome(), "key");
        await File.WriteAllTextAsync(keyFile, centre.ExchangeKey, TestContext.Current.CancellationToken);
        await using var exchange = ProductProcess.Start(
            "simulate", "telephony", "--url", $"{centre.Server.Address}", "--key-file", keyFile, "--calls", "40", "--per-minute", "6000", "--pace", "100",
            "--seats", "12", "13", "--dropped", "0.3", "--aml", "1", "--silent", "0");

        Call[] calls = await Eventually.GetAsync(
            async () =>
            {
                Assert.Empty(exchange.Errors);
                return (await centre.Desk.ReadAsync<CallList>("/api/calls")).Calls;
            },
            static calls => calls.Length == 40 && calls.All(call => !call.LineOpen), "forty calls have rung and are over", TimeSpan.FromSeconds(60));

        Assert.All(calls, call => Assert.StartsWith("120****", call.Number, StringComparison.Ordinal));
        Assert.Equal(["answered", "callBack"], calls.Select(call => call.Status).Distinct().Order());
        Assert.Equal(["12", "13"], calls.Where(call => call.Status == "answered").Select(call => call.Seat).Distinct().Order());
        Assert.All(calls.Where(call => call.Status == "answered"), call => Assert.Equal("aml", call.Place?.By));
    }
}
