using System.Collections.Concurrent;

namespace GeoDispatch.Identity;

/// <summary>What was read from the database, kept for a short while. What is not there is not kept.</summary>
/// <param name="age">How old an answer may be.</param>
/// <param name="most">At so many rows everything is dropped: simple, and far above what a city has.</param>
internal sealed class Remembered<T>(TimeSpan age, int most, TimeProvider clock)
    where T : class
{
    private readonly ConcurrentDictionary<Guid, (T Value, long ReadAt)> rows = new();
    private int forgettings;

    internal async ValueTask<T?> GetAsync(Guid id, Func<Guid, CancellationToken, Task<T?>> read, CancellationToken cancellation)
    {
        if (rows.TryGetValue(id, out (T Value, long ReadAt) row) && clock.GetElapsedTime(row.ReadAt) < age)
        {
            return row.Value;
        }

        int before = Volatile.Read(ref forgettings);
        long now = clock.GetTimestamp();
        T? value = await read(id, cancellation);
        if (value is null)
        {
            rows.TryRemove(id, out _);
            return null;
        }

        if (rows.Count >= most)
        {
            rows.Clear();
        }

        rows[id] = (value, now);
        // Somebody may have been told to forget while this was being read: then it may be the old row.
        if (before != Volatile.Read(ref forgettings))
        {
            rows.TryRemove(id, out _);
        }

        return value;
    }

    /// <summary>The next question is asked of the database. Null: every one.</summary>
    internal void Forget(Guid? id)
    {
        Interlocked.Increment(ref forgettings);
        if (id is { } one)
        {
            rows.TryRemove(one, out _);
        }
        else
        {
            rows.Clear();
        }
    }
}
