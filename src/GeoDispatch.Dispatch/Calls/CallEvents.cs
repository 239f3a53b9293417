using System.Text.Json.Serialization;
using GeoDispatch.Dispatch.Streams;

namespace GeoDispatch.Dispatch.Calls;

/// <summary>What happened to a call: one row of its log. Names and members are stored for ever; new ones may be added.</summary>
internal abstract record CallEvent;

/// <summary>The exchange let it ring.</summary>
/// <param name="Number">As <see cref="PhoneNumber"/> keeps it; null where it was withheld.</param>
/// <param name="At">By the exchange's clock, as are the other two.</param>
internal sealed record CallRang(string? Number, DateTimeOffset At) : CallEvent;

/// <summary>The exchange put it through to an extension, for the first time or once more.</summary>
internal sealed record CallAnswered(string? Number, string Seat, DateTimeOffset At) : CallEvent;

/// <summary>The line was closed, by whichever side.</summary>
internal sealed record LineEnded(string? Number, string? RecordingUrl, DateTimeOffset At) : CallEvent;

/// <summary>Where the recording is found was told after the end.</summary>
internal sealed record RecordingTold(string RecordingUrl) : CallEvent;

/// <summary>Entered by hand: it came by radio, at the door, or while the exchange could not tell.</summary>
/// <param name="Source">One of <see cref="Sources"/>.</param>
internal sealed record CallEntered(string Source, string? Number, string Seat) : CallEvent
{
    internal static readonly string[] Sources = ["telephone", "radio", "walkIn", "other"];
}

/// <summary>A dispatcher took it: while it rang, or from the parked ones, or from the call-back list.</summary>
internal sealed record CallTaken(string Seat) : CallEvent;

internal sealed record CallParked(string Seat) : CallEvent;

internal sealed record CallTransferred(string From, string To) : CallEvent;

internal sealed record CallBackWanted(string Seat, string Reason) : CallEvent;

/// <param name="Reached">False puts it on the call-back list again.</param>
internal sealed record CalledBack(string Seat, bool Reached) : CallEvent;

internal sealed record IncidentOpenedFromCall(string Seat, Guid IncidentId, string IncidentNumber) : CallEvent;

internal sealed record CallMerged(string Seat, Guid IncidentId, string IncidentNumber) : CallEvent;

internal sealed record CallSplit(string Seat, Guid IncidentId, string IncidentNumber) : CallEvent;

internal sealed record CallEnded(string Seat, CallResult Result, string? Note) : CallEvent;

/// <summary>Where the caller is.</summary>
/// <param name="UncertaintyMeters">Radius of the circle around it; null where nobody said.</param>
/// <param name="By"><c>aml</c> by the telephone itself, <c>link</c> by the caller's browser.</param>
/// <param name="ConfidencePercent">How sure it is that the caller is in the circle, 0 to 100; null where nobody said.</param>
/// <param name="At">When it was measured.</param>
internal sealed record CallerLocated(
    double Lon, double Lat, double? UncertaintyMeters, string By, int? ConfidencePercent, DateTimeOffset At) : CallEvent;

/// <summary>A link was sent to the caller's telephone, by which it can share where it is, words and photos.</summary>
internal sealed record LinkSent(string Seat, DateTimeOffset ExpiresAt) : CallEvent;

/// <param name="Text">At most 500 characters.</param>
internal sealed record CallerWrote(string Text) : CallEvent;

/// <param name="MediaType">Of its own header, not of what the sender said.</param>
internal sealed record CallerSentPhoto(Guid PhotoId, string MediaType, int Bytes) : CallEvent;

/// <summary>What became of a call.</summary>
[JsonConverter(typeof(CamelCaseNames<CallResult>))]
internal enum CallResult
{
    /// <summary>An incident was opened from it.</summary>
    Incident,

    /// <summary>It tells of an incident that is known.</summary>
    Merged,

    NoEmergency,
    Nuisance,

    /// <summary>Nobody spoke.</summary>
    Silent,

    /// <summary>It ended before it was answered, or before anything was said.</summary>
    Dropped,

    /// <summary>Called back in vain, at least once.</summary>
    Unreachable,
}
