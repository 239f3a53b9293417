using GeoDispatch.Dispatch.Codes;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>The dispatcher's small commands on an open incident: note, priority, read back, close, reopen.</summary>
internal static class ChangeIncident
{
    /// <summary>A duplicate ends by being merged: which incident goes on must be said.</summary>
    internal static readonly string[] Dispositions =
        [.. FixedCodes.Dispositions.Select(static disposition => disposition.Code).Where(static code => code != FixedCodes.Duplicate)];

    internal sealed record NoteRequest(Guid? CommandId, string? Text);

    internal sealed record PriorityRequest(Guid? CommandId, int? Priority);

    internal sealed record ReadBackRequest(Guid? CommandId);

    internal sealed record CloseRequest(Guid? CommandId, string? Disposition, string? Note);

    internal sealed record ReopenRequest(Guid? CommandId, string? Reason);

    internal static void Map(IEndpointRouteBuilder group)
    {
        RouteGroupBuilder incident = group.MapGroup("/incidents/{id:guid}");
        incident.MapPost("/notes", (Guid id, NoteRequest request, HttpContext http, IncidentLog log, CancellationToken cancellation) => HandleAsync(
            id, request.CommandId, request, "addNote", Fields.Text("text", request.Text, 1, 1000),
            () => new IncidentCommand.AddNote(request.Text!.Trim()), http, log, cancellation)).Produces<IncidentDetail>();
        incident.MapPost("/priority", (Guid id, PriorityRequest request, HttpContext http, IncidentLog log, CancellationToken cancellation) => HandleAsync(
            id, request.CommandId, request, "changePriority", Fields.Priority(request.Priority),
            () => new IncidentCommand.ChangePriority(request.Priority!.Value), http, log, cancellation)).Produces<IncidentDetail>();
        incident.MapPost("/read-back", (Guid id, ReadBackRequest request, HttpContext http, IncidentLog log, CancellationToken cancellation) => HandleAsync(
            id, request.CommandId, request, "readBack", null,
            static () => new IncidentCommand.ReadBack(), http, log, cancellation)).Produces<IncidentDetail>();
        incident.MapPost("/close", (Guid id, CloseRequest request, HttpContext http, IncidentLog log, CancellationToken cancellation) => HandleAsync(
            id, request.CommandId, request, "close",
            Fields.OneOf("disposition", request.Disposition, Dispositions) ?? Fields.Text("note", request.Note, 0, 1000),
            () => new IncidentCommand.Close(request.Disposition!, string.IsNullOrWhiteSpace(request.Note) ? null : request.Note.Trim()),
            http, log, cancellation)).Produces<IncidentDetail>();
        incident.MapPost("/reopen", (Guid id, ReopenRequest request, HttpContext http, IncidentLog log, CancellationToken cancellation) => HandleAsync(
            id, request.CommandId, request, "reopen", Fields.Text("reason", request.Reason, 1, 200),
            () => new IncidentCommand.Reopen(request.Reason!.Trim()), http, log, cancellation)).Produces<IncidentDetail>();
    }

    internal static async Task<IResult> HandleAsync(
        Guid id, Guid? commandId, object request, string kind, Problem? badField, Func<IncidentCommand> command, HttpContext http, IncidentLog log,
        CancellationToken cancellation)
    {
        (Instruction? given, Problem? problem) = Instruction.Read(http, commandId, kind, request);
        if ((problem ?? badField) is { } refusal)
        {
            return refusal.ToResult();
        }

        (IncidentDetail? detail, problem) = await log.AppendAsync(
            id, given!, (state, now) => IncidentDecider.Decide(state, command(), now), cancellation);
        return Answers.Of(http, detail, problem);
    }
}
