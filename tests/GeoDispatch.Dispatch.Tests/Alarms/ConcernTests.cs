using GeoDispatch.Dispatch.Alarms;
using GeoDispatch.Dispatch.Calls;

namespace GeoDispatch.Dispatch.Tests.Alarms;

/// <summary>At which desks an alarm sounds.</summary>
public sealed class ConcernTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Seats as <c>9 12 3*</c>, the supervisor's with a star; concerns as <c>own:9 next:12</c>, every desk as <c>all</c>.</summary>
    [Theory]
    [InlineData(1, "9", 0, "9 12 3*", "own:9")]
    [InlineData(1, "9", 30, "9 12 3*", "own:9 next:12 supervisor:3")]
    [InlineData(1, "9", 60, "9 12 3*", "own:9 next:12 supervisor:3")]
    // By number, not by letter, and round from the last to the first; what is no number comes after.
    [InlineData(1, "9", 30, "12 100 9", "own:9 next:12")]
    [InlineData(1, "100", 30, "12 100 9", "own:100 next:9")]
    [InlineData(1, "100", 30, "12 100 9 A1", "own:100 next:A1")]
    [InlineData(1, "9", 30, "9 12* 3", "own:9 next:12 supervisor:12")]
    [InlineData(1, "9", 30, "9 12 3* 4*", "own:9 next:12 supervisor:3 supervisor:4")]
    // Nobody else is there to whom it could be passed on.
    [InlineData(1, "9", 30, "9", "own:9 all")]
    [InlineData(1, "9", 30, "9*", "own:9 all")]
    // Where nobody sits at its own seat it is everybody's from the first moment.
    [InlineData(1, "9", 0, "12 3*", "all")]
    [InlineData(1, "9", 30, "12 3*", "all next:12 supervisor:3")]
    [InlineData(1, "9", 0, "", "all")]
    [InlineData(1, null, 0, "9 12", "all")]
    [InlineData(1, null, 30, "9 12", "all")]
    // Level 2 goes to the supervisor's list alone, and later.
    [InlineData(2, "9", 60, "9 12 3*", "own:9")]
    [InlineData(2, "9", 120, "9 12 3*", "own:9 supervisor:3")]
    [InlineData(2, "9", 120, "9 12", "own:9 all")]
    [InlineData(3, "9", 3600, "9 12 3*", "own:9")]
    public void An_alarm_concerns_its_seat_then_the_next_and_the_supervisor_and_never_nobody(int level, string? seat, int seconds, string taken, string concerned)
    {
        AlarmState.Raised alarm = After(level, seat, seconds);
        TakenSeat[] seats = [.. taken.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => new TakenSeat(one.TrimEnd('*'), one.EndsWith('*')))];

        Assert.Equal(concerned, string.Join(' ', Concern.Of(alarm, seats).Select(Short)));
    }

    [Fact]
    public void It_says_since_when()
    {
        IReadOnlyList<Concern> concerned = Concern.Of(After(1, "9", 45), [new TakenSeat("9", false), new TakenSeat("12", true)]);

        Assert.Equal([Start, Start.AddSeconds(30), Start.AddSeconds(30)], concerned.Select(concern => concern.Since));
    }

    private static AlarmState.Raised After(int level, string? seat, int seconds)
    {
        AlarmKind kind = AlarmKind.All.First(one => one.Level == level);
        AlarmState raised = AlarmState.None.Apply(new AlarmRaised(kind.Code, new AlarmSubject(Guid.NewGuid(), null, null, null, null, seat), Start), Start);
        DateTimeOffset now = Start.AddSeconds(seconds);
        return (AlarmState.Raised)AlarmDecider.Decide(raised, new AlarmCommand.Escalate(), now).Events.Aggregate(raised, (state, happened) => state.Apply(happened, now));
    }

    private static string Short(Concern concern) => concern.Whom switch
    {
        "everyDesk" => "all",
        "ownSeat" => $"own:{concern.Seat}",
        "nextSeat" => $"next:{concern.Seat}",
        _ => $"{concern.Whom}:{concern.Seat}",
    };
}
