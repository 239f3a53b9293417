using System.Collections.Immutable;
using FsCheck.Fluent;
using GeoDispatch.Dispatch.Alarms;

namespace GeoDispatch.Dispatch.Tests.Alarms;

/// <summary>A keeper that looks, a board that changes under it, and a dispatcher who does things in between.</summary>
internal sealed class WatchedDesk
{
    internal static readonly AlarmKind[] Kinds = [AlarmKind.IncidentWaiting, AlarmKind.OrderUnconfirmed, AlarmKind.UnitStill, AlarmKind.DeviceOffline];

    private readonly AlarmSubject[] subjects = [.. Kinds.Select(static _ => new AlarmSubject(Guid.NewGuid(), null, null, null, "A12", null))];
    private readonly DateTimeOffset?[] since = new DateTimeOffset?[Kinds.Length];
    private readonly Dictionary<Guid, AlarmState.Raised> alarms = [];
    private ImmutableDictionary<Guid, DateTimeOffset> away = ImmutableDictionary<Guid, DateTimeOffset>.Empty;

    internal DateTimeOffset Now { get; private set; } = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    internal DateTimeOffset? Since(int kind) => since[kind];

    internal bool IsAbnormal(int kind) => since[kind] is not null;

    internal IEnumerable<AlarmState.Raised> Open(int kind) => Every(kind).Where(static alarm => alarm.Status != AlarmStatus.Ended);

    internal IEnumerable<AlarmState.Raised> Every(int kind) => alarms.Values.Where(alarm => alarm.Kind == Kinds[kind]);

    internal void Turn(int kind, bool abnormal) => since[kind] = abnormal ? since[kind] ?? Now : null;

    /// <summary>A dispatcher does something with the open alarm of a kind, where there is one; gives whether he was let.</summary>
    internal bool Do(int kind, AlarmCommand command)
    {
        Guid id = alarms.FirstOrDefault(alarm => alarm.Value.Kind == Kinds[kind] && alarm.Value.Status != AlarmStatus.Ended).Key;
        return id != Guid.Empty && Carry(id, alarms[id], command);
    }

    internal void WaitAndLook(int seconds)
    {
        Now = Now.AddSeconds(seconds);
        Condition[] standing = [.. Enumerable.Range(0, Kinds.Length).Where(IsAbnormal).Select(kind => new Condition(Kinds[kind], subjects[kind], since[kind]!.Value))];
        KnownAlarm[] known = [.. alarms.Where(alarm => AlarmDecider.IsSame(alarm.Value, Now)).Select(static alarm => new KnownAlarm(alarm.Key, 1, alarm.Value))];
        (IReadOnlyList<AlarmStep> steps, away) = AlarmWatch.Look(standing, known, away, Now);
        foreach (AlarmStep step in steps)
        {
            Carry(step.AlarmId ?? Guid.NewGuid(), step.AlarmId is { } id ? alarms[id] : AlarmState.None, step.Command);
        }
    }

    private bool Carry(Guid id, AlarmState state, AlarmCommand command)
    {
        var decision = AlarmDecider.Decide(state, command, Now);
        foreach (AlarmEvent happened in decision.Events)
        {
            state = state.Apply(happened, Now);
            alarms[id] = (AlarmState.Raised)state;
        }

        return decision.Refusal is null;
    }
}

public sealed class AlarmWatchTests
{
    private const int Waiting = 0, Unconfirmed = 1, Still = 2, Offline = 3;

    private sealed record Move(int What, int Kind, int Seconds);

    [Fact]
    public void Whatever_happens_no_alarm_is_lost_and_confirming_clears_none() =>
        FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Gen.ListOf(Moves()).ToArbitrary(), static moves =>
        {
            var desk = new WatchedDesk();
            bool unseen = false, wasWaiting = false;
            foreach (Move move in moves)
            {
                AlarmState.Raised[] before = [.. desk.Open(move.Kind)];
                switch (move.What)
                {
                    case 0 or 1:
                        desk.Turn(move.Kind, move.What == 0);
                        break;
                    case 2 when desk.Do(move.Kind, new AlarmCommand.Confirm("王调度")):
                        unseen &= move.Kind != Waiting;
                        // What stood stands, and is still open.
                        Assert.Equal(before.Where(static alarm => alarm.IsStanding).Select(static alarm => alarm.Since), desk.Open(move.Kind).Select(static alarm => alarm.Since));
                        break;
                    case 3:
                        Assert.False(desk.Do(move.Kind, new AlarmCommand.Shelve("王调度", 15, "终端检修")) && move.Kind == Waiting);
                        break;
                    case 4:
                        desk.Do(move.Kind, new AlarmCommand.Unshelve());
                        break;
                }

                desk.WaitAndLook(move.Seconds);
                unseen |= desk.IsAbnormal(Waiting) && !wasWaiting;
                wasWaiting = desk.IsAbnormal(Waiting);
                for (int kind = 0; kind < WatchedDesk.Kinds.Length; kind++)
                {
                    Assert.True(desk.Open(kind).Count() <= 1);
                    Assert.True(
                        desk.Since(kind) is not { } since || desk.Now < since + WatchedDesk.Kinds[kind].Delay || desk.Open(kind).Any(static alarm => alarm.IsStanding),
                        $"{WatchedDesk.Kinds[kind].Code} stands, and no alarm says so.");
                }

                Assert.True(!unseen || desk.Open(Waiting).Any(static alarm => alarm.Confirmed is null), "An alarm of level 1 that nobody has seen is gone.");
            }
        }));

    [Fact]
    public void What_was_confirmed_ends_when_it_is_over_and_what_is_over_ends_when_it_is_confirmed()
    {
        var desk = new WatchedDesk();
        desk.Turn(Waiting, true);
        desk.Turn(Unconfirmed, true);
        desk.WaitAndLook(2);
        desk.Do(Waiting, new AlarmCommand.Confirm("王调度"));
        Assert.Equal(AlarmStatus.Confirmed, desk.Open(Waiting).Single().Status);
        desk.Turn(Waiting, false);
        desk.Turn(Unconfirmed, false);
        desk.WaitAndLook(2);

        Assert.Empty(desk.Open(Waiting));
        Assert.Equal(AlarmStatus.ClearedUnconfirmed, desk.Open(Unconfirmed).Single().Status);
        desk.Do(Unconfirmed, new AlarmCommand.Confirm("王调度"));
        Assert.Empty(desk.Open(Unconfirmed));
    }

    [Fact]
    public void What_comes_back_within_a_minute_is_one_alarm_with_a_count_and_later_another()
    {
        var desk = new WatchedDesk();
        foreach (int pause in new[] { 20, 20, 90 })
        {
            desk.Turn(Waiting, true);
            desk.WaitAndLook(2);
            desk.Do(Waiting, new AlarmCommand.Confirm("王调度"));
            desk.Turn(Waiting, false);
            desk.WaitAndLook(2);
            desk.WaitAndLook(pause);
        }

        Assert.Equal(3, Assert.Single(desk.Every(Waiting)).Count);
        desk.Turn(Waiting, true);
        desk.WaitAndLook(2);
        Assert.Equal(1, desk.Open(Waiting).Single().Count);
    }

    [Fact]
    public void What_is_measured_is_raised_and_cleared_half_a_minute_later()
    {
        var desk = new WatchedDesk();
        desk.Turn(Still, true);
        desk.WaitAndLook(29);
        Assert.Empty(desk.Open(Still));
        desk.WaitAndLook(1);
        Assert.True(desk.Open(Still).Single().IsStanding);

        desk.Turn(Still, false);
        desk.WaitAndLook(2);
        desk.WaitAndLook(29);
        Assert.True(desk.Open(Still).Single().IsStanding);
        desk.WaitAndLook(1);
        Assert.False(desk.Open(Still).Single().IsStanding);
    }

    [Fact]
    public void What_was_shelved_comes_back_by_itself()
    {
        var desk = new WatchedDesk();
        desk.Turn(Offline, true);
        desk.WaitAndLook(30);
        desk.Do(Offline, new AlarmCommand.Shelve("王调度", 15, "终端检修"));
        desk.WaitAndLook(899);
        Assert.Equal(AlarmStatus.Shelved, desk.Open(Offline).Single().Status);
        desk.WaitAndLook(1);
        Assert.Equal(AlarmStatus.Unconfirmed, desk.Open(Offline).Single().Status);
    }

    private static FsCheck.Gen<Move> Moves() =>
        from what in Gen.Choose(0, 5)
        from kind in Gen.Choose(0, WatchedDesk.Kinds.Length - 1)
        from seconds in Gen.Elements(1, 2, 10, 31, 61, 901)
        select new Move(what, kind, seconds);
}
