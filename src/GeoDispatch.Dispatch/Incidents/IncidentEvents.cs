using System.Text.Json;
using System.Text.Json.Serialization;
using GeoDispatch.Dispatch.RunCards;
using GeoDispatch.Dispatch.Streams;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>What happened to an incident: one row of its log. Names and members are stored for ever; new ones may be added.</summary>
internal abstract record IncidentEvent;

/// <summary>Where it happened, as the caller said it.</summary>
/// <param name="Lon">Degrees.</param>
/// <param name="Lat">Degrees.</param>
/// <param name="Address">As shown to the crew, at most 200 characters.</param>
/// <param name="Detail">Entrance, floor, landmark.</param>
/// <param name="ReadBack">The address was said back to the caller and confirmed (已复述).</param>
/// <param name="FoundBy">How certain it is, by how it was found: one of <see cref="WaysFound"/>; null where nobody said.</param>
/// <param name="CallerWords">The caller's own words, where <paramref name="Address"/> says it otherwise; at most 200 characters.</param>
internal sealed record IncidentPlace(
    double Lon, double Lat, string Address, string? Detail, bool ReadBack, string? FoundBy = null, string? CallerWords = null)
{
    /// <summary>
    /// An address, crossing, kilometre, street, place, point of interest or feature of a layer that was chosen by name; a click on the map, named by us; or the caller's words
    /// for a point of the map.
    /// </summary>
    internal static readonly string[] WaysFound = ["address", "crossing", "km", "street", "place", "poi", "layer", "map", "caller"];
}

/// <summary>Another incident, by the number that people know it by.</summary>
internal sealed record IncidentRef(Guid Id, string Number);

/// <summary>A unit, by the call sign that people know it by.</summary>
internal sealed record UnitRef(Guid Id, string CallSign);

/// <summary>What else the caller was asked. A member is null where nobody knows.</summary>
/// <param name="AgeYears">Of the patient, or of the one who is worst: 0 to 130.</param>
/// <param name="Sex"><c>male</c> or <c>female</c>.</param>
/// <param name="Persons">How many need help, 1 to 9,999.</param>
/// <param name="Remarks">At most 500 characters.</param>
internal sealed record CallerFacts(bool? Conscious, bool? Breathing, int? AgeYears, string? Sex, int? Persons, string? Remarks);

/// <param name="CallId">The call that it was opened from; null where there was none.</param>
/// <param name="Agencies">Codes of the agencies that were told at once; null in logs of before.</param>
/// <param name="Facts">Null where nothing else was asked, and in logs of before.</param>
/// <param name="Seat">Where who opened it sat; null where that was no seat, and in lines that were written before seats were kept.</param>
internal sealed record IncidentOpened(
    string Number, string Type, int Priority, string Complaint, string? CallbackNumber, string? CallerName, IncidentPlace Place,
    DateTimeOffset ReceivedAt, Guid? CallId = null, IReadOnlyList<string>? Agencies = null, CallerFacts? Facts = null, string? Seat = null) : IncidentEvent;

/// <summary>One more call tells of it.</summary>
/// <param name="Number">Masked; null where it was withheld.</param>
internal sealed record CallJoined(Guid CallId, string? Number) : IncidentEvent;

/// <summary>A call that was merged into it tells of something else.</summary>
internal sealed record CallLeft(Guid CallId) : IncidentEvent;

/// <param name="ExpectedSeconds">Time by road when it was sent; null where no street leads there.</param>
/// <param name="DivertedFrom">The incident that it was taken from for this one (改派).</param>
/// <param name="Relieves">The unit whose work it takes over.</param>
/// <param name="Recommended">What the dispatcher had before him when he chose it; null where he named none, or it was too old to be found.</param>
internal sealed record UnitAssigned(
    Guid AssignmentId, Guid UnitId, string CallSign, double? ExpectedSeconds, IncidentRef? DivertedFrom = null, UnitRef? Relieves = null,
    Recommended? Recommended = null) : IncidentEvent;

/// <summary>What was recommended when a unit was chosen.</summary>
/// <param name="Rank">Of the chosen one among those of its agency, from 1; null where it was not in the list.</param>
/// <param name="First">The first three of its agency.</param>
/// <param name="LeftOut">Why the chosen one was not in the list; null where it was.</param>
/// <param name="Why">Why it was chosen all the same, in the dispatcher's words; at most 200 characters.</param>
internal sealed record Recommended(
    DateTimeOffset ComputedAt, string Basis, int? Rank, IReadOnlyList<RecommendedUnit> First, string? LeftOut, string? Why);

/// <param name="Seconds">Until it would have been there; null by air line.</param>
/// <param name="LostAddresses">What sending it would have cost in cover; null where that was not known.</param>
internal sealed record RecommendedUnit(string CallSign, double? Seconds, string Way, int? LostAddresses);

/// <param name="At">When it happened; the log's own time is when we were told.</param>
/// <param name="Source">Who says so; null in logs of before.</param>
internal sealed record MilestoneRecorded(
    Guid AssignmentId, Guid UnitId, string CallSign, AssignmentStatus Milestone, DateTimeOffset At, Guid? DestinationId, string? DestinationName,
    MilestoneSource? Source = null) : IncidentEvent;

/// <param name="Kind">
/// <c>recalled</c> before the wheels moved (撤回), <c>emptyRun</c> after (放空), <c>diverted</c> to another incident (改派), <c>relieved</c> by another unit.
/// </param>
internal sealed record AssignmentCancelled(
    Guid AssignmentId, Guid UnitId, string CallSign, string Kind, string Reason, IncidentRef? DivertedTo = null, UnitRef? RelievedBy = null) : IncidentEvent;

internal sealed record NoteAdded(string Text) : IncidentEvent;

internal sealed record PriorityChanged(int From, int To) : IncidentEvent;

/// <summary>The triage of its calls asks for more than the run card, or for something else than before.</summary>
internal sealed record CapabilitiesRequired(Requirement Requirement) : IncidentEvent;

internal sealed record AddressReadBack : IncidentEvent;

internal sealed record IncidentClosed(string Disposition, string? Note) : IncidentEvent;

internal sealed record IncidentReopened(string Reason) : IncidentEvent;

internal sealed record AgencyInvolved(string Agency) : IncidentEvent;

/// <param name="Words">As its desk said it by telephone or radio.</param>
internal sealed record AgencyStatusChanged(string Agency, AgencyStatus Status, string? Words) : IncidentEvent;

/// <param name="For">Who is to do it; null for whoever comes first.</param>
internal sealed record TodoAdded(Guid TodoId, string Text, string? For) : IncidentEvent;

internal sealed record TodoDone(Guid TodoId, string Text) : IncidentEvent;

internal sealed record IncidentLinked(IncidentRef Other, string Why) : IncidentEvent;

internal sealed record IncidentUnlinked(IncidentRef Other, string Why) : IncidentEvent;

/// <param name="Sha256">Of the content, in hexadecimal digits.</param>
internal sealed record AttachmentAdded(Guid AttachmentId, string Name, string MediaType, int Bytes, string Sha256) : IncidentEvent;

/// <summary>A correction. The line that it corrects stays as it was written.</summary>
/// <param name="Corrects">The version of that line.</param>
internal abstract record Correction(int Corrects, string Why) : IncidentEvent;

internal sealed record NoteCorrected(int Corrects, string Why, string Text) : Correction(Corrects, Why);

/// <param name="MilestoneAt">When it really happened.</param>
internal sealed record MilestoneCorrected(
    int Corrects, string Why, Guid AssignmentId, Guid UnitId, string CallSign, AssignmentStatus Milestone, DateTimeOffset MilestoneAt) : Correction(Corrects, Why);

internal sealed record PlaceCorrected(int Corrects, string Why, IncidentPlace Place) : Correction(Corrects, Why);

internal sealed record TypeCorrected(int Corrects, string Why, string From, string To) : Correction(Corrects, Why);

internal sealed record ComplaintCorrected(int Corrects, string Why, string Complaint) : Correction(Corrects, Why);

internal sealed record CallerCorrected(int Corrects, string Why, string? CallbackNumber, string? CallerName) : Correction(Corrects, Why);

/// <summary>Where an assignment stands: the last milestone that was recorded, or that it was cancelled.</summary>
[JsonConverter(typeof(CamelCaseNames<AssignmentStatus>))]
internal enum AssignmentStatus
{
    Notified,
    Acknowledged,
    EnRoute,
    OnScene,
    AtPatient,
    LeftScene,
    AtDestination,
    HandedOver,
    Available,
    BackAtStation,
    Cancelled,
}

/// <summary>Who says that a milestone was reached: the crew, a dispatcher for it, or its position, confirmed by one of them.</summary>
[JsonConverter(typeof(CamelCaseNames<MilestoneSource>))]
internal enum MilestoneSource
{
    Crew,
    Dispatcher,
    Position,
}

/// <summary>What another agency says of its part.</summary>
[JsonConverter(typeof(CamelCaseNames<AgencyStatus>))]
internal enum AgencyStatus
{
    Notified,
    Accepted,
    EnRoute,
    OnScene,
    Done,
    Refused,
}

/// <summary>A member as it is written: <c>enRoute</c>.</summary>
internal static class AssignmentStatuses
{
    internal static string Text(this AssignmentStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());
}
