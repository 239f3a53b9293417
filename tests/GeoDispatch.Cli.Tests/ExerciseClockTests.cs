using GeoDispatch.Host;

namespace GeoDispatch.Cli.Tests;

/// <summary>A stopwatch that moves when it is told to.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private long ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => ticks;

    internal TimeSpan Due { get; private set; }

    internal TimeSpan Period { get; private set; }

    internal void Step(double seconds) => ticks += TimeSpan.FromSeconds(seconds).Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SteppedTimer(this);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class SteppedTimer(SteppedTime time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            (time.Due, time.Period) = (dueTime, period);
            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

public sealed class ExerciseClockTests
{
    [Theory]
    [InlineData("2026-11-24T08:00+08:00@10", "2026-11-24T00:00:00Z", 10)]
    [InlineData("2026-11-24T08:00+08:00", "2026-11-24T00:00:00Z", 1)]
    [InlineData("2026-11-24T08:00Z@0.5", "2026-11-24T08:00:00Z", 0.5)]
    [InlineData("2026-11-24T08:00:30+08:00@600", "2026-11-24T00:00:30Z", 600)]
    public void A_start_and_a_speed_are_read(string text, string start, double speed)
    {
        Assert.True(ExerciseClock.TryParse(text, out DateTimeOffset readStart, out double readSpeed));
        Assert.Equal(DateTimeOffset.Parse(start, System.Globalization.CultureInfo.InvariantCulture), readStart);
        Assert.Equal(speed, readSpeed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("@10")]
    [InlineData("tomorrow@10")]
    [InlineData("2026-11-24T08:00+08:00@")]
    [InlineData("2026-11-24T08:00+08:00@fast")]
    [InlineData("2026-11-24T08:00+08:00@0")]
    [InlineData("2026-11-24T08:00+08:00@-1")]
    [InlineData("2026-11-24T08:00+08:00@1001")]
    [InlineData("2026-11-24T08:00+08:00@NaN")]
    [InlineData("2026-11-24T08:00+08:00@10@10")]
    public void What_is_no_start_and_speed_is_refused(string text) => Assert.False(ExerciseClock.TryParse(text, out _, out _));

    [Fact]
    public void The_time_of_day_runs_as_many_times_faster_as_asked()
    {
        var life = new SteppedTime();
        DateTimeOffset start = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);
        var clock = new ExerciseClock(start, 10, life);
        Assert.Equal(start, clock.GetUtcNow());
        life.Step(6);
        Assert.Equal(start.AddMinutes(1), clock.GetUtcNow());
    }

    [Theory]
    [InlineData(60, 20, 333)]
    [InlineData(0.5, 2, 4_000)]
    // No look at the board is that quick.
    [InlineData(1000, 20, 50)]
    public void A_timer_of_it_runs_as_fast_as_it_does(double speed, double seconds, int milliseconds)
    {
        var life = new SteppedTime();
        using ITimer timer = new ExerciseClock(default, speed, life).CreateTimer(static _ => { }, null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
        Assert.Equal((milliseconds, Timeout.InfiniteTimeSpan), ((int)life.Due.TotalMilliseconds, life.Period));
        timer.Change(TimeSpan.Zero, TimeSpan.FromSeconds(seconds));
        Assert.Equal((TimeSpan.Zero, milliseconds), (life.Due, (int)life.Period.TotalMilliseconds));
    }
}
