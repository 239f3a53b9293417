using System.Globalization;

namespace GeoDispatch.Host;

/// <summary>
/// A clock for exercises: starts at a chosen moment and runs faster or slower than life. Timers made by it run as it does, so that who waits by it
/// looks as often as in life; those of the machine keep to real time.
/// </summary>
public sealed class ExerciseClock(DateTimeOffset start, double speed, TimeProvider real) : TimeProvider
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);

    private readonly long began = real.GetTimestamp();

    /// <summary>Seconds of exercise in a second of life, above 0, at most 1,000.</summary>
    public double Speed => speed;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => (start + real.GetElapsedTime(began) * speed).ToUniversalTime();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new ExerciseTimer(this, real.CreateTimer(callback, state, OfLife(dueTime), OfLife(period)));

    /// <summary>Of real time, but no shorter than a look at the board may take; 0 and infinite stay what they are.</summary>
    private TimeSpan OfLife(TimeSpan asked) => asked <= TimeSpan.Zero ? asked : asked / speed > Shortest ? asked / speed : Shortest;

    /// <summary>Reads <c>START@SPEED</c>, such as <c>2026-11-24T08:00+08:00@10</c>. The speed may be left out: 1.</summary>
    public static bool TryParse(string text, out DateTimeOffset start, out double speed)
    {
        string[] parts = text.Split('@');
        speed = 1;
        return DateTimeOffset.TryParse(parts[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out start)
            && (parts.Length == 1
                || (parts.Length == 2
                    && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out speed)
                    && speed is > 0 and <= 1000));
    }

    private sealed class ExerciseTimer(ExerciseClock clock, ITimer life) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => life.Change(clock.OfLife(dueTime), clock.OfLife(period));

        public void Dispose() => life.Dispose();

        public ValueTask DisposeAsync() => life.DisposeAsync();
    }
}

/// <summary><c>GET /api/clock</c>: what time it is here, for a console that counts seconds.</summary>
internal static class ReadClock
{
    internal sealed record Clock(DateTimeOffset Now, double Speed, bool Exercise);

    internal static void MapClock(this IEndpointRouteBuilder routes) => routes.MapGet("/api/clock", (TimeProvider clock) =>
        new Clock(clock.GetUtcNow(), (clock as ExerciseClock)?.Speed ?? 1, clock is ExerciseClock)).WithTags("clock");
}
