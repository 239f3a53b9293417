using System.Collections.Immutable;

namespace GeoDispatch.Dispatch.Alarms;

/// <summary>An alarm that is open, or was until a moment ago.</summary>
/// <param name="Reach">Of the order that it is of; null where it is of none.</param>
internal sealed record KnownAlarm(Guid Id, int Version, AlarmState.Raised State, OrderReach? Reach = null);

/// <summary>What is to be done with an alarm.</summary>
/// <param name="AlarmId">Null for a new one.</param>
internal sealed record AlarmStep(Guid? AlarmId, AlarmCommand Command);

/// <summary>
/// Compares what is abnormal with the alarms that there are. Logic with memory: since when the condition of each alarm is away, for those that
/// clear only after a while. A restart forgets that, and they clear so much later. Pure: the moment is given.
/// </summary>
internal static class AlarmWatch
{
    /// <summary>What is to be done, and what to remember until the next look.</summary>
    /// <param name="standing">See <see cref="AlarmRules.Standing"/>.</param>
    /// <param name="known">Every open alarm, and those that ended within <see cref="AlarmDecider.SameAlarm"/>.</param>
    /// <param name="away">As of the last look; empty at first.</param>
    internal static (IReadOnlyList<AlarmStep> Steps, ImmutableDictionary<Guid, DateTimeOffset> Away) Look(
        IReadOnlyList<Condition> standing, IReadOnlyList<KnownAlarm> known, ImmutableDictionary<Guid, DateTimeOffset> away, DateTimeOffset now)
    {
        // Of several of a kind and subject the last counts: the others have ended.
        Dictionary<(string Kind, Guid Subject), KnownAlarm> alarms = known.OrderBy(static alarm => alarm.State.RaisedAt)
            .GroupBy(static alarm => (alarm.State.Kind.Code, alarm.State.Subject.Id)).ToDictionary(static same => same.Key, static same => same.Last());
        HashSet<(string Kind, Guid Subject)> present = [.. standing.Select(static condition => (condition.Kind.Code, condition.Subject.Id))];
        ImmutableDictionary<Guid, DateTimeOffset> stillAway = alarms.Where(alarm => alarm.Value.State.IsStanding && !present.Contains(alarm.Key))
            .ToImmutableDictionary(static alarm => alarm.Value.Id, alarm => away.GetValueOrDefault(alarm.Value.Id, now));
        List<AlarmStep> steps =
        [
            .. from condition in standing
               where now >= condition.Since + condition.Kind.Delay
               let alarm = alarms.GetValueOrDefault((condition.Kind.Code, condition.Subject.Id))
               where alarm is not { State.IsStanding: true }
               select new AlarmStep(alarm is not null && AlarmDecider.IsSame(alarm.State, now) ? alarm.Id : null, new AlarmCommand.Raise(condition)),
        ];
        foreach ((Guid id, _, AlarmState.Raised alarm, _) in alarms.Values)
        {
            if (stillAway.TryGetValue(id, out DateTimeOffset since) && now >= since + alarm.Kind.Delay)
            {
                steps.Add(new AlarmStep(id, new AlarmCommand.Clear()));
            }
            else if (AlarmDecider.EscalationOf(alarm, now) > alarm.Escalation)
            {
                steps.Add(new AlarmStep(id, new AlarmCommand.Escalate()));
            }

            if (AlarmDecider.IsBack(alarm, now))
            {
                steps.Add(new AlarmStep(id, new AlarmCommand.Return()));
            }
        }

        return (steps, stillAway);
    }
}
