namespace GeoDispatch.Benchmarks.Week;

/// <summary>
/// A clock for an exercise with simulated people: it stands while any of them does something, and then goes on at once to the moment at which
/// the next one wants to. So nobody is late because the machine is, and a week takes no longer than its work. Whoever waits by it in the server is
/// waited for as well: a watch that it woke has looked before it goes on.
/// </summary>
/// <param name="start">The first moment.</param>
/// <param name="mostSpeed">Seconds of the exercise in a second of life, at most; null for as fast as it goes.</param>
internal sealed class HeldClock(DateTimeOffset start, double? mostSpeed = null) : TimeProvider
{
    /// <summary>Of real time, for what the server was woken for and does not wait again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock turn = new();
    private readonly PriorityQueue<Due, (long Ticks, long Order)> waiting = new();
    private TaskCompletionSource quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? failure;
    private long now = start.UtcTicks, orders;
    private int people, busy, woken;

    /// <param name="IsPerson">Else a timer of the server.</param>
    private sealed record Due(Action Wake, bool IsPerson, Func<bool> IsOff);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref now), TimeSpan.Zero);

    /// <summary>Somebody acts from now on, until this has ended.</summary>
    internal void Begin(Func<Task> work)
    {
        lock (turn)
        {
            people++;
            busy++;
        }

        _ = Task.Run(async () =>
        {
            Task all = work();
            await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (turn)
            {
                failure ??= all.Exception;
                people--;
                busy--;
                TellQuiet();
            }
        });
    }

    /// <summary>Whoever acts waits; he waits for nothing else beside.</summary>
    /// <param name="seconds">Of the exercise; below 0 counts as 0.</param>
    internal Task WaitAsync(double seconds)
    {
        var wait = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (turn)
        {
            Add(new Due(wait.SetResult, IsPerson: true, static () => false), TimeSpan.FromSeconds(Math.Max(0, seconds)));
            busy--;
            TellQuiet();
        }

        return wait.Task;
    }

    /// <summary>Runs until nobody acts any more.</summary>
    internal async Task RunAsync()
    {
        while (true)
        {
            await QuietAsync();
            Due[] due;
            long before;
            lock (turn)
            {
                if (failure is not null)
                {
                    throw new InvalidOperationException("Somebody in the exercise failed.", failure);
                }

                if (people == 0)
                {
                    return;
                }

                before = now;
                due = TakeDue();
            }

            if (mostSpeed is { } speed && now > before)
            {
                await Task.Delay(TimeSpan.FromTicks((long)((now - before) / speed)));
            }

            foreach (Due one in due)
            {
                one.Wake();
            }
        }
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period != Timeout.InfiniteTimeSpan)
        {
            throw new NotSupportedException("Wait with Task.Delay: of a timer that comes again nobody knows whether what it woke has ended.");
        }

        var timer = new OneTime();
        lock (turn)
        {
            woken = Math.Max(0, woken - 1);
            Add(new Due(() => ThreadPool.QueueUserWorkItem(_ => callback(state)), IsPerson: false, () => timer.IsOff), dueTime);
            TellQuiet();
        }

        return timer;
    }

    private void Add(Due due, TimeSpan after) => waiting.Enqueue(due, (now + after.Ticks, orders++));

    /// <summary>All of the next moment, which becomes now.</summary>
    private Due[] TakeDue()
    {
        var due = new List<Due>();
        while (waiting.TryPeek(out Due? next, out (long Ticks, long) when) && (due.Count == 0 || when.Ticks <= now))
        {
            waiting.Dequeue();
            if (!next.IsOff())
            {
                Interlocked.Exchange(ref now, Math.Max(now, when.Ticks));
                due.Add(next);
            }
        }

        busy += due.Count(static one => one.IsPerson);
        woken += due.Count(static one => !one.IsPerson);
        return [.. due];
    }

    private async Task QuietAsync()
    {
        while (true)
        {
            Task changes;
            lock (turn)
            {
                if (busy == 0 && woken == 0)
                {
                    return;
                }

                quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                changes = quiet.Task;
            }

            if (await Task.WhenAny(changes, Task.Delay(Patience)) != changes)
            {
                lock (turn)
                {
                    woken = 0;
                }
            }
        }
    }

    private void TellQuiet()
    {
        if (busy == 0 && woken == 0)
        {
            quiet.TrySetResult();
        }
    }

    private sealed class OneTime : ITimer
    {
        private volatile bool isOff;

        internal bool IsOff => isOff;

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException("Make another one.");

        public void Dispose() => isOff = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
