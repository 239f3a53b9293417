using System.Collections.Concurrent;
using System.Globalization;
using GeoDispatch.Tracking.Fixes;
using HdrHistogram;

namespace GeoDispatch.Cli.LoadTest;

/// <summary>What a load test counts and measures; safe for all devices at once, of a fixed size however long it runs.</summary>
/// <param name="measuredFrom">Times of fixes that were due before are not measured.</param>
internal sealed class LoadFigures(DateTimeOffset measuredFrom)
{
    private const int MostReasons = 50;

    // 10 µs to an hour, to three digits.
    private readonly LongHistogram waits = new(1, TimeSpan.FromHours(1).Ticks / TicksPerUnit, 3);
    private readonly Lock turn = new();
    private const long TicksPerUnit = 10 * TimeSpan.TicksPerMicrosecond;
    private readonly ConcurrentDictionary<string, int> reasons = new(StringComparer.Ordinal);
    private long made, acknowledged, givenUp, refused;

    internal long MadeCount => Interlocked.Read(ref made);

    internal long AcknowledgedCount => Interlocked.Read(ref acknowledged);

    internal long RefusedCount => Interlocked.Read(ref refused);

    internal long Waiting => MadeCount - AcknowledgedCount - RefusedCount - Interlocked.Read(ref givenUp);

    internal void Made() => Interlocked.Increment(ref made);

    internal void GivenUp() => Interlocked.Increment(ref givenUp);

    internal void Refused(int fixes) => Interlocked.Add(ref refused, fixes);

    internal void Failed(string reason)
    {
        if (reasons.Count < MostReasons || reasons.ContainsKey(reason))
        {
            reasons.AddOrUpdate(reason, 1, static (_, count) => count + 1);
        }
    }

    internal void Acknowledged(IReadOnlyList<(AvlFix Fix, DateTimeOffset Due)> fixes, DateTimeOffset now)
    {
        Interlocked.Add(ref acknowledged, fixes.Count);
        lock (turn)
        {
            foreach ((_, DateTimeOffset due) in fixes)
            {
                if (due >= measuredFrom)
                {
                    waits.RecordValue(Math.Clamp((now - due).Ticks / TicksPerUnit, 1, waits.HighestTrackableValue));
                }
            }
        }
    }

    /// <summary>The time in milliseconds from when a fix was due to its acknowledgement, that so many of 100 stayed under; 0 where none was measured yet.</summary>
    internal double Milliseconds(double percent)
    {
        lock (turn)
        {
            return waits.TotalCount == 0 ? 0 : waits.GetValueAtPercentile(percent) / 100.0;
        }
    }

    internal string Say() => string.Create(
        CultureInfo.InvariantCulture,
        $"made {MadeCount}, acknowledged {AcknowledgedCount}, waiting {Waiting}, given up {Interlocked.Read(ref givenUp)}, refused {RefusedCount}; "
        + $"fix to acknowledgement p50 {Milliseconds(50):0.0} p95 {Milliseconds(95):0.0} p99 {Milliseconds(99):0.0} max {Milliseconds(100):0.0} ms");

    /// <summary>Why messages were not acknowledged, the most frequent first; empty where all were.</summary>
    internal string SayReasons() => string.Join(
        ", ", reasons.OrderByDescending(static reason => reason.Value).Select(static reason => $"{reason.Value} × {reason.Key}"));
}
