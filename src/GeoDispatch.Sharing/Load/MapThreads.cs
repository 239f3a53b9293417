using System.Diagnostics.CodeAnalysis;
using GeoDispatch.Postgres;
using Microsoft.Extensions.Hosting;

namespace GeoDispatch.Sharing.Load;

/// <summary>
/// A few threads for what the map computes: drawing, packing, writing of documents. The operating system runs them after the others, so that
/// a dispatcher's request, which comes on a thread of the pool, never stands behind an image. Whatever awaits on one of them comes back to
/// them; what libraries do in between stays on the pool.
/// </summary>
internal sealed class MapThreads : TaskScheduler, IHostedService
{
    // Not a BlockingCollection: who waits for that spins first, and takes the time of others.
    private readonly Queue<Task> waiting = new();
    private readonly Thread[] threads;
    private bool ended;

    public MapThreads(MapLoadSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        // Work in a hurry needs no turn, and yet a thread.
        threads = new Thread[settings.AtOnce + 2];
        for (int number = 0; number < threads.Length; number++)
        {
            threads[number] = new Thread(Work) { IsBackground = true, Name = $"map {number}" };
            threads[number].Start();
        }
    }

    public override int MaximumConcurrencyLevel => threads.Length;

    /// <summary>Begins the work here. It must not wait for another work of the map without giving its thread back, that is, by blocking.</summary>
    internal Task RunAsync(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    /// <inheritdoc cref="RunAsync(Func{Task})"/>
    internal Task<T> RunAsync<T>(Func<Task<T>> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// What is under way ends here, after the last request and before anything is disposed of: what draws must not lose its fonts. Nobody
    /// waits for the rest any more.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (waiting)
        {
            ended = true;
            Monitor.PulseAll(waiting);
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        return Task.CompletedTask;
    }

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (waiting)
        {
            return [.. waiting];
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (waiting)
        {
            waiting.Enqueue(task);
            Monitor.Pulse(waiting);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && Array.IndexOf(threads, Thread.CurrentThread) >= 0 && TryExecuteTask(task);

    private void Work()
    {
        Precedence.Background(0);
        while (TryNext(out Task? task))
        {
            TryExecuteTask(task);
        }
    }

    /// <summary>False at the end.</summary>
    private bool TryNext([NotNullWhen(true)] out Task? task)
    {
        lock (waiting)
        {
            while (waiting.Count == 0 && !ended)
            {
                Monitor.Wait(waiting);
            }

            task = ended ? null : waiting.Dequeue();
            return !ended;
        }
    }
}
