using System.Collections.Concurrent;
using GeoDispatch.Postgres;

namespace GeoDispatch.Sharing.Load;

/// <summary>
/// A few threads for what the map computes: drawing, packing, writing of documents. The operating system runs them after the others, so that
/// a dispatcher's request, which comes on a thread of the pool, never stands behind an image. Whatever awaits on one of them comes back to
/// them; what libraries do in between stays on the pool.
/// </summary>
internal sealed class MapThreads : TaskScheduler, IDisposable
{
    private readonly BlockingCollection<Task> waiting = [];
    private readonly Thread[] threads;

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

    public void Dispose() => waiting.CompleteAdding();

    protected override IEnumerable<Task> GetScheduledTasks() => [.. waiting];

    protected override void QueueTask(Task task)
    {
        try
        {
            waiting.Add(task);
        }
        catch (InvalidOperationException)
        {
            // The server has stopped: what is left ends on the pool.
            ThreadPool.UnsafeQueueUserWorkItem(static left => left.Scheduler.TryExecuteTask(left.Task), (Scheduler: this, Task: task), preferLocal: false);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && Array.IndexOf(threads, Thread.CurrentThread) >= 0 && TryExecuteTask(task);

    private void Work()
    {
        Precedence.Background(0);
        foreach (Task task in waiting.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
        }
    }
}
