using System.Threading.Channels;
using GeoDispatch.Postgres;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests;

/// <summary>Every module that waits for notices of the database does so over one connection.</summary>
public sealed class ListenerTests(TestCluster cluster)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_channels_are_heard_over_one_connection_and_again_after_it_was_lost()
    {
        TestDatabase database = await cluster.BlankAsync();
        await using var databases = new Databases(database.ConnectionString);
        using var listener = new PgListener(databases);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        ChannelReader<string> first = Hear(listener, "one", end.Token), second = Hear(listener, "two", end.Token);
        Assert.Equal(PgListener.Reconnected, await first.ReadAsync(Cancellation));
        Assert.Equal(PgListener.Reconnected, await second.ReadAsync(Cancellation));
        ChannelReader<string> late = Hear(listener, "two", end.Token);
        Assert.Equal(PgListener.Reconnected, await late.ReadAsync(Cancellation));

        await database.ReadAsync<string>("SELECT pg_notify('one', 'for one')::text");
        await database.ReadAsync<string>("SELECT pg_notify('two', 'for two')::text");
        Assert.Equal("for one", await first.ReadAsync(Cancellation));
        Assert.Equal("for two", await second.ReadAsync(Cancellation));
        Assert.Equal("for two", await late.ReadAsync(Cancellation));

        Assert.Equal(1, await database.ReadAsync<int>(
            "SELECT count(pg_terminate_backend(pid))::int FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"));
        Assert.Equal(PgListener.Reconnected, await first.ReadAsync(Cancellation));
        Assert.Equal(PgListener.Reconnected, await late.ReadAsync(Cancellation));
        await database.ReadAsync<string>("SELECT pg_notify('two', 'again')::text");
        Assert.Equal("again", await late.ReadAsync(Cancellation));
        await end.CancelAsync();
    }

    private static ChannelReader<string> Hear(PgListener listener, string channel, CancellationToken cancellation)
    {
        var told = Channel.CreateUnbounded<string>();
        _ = Task.Run(
            async () =>
            {
                await foreach (string payload in listener.Listen(channel, cancellation))
                {
                    told.Writer.TryWrite(payload);
                }
            },
            CancellationToken.None);
        return told.Reader;
    }
}
