using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Streams;
using GeoDispatch.Postgres;

namespace GeoDispatch.Dispatch.Units;

/// <summary>What somebody wants to be done with a unit, already checked for form.</summary>
internal abstract record UnitCommand
{
    /// <param name="From">Null for now.</param>
    internal sealed record LogOn(IReadOnlyList<CrewMember> Crew, DateTimeOffset? From, DateTimeOffset Until) : UnitCommand;

    internal sealed record LogOff : UnitCommand;

    internal sealed record NameCrew(IReadOnlyList<CrewMember> Crew) : UnitCommand;

    internal sealed record TakeOut(string Reason, string? Words, DateTimeOffset? Until) : UnitCommand;

    internal sealed record BringBack : UnitCommand;

    /// <summary>The time has passed until which it was taken out.</summary>
    internal sealed record ComeBack : UnitCommand;

    internal sealed record MoveToPost(string Name, double Lon, double Lat) : UnitCommand;

    internal sealed record LeavePost : UnitCommand;

    internal sealed record ChangeCapabilities(IReadOnlyList<string> Capabilities) : UnitCommand;

    internal sealed record ChangeRest(int Minutes) : UnitCommand;

    internal sealed record ChangeStation(Guid StationId) : UnitCommand;
}

/// <summary>What a decision has to know of a unit beside its own log.</summary>
/// <param name="IncidentNumber">Of the incident that it works on; null where on none.</param>
/// <param name="Zone">In which times are said.</param>
internal sealed record UnitFacts(
    string CallSign, string? IncidentNumber, IReadOnlyList<CrewMember> Crew, IReadOnlyList<string> Capabilities, int RestMinutes, Guid StationId,
    TimeZoneInfo Zone);

/// <summary>Decides what a command does to a unit. Pure: the time and what is known of the unit come in with the command.</summary>
internal static class UnitDecider
{
    internal static readonly TimeSpan LongestShift = TimeSpan.FromHours(24);
    internal static readonly TimeSpan LongestOut = TimeSpan.FromDays(90);

    /// <summary>How far ahead of ours a crew's clock may be.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(30);

    internal static Decision<UnitEvent> Decide(UnitState state, UnitCommand command, UnitFacts unit, DateTimeOffset now) => command switch
    {
        UnitCommand.NameCrew when !state.Duty.OnDuty => UnitProblems.OffDuty(unit.CallSign),
        UnitCommand.NameCrew name => name.Crew.SequenceEqual(unit.Crew) ? Decision<UnitEvent>.Nothing : new CrewNamed(name.Crew),
        UnitCommand.ChangeCapabilities change => change.Capabilities.Order().SequenceEqual(unit.Capabilities.Order())
            ? Decision<UnitEvent>.Nothing
            : new CapabilitiesChanged(unit.Capabilities, change.Capabilities),
        UnitCommand.ChangeRest rest => rest.Minutes == unit.RestMinutes ? Decision<UnitEvent>.Nothing : new RestRuleChanged(unit.RestMinutes, rest.Minutes),
        UnitCommand.ChangeStation(var station) => station == unit.StationId ? Decision<UnitEvent>.Nothing : new StationChanged(unit.StationId, station),
        _ when unit.IncidentNumber is { } number => UnitProblems.AtWork(unit.CallSign, number),
        UnitCommand.LogOn on => LogOn(on, now),
        UnitCommand.LogOff => state.Duty.OnDuty ? new CrewLoggedOff() : Decision<UnitEvent>.Nothing,
        UnitCommand.TakeOut take => TakeOut(state, take, now),
        UnitCommand.BringBack => state.Out is null ? Decision<UnitEvent>.Nothing : new UnitBroughtBack(false),
        UnitCommand.ComeBack => state.Out?.Until <= now ? new UnitBroughtBack(true) : Decision<UnitEvent>.Nothing,
        UnitCommand.MoveToPost when RefusesToBeSent(state, unit) is { } refusal => refusal,
        UnitCommand.MoveToPost(var name, var lon, var lat) => state.Post == new UnitPost(name, lon, lat)
            ? Decision<UnitEvent>.Nothing
            : new PostTaken(name, lon, lat),
        UnitCommand.LeavePost => state.Post is null ? Decision<UnitEvent>.Nothing : new PostLeft(),
        _ => throw new InvalidOperationException($"Nobody decides {command.GetType().Name}."),
    };

    /// <summary>Why the unit cannot be sent anywhere: out of service before off duty; null where it can.</summary>
    internal static Problem? RefusesToBeSent(UnitState state, UnitFacts unit) =>
        state.Out is { } @out ? UnitProblems.OutOfService(unit.CallSign, @out, unit.Zone)
        : state.Duty.OnDuty ? null
        : UnitProblems.OffDuty(unit.CallSign);

    private static Decision<UnitEvent> LogOn(UnitCommand.LogOn on, DateTimeOffset now)
    {
        DateTimeOffset from = on.From ?? now;
        if (from > now + ClockTolerance || from < now - LongestShift)
        {
            return DispatchProblems.BadField("from", Said(from), "24 小时内且不晚于现在 / within the last 24 hours");
        }

        return on.Until <= now || on.Until - from > LongestShift
            ? DispatchProblems.BadField("until", Said(on.Until), "晚于现在,且自 from 起至多 24 小时 / after now, at most 24 hours after from")
            : new CrewLoggedOn(on.Crew, from, on.Until);
    }

    private static Decision<UnitEvent> TakeOut(UnitState state, UnitCommand.TakeOut take, DateTimeOffset now)
    {
        if (take.Until is { } until && (until <= now || until > now + LongestOut))
        {
            return DispatchProblems.BadField("until", Said(until), "晚于现在,至多 90 天 / after now, at most 90 days ahead");
        }

        return state.Out is { } @out && (@out.Reason, @out.Words, @out.Until) == (take.Reason, take.Words, take.Until)
            ? Decision<UnitEvent>.Nothing
            : new UnitTakenOut(take.Reason, take.Words, take.Until);
    }

    private static string Said(DateTimeOffset time) => time.ToString("O");
}
