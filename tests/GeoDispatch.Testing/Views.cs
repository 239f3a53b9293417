namespace GeoDispatch.Testing;

// What a client of the server reads, written down once more by the tests: a member that is renamed breaks them.

public sealed record SessionView(string? UserName, string? DisplayName, string[] Roles, string? Department, Guid? UnitId, string? CsrfToken);

public sealed record PlaceSaid(string Code, string Zh, string En);

public sealed record PlaceFound(
    string Id, string Kind, string Name, string Detail, string District, double Lon, double Lat, bool Synthetic,
    string Certainty, PlaceSaid? Why, PlaceSaid? Note, int[][] Highlights, double? Meters);

public sealed record PlacesFound(PlaceFound[] Places);

public sealed record AreaNamed(string Code, string Name, string NameEn);

public sealed record SaidFrom(string Name, string? Direction, double Meters, double Lon, double Lat);

public sealed record StationNamed(Guid Id, string Name, double Seconds);

public sealed record PlaceNamed(
    string Kind, string Name, string NameEn, SaidFrom? From, AreaNamed? District, AreaNamed? Town, double? OutsideMeters, double Lon, double Lat,
    bool Synthetic, StationNamed? Station, string StationBasis);

public sealed record Place(double Lon, double Lat, string Address, string? Detail, bool ReadBack, string? FoundBy, string? CallerWords);

public sealed record Assignment(
    Guid Id, Guid UnitId, string CallSign, string Status, bool Active, double? ExpectedSeconds, Guid? DestinationId,
    string? DestinationName, DateTimeOffset Since, Reached[] Milestones, Proposed? Proposal, Delivery[] Deliveries);

public sealed record Delivery(
    string Channel, string Kind, DateTimeOffset CreatedAt, DateTimeOffset? SentAt, DateTimeOffset? ReceiptAt, string? ReceiptBy, string? Failed);

public sealed record Proposed(Guid Id, string Milestone, DateTimeOffset At);

public sealed record Contradicting(string Code, Reason Reason);

public sealed record ContradictingUnit(Guid AssignmentId, Guid IncidentId, Guid UnitId, Contradicting Contradiction);

public sealed record Reached(int Version, string Milestone, DateTimeOffset At, string? Source);

public sealed record TimelineEntry(
    int Version, string Type, DateTimeOffset At, DateTimeOffset RecordedAt, string By, System.Text.Json.JsonElement Data, string? Source, int[]? CorrectedBy);

public sealed record AgencyOn(string Agency, string Status, string? Words);

public sealed record ToDo(Guid Id, string Text, string? For, bool Done);

public sealed record Linked(Guid Id, string Number);

public sealed record Attached(Guid Id, string Name, string MediaType, int Bytes, string Sha256);

/// <summary>What an incident has besides, where it is read alone.</summary>
public sealed record IncidentBesides(ToDo[] Todos, Linked[] Links, Attached[] Attachments, string? CallerName);

public sealed record DivertedBoth(Incident From, Incident To);

/// <summary>An incident as the board shows it; with its timeline where it is read alone.</summary>
public sealed record Incident(
    Guid Id, string Number, int Version, string Status, string Type, int Priority, string Complaint, Place Place,
    DateTimeOffset ReceivedAt, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? Disposition, Assignment[] Assignments,
    AgencyOn[] Agencies, TimelineEntry[]? Timeline, string? CallbackNumber, JoinedCall[]? Calls = null);

public sealed record Position(double Lon, double Lat, DateTimeOffset Time);

public sealed record CrewMember(string Role, string Name);

public sealed record Duty(bool OnDuty, DateTimeOffset? From, DateTimeOffset? Until);

public sealed record Out(DateTimeOffset Since, string Reason, string? Words, DateTimeOffset? Until);

public sealed record Post(string Name, double Lon, double Lat);

public sealed record Unit(
    Guid Id, string CallSign, string Kind, string Plate, Guid VehicleId, Guid StationId, string StationName, double StationLon,
    double StationLat, bool Synthetic, string Status, string? Leg, Guid? AssignmentId, Guid? IncidentId, string? IncidentNumber,
    Position? Position, string Agency, string[] Capabilities, int Version, Duty Duty, Out? Out, Post? Post, DateTimeOffset? FreedAt, int RestMinutes,
    CrewMember[] Crew);

public sealed record Board(DateTimeOffset Now, Incident[] Incidents, Unit[] Units, ContradictingUnit[] Contradictions)
{
    public Incident this[Guid incidentId] => Incidents.Single(incident => incident.Id == incidentId);

    public Unit UnitOf(Guid unitId) => Units.Single(unit => unit.Id == unitId);
}

public sealed record Reason(string Zh, string En);

public sealed record Recommended(
    int Rank, Guid UnitId, string CallSign, string StationName, double? Seconds, double Meters, string From, double? FixAgeSeconds, Reason Reason);

public sealed record LeftOut(Guid UnitId, string CallSign, string Why, string? IncidentNumber, Reason Reason);

public sealed record Recommendations(string Basis, DateTimeOffset ComputedAt, Recommended[] Units, LeftOut[] LeftOut);

public sealed record UnitTask(Unit Unit, Incident? Incident, Assignment? Assignment);

public sealed record Target(Guid Id, string Name, double Lon, double Lat);

public sealed record Hospitals(Target[] Items)
{
    [System.Text.Json.Serialization.JsonPropertyName("hospitals")]
    public Target[] Items { get; init; } = Items;
}

public sealed record Changed(Guid? IncidentId, int? Version, Guid[]? UnitIds);

public sealed record JoinedCall(Guid Id, string? Number, string Result);

public sealed record CallerPlace(double Lon, double Lat, double? UncertaintyMeters, string By, DateTimeOffset At);

/// <summary>A call as the lists show it.</summary>
public sealed record Call(
    Guid Id, int Version, string Status, string Source, string? Number, string? Seat, DateTimeOffset ReceivedAt, DateTimeOffset? AnsweredAt,
    DateTimeOffset? LineEndedAt, bool LineOpen, string? Result, Guid? IncidentId, string? IncidentNumber, string? CallBackReason, int Attempts,
    int EarlierCalls, bool Nuisance, CallerPlace? Place);

public sealed record CallList(DateTimeOffset Now, string? Seat, Call[] Calls);

public sealed record EarlierCall(Guid Id, string Status, string? Result, string? IncidentNumber);

public sealed record NuisanceMark(string Reason, string MarkedBy, DateTimeOffset Until);

public sealed record CallDraft(System.Text.Json.JsonElement Content, string Seat, string SavedBy);

/// <summary>All of a call.</summary>
public sealed record CallDetail(
    Call Call, string? WholeNumber, string? RecordingUrl, EarlierCall[] History, NuisanceMark? Mark, CallDraft? Draft, TimelineEntry[] Timeline);

public sealed record CallChanged(Guid? CallId, int? Version);

public sealed record SeatChanged(string? Seat, bool Lost);
