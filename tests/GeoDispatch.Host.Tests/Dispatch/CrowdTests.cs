using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Dispatch;

/// <summary>Everybody reads the board in the same moment: nobody waits for a connection that another one holds while it waits for the next.</summary>
public sealed class CrowdTests(TestCluster cluster) : IAsyncLifetime
{
    private readonly RunningServer server = new(cluster) { Clock = new HastyClock() };

    public ValueTask InitializeAsync() => server.InitializeAsync();

    [Fact]
    public async Task Two_hundred_boards_at_once_are_served_though_each_asks_anew_which_city_this_is()
    {
        Session desk = await server.DispatcherAsync();

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => desk.GetAsync("/api/board")));

        Assert.All(answers, static answer => Assert.True(answer.Status == 200, answer.ToString()));
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    /// <summary>Life's own time of day; but between two looks at it a minute has passed, so that nothing that was read serves a second time.</summary>
    private sealed class HastyClock : TimeProvider
    {
        private long looks;

        public override long GetTimestamp() => base.GetTimestamp() + (Interlocked.Increment(ref looks) * 60 * TimestampFrequency);
    }
}
