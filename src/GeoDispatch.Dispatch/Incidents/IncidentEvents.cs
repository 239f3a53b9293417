using System.Text.Json;
using System.Text.Json.Serialization;
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
    /// An address, crossing, kilometre, street, place or point of interest that was chosen by name; a click on the map, named by us; or the caller's words
    /// for a point of the map.
    /// </summary>
    internal static readonly string[] WaysFound = ["address", "crossing", "km", "street", "place", "poi", "map", "caller"];
}

/// <param name="CallId">The call that it was opened from; null where there was none.</param>
internal sealed record IncidentOpened(
    string Number, string Type, int Priority, string Complaint, string? CallbackNumber, string? CallerName, IncidentPlace Place,
    DateTimeOffset ReceivedAt, Guid? CallId = null) : IncidentEvent;

/// <summary>One more call tells of it.</summary>
/// <param name="Number">Masked; null where it was withheld.</param>
internal sealed record CallJoined(Guid CallId, string? Number) : IncidentEvent;

/// <summary>A call that was merged into it tells of something else.</summary>
internal sealed record CallLeft(Guid CallId) : IncidentEvent;

/// <param name="ExpectedSeconds">Time by road when it was sent; null where no street leads there.</param>
internal sealed record UnitAssigned(Guid AssignmentId, Guid UnitId, string CallSign, double? ExpectedSeconds) : IncidentEvent;

/// <param name="At">When it happened; the log's own time is when we were told.</param>
internal sealed record MilestoneRecorded(
    Guid AssignmentId, Guid UnitId, string CallSign, AssignmentStatus Milestone, DateTimeOffset At, Guid? DestinationId, string? DestinationName)
    : IncidentEvent;

/// <param name="Kind"><c>recalled</c> before the wheels moved (撤回), <c>emptyRun</c> after (放空).</param>
internal sealed record AssignmentCancelled(Guid AssignmentId, Guid UnitId, string CallSign, string Kind, string Reason) : IncidentEvent;

internal sealed record NoteAdded(string Text) : IncidentEvent;

internal sealed record PriorityChanged(int From, int To) : IncidentEvent;

internal sealed record AddressReadBack : IncidentEvent;

internal sealed record IncidentClosed(string Disposition, string? Note) : IncidentEvent;

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
    Cancelled,
}

/// <summary>A member as it is written: <c>enRoute</c>.</summary>
internal static class AssignmentStatuses
{
    internal static string Text(this AssignmentStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());
}
