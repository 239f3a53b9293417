namespace GeoDispatch.Dispatch.Units;

/// <summary>What happened to a unit: one row of its log. Names and members are stored for ever; new ones may be added.</summary>
internal abstract record UnitEvent;

/// <summary>A crew began its shift.</summary>
internal sealed record CrewLoggedOn(IReadOnlyList<CrewMember> Crew, DateTimeOffset From, DateTimeOffset Until) : UnitEvent;

/// <summary>The crew left; nobody is on the unit.</summary>
internal sealed record CrewLoggedOff : UnitEvent;

/// <summary>Others are on the unit, in the same shift.</summary>
internal sealed record CrewNamed(IReadOnlyList<CrewMember> Crew) : UnitEvent;

/// <param name="Reason">Code of an <see cref="OutReason"/>.</param>
/// <param name="Until">Then it comes back by itself; null where somebody has to bring it back.</param>
internal sealed record UnitTakenOut(string Reason, string? Words, DateTimeOffset? Until) : UnitEvent;

/// <param name="ByTime">Its time was up; else somebody said so.</param>
internal sealed record UnitBroughtBack(bool ByTime) : UnitEvent;

internal sealed record PostTaken(string Name, double Lon, double Lat) : UnitEvent;

internal sealed record PostLeft : UnitEvent;

internal sealed record CapabilitiesChanged(IReadOnlyList<string> From, IReadOnlyList<string> To) : UnitEvent;

internal sealed record RestRuleChanged(int FromMinutes, int ToMinutes) : UnitEvent;

/// <summary>Its home is another station (站).</summary>
internal sealed record StationChanged(Guid From, Guid To) : UnitEvent;

/// <summary>
/// A unit as its events made it. Being on duty and being out of service are two matters: a vehicle is repaired while crews come and go.
/// <see cref="Apply"/> never refuses: what stands in the log has happened.
/// </summary>
internal sealed record UnitState(UnitDuty Duty, UnitOut? Out, UnitPost? Post)
{
    /// <summary>Of a unit with which nothing was done yet: it is on duty, so that one that was just registered can be sent.</summary>
    internal static readonly UnitState None = new(new UnitDuty(true, null, null), null, null);

    /// <summary>The state after one more event.</summary>
    /// <param name="recordedAt">When the event was written.</param>
    internal UnitState Apply(UnitEvent happened, DateTimeOffset recordedAt) => happened switch
    {
        CrewLoggedOn on => this with { Duty = new UnitDuty(true, on.From, on.Until) },
        CrewLoggedOff => this with { Duty = new UnitDuty(false, null, null), Post = null },
        UnitTakenOut taken => this with { Out = new UnitOut(recordedAt, taken.Reason, taken.Words, taken.Until) },
        UnitBroughtBack => this with { Out = null },
        PostTaken post => this with { Post = new UnitPost(post.Name, post.Lon, post.Lat) },
        PostLeft => this with { Post = null },
        _ => this,
    };
}
