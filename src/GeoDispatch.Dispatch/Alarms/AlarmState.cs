using System.Text.Json.Serialization;
using GeoDispatch.Dispatch.Streams;

namespace GeoDispatch.Dispatch.Alarms;

/// <summary>What happened to an alarm: one row of its log. Names and members are stored for ever; new ones may be added.</summary>
internal abstract record AlarmEvent;

internal sealed record AlarmRaised(string Kind, AlarmSubject Subject, DateTimeOffset Since) : AlarmEvent;

/// <summary>It came back before anybody had done with it, or within a minute after.</summary>
internal sealed record AlarmRepeated(DateTimeOffset Since) : AlarmEvent;

/// <summary>What was abnormal no longer is.</summary>
internal sealed record AlarmCleared : AlarmEvent;

internal sealed record AlarmConfirmed(string By) : AlarmEvent;

internal sealed record AlarmShelved(string By, DateTimeOffset Until, string Reason) : AlarmEvent;

/// <summary>By somebody, or by itself when its time was over.</summary>
internal sealed record AlarmUnshelved : AlarmEvent;

/// <param name="To">1 or 2: see <see cref="AlarmState.Raised.EscalatedTo"/>.</param>
internal sealed record AlarmEscalated(int To) : AlarmEvent;

/// <summary>Where an alarm stands. Ended: it is over, and somebody has seen it.</summary>
[JsonConverter(typeof(CamelCaseNames<AlarmStatus>))]
internal enum AlarmStatus
{
    Unconfirmed,
    Confirmed,
    ClearedUnconfirmed,
    Shelved,
    Ended,
}

/// <summary>Who has seen it, and when.</summary>
internal sealed record Confirmation(string By, DateTimeOffset At);

/// <summary>Who has laid it aside (搁置), why, and until when.</summary>
internal sealed record Shelf(string By, DateTimeOffset At, DateTimeOffset Until, string Reason);

/// <summary>An alarm as its events made it. <see cref="Apply"/> never refuses.</summary>
internal abstract record AlarmState
{
    private AlarmState()
    {
    }

    internal static readonly AlarmState None = new NotRaised();

    internal sealed record NotRaised : AlarmState;

    /// <param name="Since">When it passed its limit, the last time.</param>
    /// <param name="RaisedAt">When it was said, the last time.</param>
    /// <param name="Count">How often it was said.</param>
    /// <param name="IsStanding">What was abnormal still is.</param>
    /// <param name="Escalation">0 to 2.</param>
    internal sealed record Raised(
        AlarmKind Kind, AlarmSubject Subject, DateTimeOffset Since, DateTimeOffset RaisedAt, int Count, bool IsStanding, DateTimeOffset? ClearedAt,
        Confirmation? Confirmed, Shelf? Shelved, int Escalation) : AlarmState
    {
        internal AlarmStatus Status => this switch
        {
            { Shelved: not null } => AlarmStatus.Shelved,
            { Confirmed: null, IsStanding: true } => AlarmStatus.Unconfirmed,
            { Confirmed: null } => AlarmStatus.ClearedUnconfirmed,
            { IsStanding: true } => AlarmStatus.Confirmed,
            _ => AlarmStatus.Ended,
        };

        /// <summary>To whom it was passed on since nobody confirmed it: <c>nextSeat</c>, <c>supervisor</c>, <c>phone</c>. Who these are says <see cref="Concern"/>.</summary>
        internal IReadOnlyList<string> EscalatedTo => (Kind.Level, Escalation) switch
        {
            (1, 1) => ["nextSeat", "supervisor"],
            (1, 2) => ["nextSeat", "supervisor", "phone"],
            (2, 1) => ["supervisor"],
            _ => [],
        };

        /// <summary>When it was due to be passed on; null while it was not.</summary>
        internal DateTimeOffset? PassedOnAt => Escalation == 0 ? null : RaisedAt + (Kind.Level == 1 ? AlarmDecider.ToNextSeat : AlarmDecider.ToSupervisor);
    }

    /// <summary>The state after one more event.</summary>
    /// <param name="at">When the event was written.</param>
    internal AlarmState Apply(AlarmEvent happened, DateTimeOffset at) => (this, happened) switch
    {
        (NotRaised, AlarmRaised raised) => new Raised(AlarmKind.Get(raised.Kind), raised.Subject, raised.Since, at, 1, true, null, null, null, 0),
        (Raised alarm, AlarmRepeated repeated) => Unseen(alarm, at) with { Since = repeated.Since, Count = alarm.Count + 1, IsStanding = true, ClearedAt = null },
        (Raised alarm, AlarmCleared) => alarm with { IsStanding = false, ClearedAt = at },
        (Raised alarm, AlarmConfirmed seen) => alarm with { Confirmed = new Confirmation(seen.By, at) },
        (Raised alarm, AlarmShelved shelved) => alarm with { Shelved = new Shelf(shelved.By, at, shelved.Until, shelved.Reason) },
        // Whoever laid it aside has seen it: where it is over meanwhile there is nothing left to do.
        (Raised { IsStanding: false, Shelved: { } shelf } alarm, AlarmUnshelved) => alarm with { Shelved = null, Confirmed = new Confirmation(shelf.By, shelf.At) },
        (Raised alarm, AlarmUnshelved) => Unseen(alarm, at) with { Shelved = null },
        (Raised alarm, AlarmEscalated step) => alarm with { Escalation = step.To },
        _ => this,
    };

    private static Raised Unseen(Raised alarm, DateTimeOffset at) => alarm with { RaisedAt = at, Confirmed = null, Escalation = 0 };
}
