using System.Globalization;
using GeoDispatch.Dispatch.Codes;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>
/// <c>POST /api/incidents/{id}/corrections</c>: says better what a line of the log said. The line stays and is marked; who reads the incident reads
/// what is right. The crews on it are told, as of every change.
/// </summary>
internal static class CorrectIncident
{
    /// <summary>What is right: one of the members, besides <c>commandId</c> and <c>why</c>; <c>readBack</c> belongs to the place.</summary>
    internal sealed record Request(
        Guid? CommandId, string? Why, NoteRequest? Note, MilestoneRequest? Milestone, PlaceRequest? Place, bool ReadBack,
        string? Type, string? Complaint, CallerRequest? Caller);

    /// <param name="Version">Of the line of the timeline that says what the note reads now.</param>
    internal sealed record NoteRequest(int? Version, string? Text);

    /// <param name="Version">Of the line that says when it was reached, as in the assignment's <c>milestones</c>.</param>
    internal sealed record MilestoneRequest(int? Version, DateTimeOffset? At);

    internal sealed record CallerRequest(string? CallbackNumber, string? CallerName);

    internal static void Map(IEndpointRouteBuilder group) => group.MapPost("/incidents/{id:guid}/corrections", HandleAsync)
        .Produces<IncidentDetail>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> HandleAsync(
        Guid id, Request request, HttpContext http, IncidentLog log, CodeTables codes, CancellationToken cancellation)
    {
        string[] types = request.Type is null ? [] : [.. (await codes.ListActiveTypesAsync(cancellation)).Select(static type => type.Code)];
        return await ChangeIncident.HandleAsync(
            id, request.CommandId, request, "correct", Fields.Text("why", request.Why, 1, 200) ?? Check(request, types),
            () => Command(request, request.Why!.Trim()), http, log, cancellation);
    }

    private static Problem? Check(Request request, string[] types) => request switch
    {
        _ when Given(request) is var given && given.Length != 1 => DispatchProblems.BadField(
            "corrections", string.Join(", ", given), "恰好一项 / exactly one of: note, milestone, place, type, complaint, caller"),
        { Note: { } note } => Version("note.version", note.Version) ?? Fields.Text("note.text", note.Text, 1, 1000),
        { Milestone: { } milestone } => Version("milestone.version", milestone.Version)
            ?? (milestone.At is null ? DispatchProblems.BadField("milestone.at", null, "须为时间 / must be a time") : null),
        { Place: { } place } => PlaceRequest.Check(place),
        { Type: { } type } => Fields.OneOf("type", type, types),
        { Complaint: { } complaint } => Fields.Text("complaint", complaint, 1, 200),
        _ => Fields.Telephone("caller.callbackNumber", request.Caller!.CallbackNumber) ?? Fields.Text("caller.callerName", request.Caller.CallerName, 0, 60),
    };

    private static IncidentCommand Command(Request request, string why) => request switch
    {
        { Note: { } note } => new IncidentCommand.CorrectNote(note.Version!.Value, note.Text!.Trim(), why),
        { Milestone: { } milestone } => new IncidentCommand.CorrectMilestone(milestone.Version!.Value, milestone.At.ToMicroseconds()!.Value, why),
        { Place: { } place } => new IncidentCommand.CorrectPlace(place.ToPlace(request.ReadBack), why),
        { Type: { } type } => new IncidentCommand.CorrectType(type, why),
        { Complaint: { } complaint } => new IncidentCommand.CorrectComplaint(complaint.Trim(), why),
        _ => new IncidentCommand.CorrectCaller(Fields.Trim(request.Caller!.CallbackNumber), Fields.Trim(request.Caller.CallerName), why),
    };

    private static string[] Given(Request request) => [.. new (string Name, object? Value)[]
    {
        ("note", request.Note), ("milestone", request.Milestone), ("place", request.Place), ("type", request.Type), ("complaint", request.Complaint),
        ("caller", request.Caller),
    }.Where(static member => member.Value is not null).Select(static member => member.Name)];

    private static Problem? Version(string field, int? version) => version is >= 1
        ? null
        : DispatchProblems.BadField(field, version?.ToString(CultureInfo.InvariantCulture), "时间线中的行号 / a version of the timeline, from 1");
}
