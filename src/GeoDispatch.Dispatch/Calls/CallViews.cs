using System.Text.Json;
using GeoDispatch.Dispatch.Streams;

namespace GeoDispatch.Dispatch.Calls;

/// <summary>Where the caller was last.</summary>
/// <param name="UncertaintyMeters">Radius of the circle; null where nobody said.</param>
/// <param name="By"><c>aml</c> or <c>link</c>.</param>
internal sealed record CallerPlace(double Lon, double Lat, double? UncertaintyMeters, string By, DateTimeOffset At);

/// <summary>A line of the lists of calls.</summary>
/// <param name="Status"><c>ringing</c>, <c>answered</c> (at <paramref name="Seat"/>), <c>parked</c>, <c>callBack</c> or <c>ended</c>.</param>
/// <param name="Number">Masked; null where it was withheld.</param>
/// <param name="Since">When it came to stand here.</param>
/// <param name="AnsweredAt">When the exchange first put it through.</param>
/// <param name="Result">What became of it so far; a call that has joined an incident has it while it is still spoken.</param>
/// <param name="CallBackReason"><c>dropped</c>, <c>unreached</c> or the dispatcher's words; null where it is not to be called back.</param>
/// <param name="Attempts">How often it was called back in vain.</param>
/// <param name="EarlierCalls">How many calls of the same number came before.</param>
/// <param name="Nuisance">The number is marked; it rings all the same.</param>
/// <param name="NuisanceReason">Why it is marked; null where it is not.</param>
internal sealed record CallSummary(
    Guid Id, int Version, string Status, string Source, string? Number, string? Seat, DateTimeOffset Since, DateTimeOffset ReceivedAt,
    DateTimeOffset? AnsweredAt, DateTimeOffset? LineEndedAt, bool LineOpen, string? Result, Guid? IncidentId, string? IncidentNumber,
    string? CallBackReason, int Attempts, int EarlierCalls, bool Nuisance, string? NuisanceReason, CallerPlace? Place) : IStreamView;

/// <summary>A call of the same number before.</summary>
internal sealed record EarlierCall(Guid Id, DateTimeOffset ReceivedAt, string Status, string? Result, Guid? IncidentId, string? IncidentNumber);

/// <summary>Who marked a number, why and until when.</summary>
internal sealed record NuisanceMark(string Reason, string MarkedBy, DateTimeOffset MarkedAt, DateTimeOffset Until);

/// <summary>What was typed so far, as the console sent it.</summary>
internal sealed record CallDraft(JsonElement Content, string Seat, string SavedBy, DateTimeOffset SavedAt);

/// <summary>All of a call.</summary>
/// <param name="WholeNumber">For the seat that holds it alone; who read it is kept.</param>
/// <param name="History">The last 20 calls of the same number, newest first.</param>
internal sealed record CallDetail(
    CallSummary Call, string? WholeNumber, string? RecordingUrl, IReadOnlyList<EarlierCall> History, NuisanceMark? Mark, CallDraft? Draft,
    IReadOnlyList<TimelineEntry> Timeline);
