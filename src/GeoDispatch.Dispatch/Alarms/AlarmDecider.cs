using GeoDispatch.Dispatch.Streams;
using static GeoDispatch.Dispatch.Alarms.AlarmState;

namespace GeoDispatch.Dispatch.Alarms;

/// <summary>What somebody, or the keeper of the alarms, wants to be done with one.</summary>
internal abstract record AlarmCommand
{
    /// <summary>Also of one that was raised before, where it came back.</summary>
    internal sealed record Raise(Condition Condition) : AlarmCommand;

    internal sealed record Clear : AlarmCommand;

    /// <summary>Passes it on, where it is time to.</summary>
    internal sealed record Escalate : AlarmCommand;

    /// <summary>From the shelf, where its time is over.</summary>
    internal sealed record Return : AlarmCommand;

    internal sealed record Confirm(string By) : AlarmCommand;

    internal sealed record Shelve(string By, int Minutes, string Reason) : AlarmCommand;

    internal sealed record Unshelve : AlarmCommand;
}

/// <summary>Decides what a command does to an alarm. Pure: the time comes in with the command.</summary>
internal static class AlarmDecider
{
    /// <summary>What comes back within this time is the same alarm, counted once more.</summary>
    internal static readonly TimeSpan SameAlarm = TimeSpan.FromSeconds(60);

    /// <summary>An alarm of level 1 that nobody confirms goes to the next seat and the supervisor after this time.</summary>
    internal static readonly TimeSpan ToNextSeat = TimeSpan.FromSeconds(30);

    /// <summary>One of level 2 goes to the supervisor's list.</summary>
    internal static readonly TimeSpan ToSupervisor = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan ToTelephone = TimeSpan.FromSeconds(60);

    internal static Decision<AlarmEvent> Decide(AlarmState state, AlarmCommand command, DateTimeOffset now) => (state, command) switch
    {
        (NotRaised, AlarmCommand.Raise raise) => new AlarmRaised(raise.Condition.Kind.Code, raise.Condition.Subject, raise.Condition.Since),
        (NotRaised, _) => AlarmProblems.Unknown,
        (Raised alarm, AlarmCommand.Raise raise) => IsSame(alarm, now) && !alarm.IsStanding ? new AlarmRepeated(raise.Condition.Since) : Decision<AlarmEvent>.Nothing,
        (Raised alarm, AlarmCommand.Clear) => alarm.IsStanding ? new AlarmCleared() : Decision<AlarmEvent>.Nothing,
        (Raised alarm, AlarmCommand.Escalate) => EscalationOf(alarm, now) is var step && step > alarm.Escalation ? new AlarmEscalated(step) : Decision<AlarmEvent>.Nothing,
        (Raised alarm, AlarmCommand.Return) => IsBack(alarm, now) ? new AlarmUnshelved() : Decision<AlarmEvent>.Nothing,

        // Confirming says that somebody has seen it; it clears nothing.
        (Raised { Shelved: not null }, AlarmCommand.Confirm) => AlarmProblems.IsShelved,
        (Raised { Confirmed: not null }, AlarmCommand.Confirm) => Decision<AlarmEvent>.Nothing,
        (Raised, AlarmCommand.Confirm confirm) => new AlarmConfirmed(confirm.By),

        (Raised { Kind.Level: 1 }, AlarmCommand.Shelve) => AlarmProblems.NotShelvable,
        (Raised { Status: AlarmStatus.Ended }, AlarmCommand.Shelve) => AlarmProblems.Ended,
        (Raised, AlarmCommand.Shelve shelve) => new AlarmShelved(shelve.By, now.AddMinutes(shelve.Minutes), shelve.Reason),
        (Raised { Shelved: null }, AlarmCommand.Unshelve) => Decision<AlarmEvent>.Nothing,
        (Raised, AlarmCommand.Unshelve) => new AlarmUnshelved(),
        _ => throw new InvalidOperationException($"No decision for {command.GetType().Name} on {state.GetType().Name}."),
    };

    /// <summary>One more of its kind and subject would be this one, not a new one.</summary>
    internal static bool IsSame(Raised alarm, DateTimeOffset now) => alarm.Status != AlarmStatus.Ended || now - alarm.ClearedAt <= SameAlarm;

    /// <summary>Its time on the shelf is over.</summary>
    internal static bool IsBack(Raised alarm, DateTimeOffset now) => alarm.Shelved?.Until <= now;

    /// <summary>
    /// How far an alarm is to be passed on that nobody has confirmed: level 1 to the next seat and the supervisor after 30 s, by telephone after
    /// 60 s; level 2 to the supervisor's list after 120 s; level 3 to nobody.
    /// </summary>
    internal static int EscalationOf(Raised alarm, DateTimeOffset now) => (alarm.Status, alarm.Kind.Level, now - alarm.RaisedAt) switch
    {
        (AlarmStatus.Unconfirmed, 1, var age) when age >= ToTelephone => 2,
        (AlarmStatus.Unconfirmed, 1, var age) when age >= ToNextSeat => 1,
        (AlarmStatus.Unconfirmed, 2, var age) when age >= ToSupervisor => 1,
        _ => alarm.Escalation,
    };
}
