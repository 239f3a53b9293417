using GeoDispatch.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace GeoDispatch.Tracking.Tests;

/// <summary>Work in rounds is done at the start, when it is called, and again after it failed. No test waits for the clock: the next round is an hour away.</summary>
public sealed class RoundWorkerTests
{
    private sealed class Counting() : RoundWorker(TimeSpan.FromHours(1), NullLogger.Instance)
    {
        private readonly SemaphoreSlim allowed = new(0);

        internal int Begun { get; private set; }

        internal bool Fails { get; set; }

        internal void Call() => Wake();

        /// <summary>Lets one round end.</summary>
        internal void Release() => allowed.Release();

        protected internal override async Task KeepAsync(CancellationToken cancellation)
        {
            Begun++;
            await allowed.WaitAsync(cancellation);
            if (Fails)
            {
                throw new NpgsqlException("away");
            }
        }

        public override void Dispose()
        {
            base.Dispose();
            allowed.Dispose();
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_begins_the_next_round_at_once_and_calls_during_a_round_begin_one_more()
    {
        using var worker = new Counting();
        await worker.StartAsync(Cancellation);
        await BegunAsync(worker, 1);
        worker.Call();
        worker.Call();
        worker.Call();
        worker.Release();
        await BegunAsync(worker, 2);
        worker.Release();
        worker.Release();

        worker.Call();

        await BegunAsync(worker, 3);
        await worker.StopAsync(Cancellation);
        Assert.Equal(3, worker.Begun);
    }

    [Fact]
    public async Task A_round_that_failed_is_done_again_at_the_next_call()
    {
        using var worker = new Counting { Fails = true };
        await worker.StartAsync(Cancellation);
        worker.Release();
        await BegunAsync(worker, 1);

        worker.Call();

        await BegunAsync(worker, 2);
        await worker.StopAsync(Cancellation);
    }

    private static Task<int> BegunAsync(Counting worker, int rounds) =>
        Eventually.GetAsync(() => Task.FromResult(worker.Begun), begun => begun == rounds, $"round {rounds} begins");
}
