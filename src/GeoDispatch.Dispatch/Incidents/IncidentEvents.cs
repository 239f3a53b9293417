using System.Text.Json;
using System.Text.Json.Serialization;

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

internal sealed record IncidentOpened(
    string Number, string Type, int Priority, string Complaint, string? CallbackNumber, string? CallerName, IncidentPlace Place,
    DateTimeOffset ReceivedAt) : IncidentEvent;

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

/// <summary>Writes an enumeration's members as JSON and columns name them: <c>enRoute</c>.</summary>
internal sealed class CamelCaseNames<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>Events as the log keeps them: a stable name and JSON.</summary>
internal static class EventFormat
{
    private static readonly Dictionary<string, Type> Types = typeof(IncidentEvent).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(IncidentEvent)))
        .ToDictionary(Name, StringComparer.Ordinal);

    internal static (string Type, string Data) Write(IncidentEvent happened) =>
        (Name(happened.GetType()), JsonSerializer.Serialize(happened, happened.GetType(), JsonSerializerOptions.Web));

    /// <exception cref="InvalidDataException">The log holds a kind of event that this version does not know.</exception>
    internal static IncidentEvent Read(string type, string data) => Types.TryGetValue(type, out Type? known)
        ? (IncidentEvent)JsonSerializer.Deserialize(data, known, JsonSerializerOptions.Web)!
        : throw new InvalidDataException($"The incident log holds an event of the unknown type {type}.");

    /// <summary>A member as it is written: <c>enRoute</c>.</summary>
    internal static string Text(this AssignmentStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());

    private static string Name(Type type) => JsonNamingPolicy.CamelCase.ConvertName(type.Name);
}
