using System.Diagnostics;

namespace GeoDispatch.Benchmarks;

/// <summary>How many times better ours was, and how many times it should be.</summary>
/// <param name="OthersMet">False where the benchmark measures more than this one ratio, and another missed its aim.</param>
/// <param name="AtMost">True where less is better: the aim is the most that it may be.</param>
internal sealed record Verdict(double Ratio, double Aim, bool OthersMet = true, bool AtMost = false)
{
    internal bool IsMet => OthersMet && (AtMost ? Ratio <= Aim : Ratio >= Aim);
}

/// <summary>Times of one thing over one round, in milliseconds.</summary>
internal sealed class Measured
{
    private readonly List<double> milliseconds = [];

    internal double Median => At(0.5);

    internal double Mean => milliseconds.Average();

    internal async Task<T> TimeAsync<T>(Func<Task<T>> work)
    {
        long began = Stopwatch.GetTimestamp();
        T result = await work();
        milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        return result;
    }

    internal T Time<T>(Func<T> work)
    {
        long began = Stopwatch.GetTimestamp();
        T result = work();
        milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        return result;
    }

    /// <summary>The time that a part of the runs stayed under.</summary>
    internal double At(double part) => milliseconds.Order().ElementAt((int)Math.Min(milliseconds.Count - 1, part * milliseconds.Count));

    internal void AddAll(Measured other) => milliseconds.AddRange(other.milliseconds);
}

/// <summary>The median, by which rounds are compared.</summary>
internal static class Medians
{
    internal static double Median(this IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        return (ordered[(ordered.Length - 1) / 2] + ordered[ordered.Length / 2]) / 2;
    }
}
