using System.Collections.Concurrent;

namespace GeoDispatch.Sharing.Access;

/// <summary>What came of reads since they were last written to the database, in memory and bounded.</summary>
internal sealed class UnwrittenReads
{
    // Whoever asks more questions than this in five minutes, of all readers together, has the rest under one name.
    private const int MostQuestions = 20_000;
    private const int MostCounts = 50_000;
    private static readonly TimeSpan Slot = TimeSpan.FromMinutes(5);
    private static readonly TimeZoneInfo CityTime = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    private readonly ConcurrentDictionary<CountKey, Counted> counts = new();
    private readonly ConcurrentDictionary<AuditKey, Audited> audits = new();
    private volatile CityDay today = new(default, 0, 0);

    internal readonly record struct CountKey(DateTime Day, string Layer, string Protocol, string Department, string Reader);

    internal readonly record struct AuditKey(string Layer, Guid AccountId, string Protocol, string Question, DateTime Slot);

    /// <summary>A row of the counts, and what has come to it since it was last written.</summary>
    private sealed class Counted
    {
        private long reads;

        internal void Add(long more) => Interlocked.Add(ref reads, more);

        internal long Take() => Interlocked.Exchange(ref reads, 0);
    }

    /// <summary>A row of the audit, and what has come to it since it was last written.</summary>
    internal sealed class Audited
    {
        private long reads;
        private long features;

        internal void Add(long moreReads, long moreFeatures)
        {
            Interlocked.Add(ref reads, moreReads);
            Interlocked.Add(ref features, moreFeatures);
        }

        internal (long Reads, long Features) Take() => (Interlocked.Exchange(ref reads, 0), Interlocked.Exchange(ref features, 0));
    }

    /// <summary>A day of the city's time, from one tick of UTC until another.</summary>
    private sealed record CityDay(DateTime Day, long From, long Until);

    internal void Count(string layer, string protocol, LayerReader reader, DateTimeOffset now)
    {
        var key = new CountKey(DayOf(now), layer, protocol, reader.Department ?? "", reader.Name);
        if (!counts.TryGetValue(key, out Counted? counted))
        {
            key = counts.Count >= MostCounts ? key with { Reader = "…" } : key;
            counted = counts.GetOrAdd(key, static _ => new Counted());
        }

        counted.Add(1);
    }

    /// <summary>The row of a question within its five minutes; null where the database has none of it yet.</summary>
    internal (AuditKey Key, Audited? Entry) Find(string layer, Guid account, string protocol, string question, DateTimeOffset now)
    {
        var key = new AuditKey(layer, account, protocol, question, new DateTime(now.UtcTicks - (now.UtcTicks % Slot.Ticks), DateTimeKind.Utc));
        // To count a concurrent dictionary takes all of its locks: only what is new is worth them.
        if (!audits.TryGetValue(key, out Audited? entry) && audits.Count >= MostQuestions)
        {
            key = key with { Question = "…" };
            audits.TryGetValue(key, out entry);
        }

        return (key, entry);
    }

    /// <summary>The row, which the database now has.</summary>
    internal Audited Begin(AuditKey key) => audits.GetOrAdd(key, static _ => new Audited());

    internal IEnumerable<(CountKey Key, long Reads)> TakeCounts(DateTimeOffset now)
    {
        // Nothing comes to a day that was over a day ago.
        DateTime old = DayOf(now).AddDays(-1);
        foreach ((CountKey key, Counted counted) in counts)
        {
            if (key.Day < old)
            {
                counts.TryRemove(key, out _);
            }

            if (counted.Take() is > 0 and long reads)
            {
                yield return (key, reads);
            }
        }
    }

    internal IEnumerable<(AuditKey Key, long Reads, long Features)> TakeAudits(DateTimeOffset now)
    {
        // An answer of the last slot may still be on its way and say how many features it gave.
        DateTime old = now.UtcDateTime - Slot - Slot;
        foreach ((AuditKey key, Audited entry) in audits)
        {
            if (key.Slot < old)
            {
                audits.TryRemove(key, out _);
            }

            (long reads, long features) = entry.Take();
            if (reads > 0 || features > 0)
            {
                yield return (key, reads, features);
            }
        }
    }

    /// <summary>What was taken and could not be written: for the next time.</summary>
    internal void PutBack(IEnumerable<(CountKey Key, long Reads)> counted, IEnumerable<(AuditKey Key, long Reads, long Features)> audited)
    {
        foreach ((CountKey key, long reads) in counted)
        {
            counts.GetOrAdd(key, static _ => new Counted()).Add(reads);
        }

        foreach ((AuditKey key, long reads, long features) in audited)
        {
            Begin(key).Add(reads, features);
        }
    }

    private DateTime DayOf(DateTimeOffset now)
    {
        CityDay known = today;
        if (now.UtcTicks < known.From || now.UtcTicks >= known.Until)
        {
            DateTimeOffset here = TimeZoneInfo.ConvertTime(now, CityTime);
            long from = now.UtcTicks - here.TimeOfDay.Ticks;
            today = known = new CityDay(here.Date, from, from + TimeSpan.TicksPerDay);
        }

        return known.Day;
    }
}
