using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace GeoDispatch.Benchmarks.Dispatch;

/// <summary>What a replay of calls counts. Safe from any thread.</summary>
internal sealed class ReplayTally
{
    private readonly ConcurrentDictionary<string, int> refusals = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> lacking = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentBag<double>> waited = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<double> recommended = [], lost = [];
    private int calls, closed, sent, compared, milestones;

    internal int Calls => calls;

    internal int Closed => closed;

    internal int Refusals => refusals.Values.Sum();

    internal void Call() => Interlocked.Increment(ref calls);

    internal void Close() => Interlocked.Increment(ref closed);

    internal void Send() => Interlocked.Increment(ref sent);

    internal void Milestone() => Interlocked.Increment(ref milestones);

    /// <summary>Nobody of the agency was free at once.</summary>
    internal void Hold(string agency, double seconds) => waited.GetOrAdd(agency, static _ => []).Add(seconds);

    /// <summary>Nobody with the capability was free.</summary>
    internal void Lack(string capability) => lacking.AddOrUpdate(capability, 1, static (_, count) => count + 1);

    internal void Refuse(string code) => refusals.AddOrUpdate(code, 1, static (_, count) => count + 1);

    /// <summary>
    /// A recommendation, and beside it what the rule of Resgrid would have chosen on the same facts: of the five free units that are nearest by air
    /// line the one that is there first by road.
    /// </summary>
    internal void Recommend(double milliseconds, JsonElement answer)
    {
        recommended.Add(milliseconds);
        (double Meters, double Seconds)[] free = [.. answer.GetProperty("units").EnumerateArray()
            .Where(static unit => unit.GetProperty("way").GetString() == "available" && unit.GetProperty("seconds").ValueKind == JsonValueKind.Number)
            .Select(static unit => (unit.GetProperty("meters").GetDouble(), unit.GetProperty("seconds").GetDouble()))];
        if (free.Length > 0)
        {
            Interlocked.Increment(ref compared);
            double theirs = free.OrderBy(static unit => unit.Meters).Take(5).Min(static unit => unit.Seconds), ours = free.Min(static unit => unit.Seconds);
            lost.Add(theirs - ours);
        }
    }

    internal void Print(TimeSpan replayed, TimeSpan took)
    {
        double[] slower = [.. lost.Where(static seconds => seconds > 0.5).Order()];
        Say($"{replayed.TotalHours:0} hours of calls in {took.TotalMinutes:0.0} min: {calls} calls, {closed} handled to the close, {sent} units sent, {milestones} milestones");
        foreach ((string agency, ConcurrentBag<double> seconds) in waited)
        {
            Say($"{agency}: nobody free at once, or taken by another call in that moment, {seconds.Count} times; they waited p50 {At(seconds, 0.5) / 60:0.0} p99 {At(seconds, 0.99) / 60:0.0} min of the exercise");
        }

        Say($"asked for and not free, so that another of the agency was asked for: {Counts(lacking)}");
        Say($"refused: {Counts(refusals)}");
        Say($"recommendations: {recommended.Count}, p50 {At(recommended, 0.5):0.0} p95 {At(recommended, 0.95):0.0} p99 {At(recommended, 0.99):0.0} ms over HTTP");
        Say($"five nearest by air line, then road time: of {compared} choices {slower.Length} ({100.0 * slower.Length / Math.Max(1, compared):0.0} %) would have gone to a slower unit, {slower.Sum() / 3600:0.0} hours in all; of those median {At(slower, 0.5):0} s, p95 {At(slower, 0.95):0} s, most {At(slower, 1):0} s");
    }

    private static string Counts(ConcurrentDictionary<string, int> counts) =>
        counts.IsEmpty ? "nothing" : string.Join(", ", counts.OrderBy(static one => one.Key, StringComparer.Ordinal).Select(static one => $"{one.Key} {one.Value}"));

    private static double At(IEnumerable<double> values, double part)
    {
        double[] ordered = [.. values.Order()];
        return ordered.Length == 0 ? 0 : ordered[(int)Math.Min(ordered.Length - 1, part * ordered.Length)];
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
