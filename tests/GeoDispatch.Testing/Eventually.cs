using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit;

namespace GeoDispatch.Testing;

/// <summary>Waits for what must come, no longer than it takes, with a deadline that only a failure meets.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Asks again and again until the answer satisfies.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> satisfies, string what, TimeSpan? within = null)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            T answer = await ask();
            if (satisfies(answer))
            {
                return answer;
            }

            if (watch.Elapsed >= (within ?? Patience))
            {
                Assert.Fail($"In {watch.Elapsed.TotalSeconds:0} s: {what}. Last: {answer}");
            }

            await Task.Delay(50);
        }
    }
}

/// <summary>What a hub told, in order, for a test that waits for it.</summary>
public sealed class Heard<T>
{
    private readonly ConcurrentQueue<T> all = new();

    /// <summary>To be called by the connection.</summary>
    public void Add(T told) => all.Enqueue(told);

    /// <summary>Everything so far.</summary>
    public T[] All => [.. all];

    /// <summary>The first that fits, waiting for it.</summary>
    public async Task<T> FirstAsync(Func<T, bool> fits, string what) =>
        (await Eventually.GetAsync(() => Task.FromResult(all.Where(fits).Take(1).ToArray()), found => found.Length > 0, what))[0];
}
