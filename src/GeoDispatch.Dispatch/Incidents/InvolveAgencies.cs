using GeoDispatch.Dispatch.Codes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Dispatch.Incidents;

/// <summary>
/// Other agencies and what is to be done beside the units: <c>POST /api/incidents/{id}/agencies</c>, <c>…/agencies/{code}/status</c>,
/// <c>…/todos</c> and <c>…/todos/{todoId}/done</c>.
/// </summary>
internal static class InvolveAgencies
{
    private static readonly string[] Statuses = [.. Enum.GetValues<AgencyStatus>().Select(Text)];

    internal sealed record AgencyRequest(Guid? CommandId, string? Agency);

    /// <param name="Status">Any may follow any: it is what the agency's own desk says.</param>
    internal sealed record StatusRequest(Guid? CommandId, string? Status, string? Words);

    internal sealed record TodoRequest(Guid? CommandId, string? Text, string? For);

    internal sealed record DoneRequest(Guid? CommandId);

    internal static void Map(IEndpointRouteBuilder group)
    {
        RouteGroupBuilder incident = group.MapGroup("/incidents/{id:guid}");
        incident.MapPost("/agencies", InvolveAsync).Produces<IncidentDetail>();
        incident.MapPost("/agencies/{code}/status", SayAsync).Produces<IncidentDetail>();
        incident.MapPost("/todos", (Guid id, TodoRequest request, HttpContext http, IncidentLog log, CancellationToken cancellation) =>
            ChangeIncident.HandleAsync(
                id, request.CommandId, request, "addTodo", Fields.Text("text", request.Text, 1, 200) ?? Fields.Text("for", request.For, 0, 60),
                () => new IncidentCommand.AddTodo(Guid.CreateVersion7(log.Now), request.Text!.Trim(), Fields.Trim(request.For)),
                http, log, cancellation)).Produces<IncidentDetail>();
        incident.MapPost("/todos/{todoId:guid}/done", (Guid id, Guid todoId, DoneRequest request, HttpContext http, IncidentLog log, CancellationToken cancellation) =>
            ChangeIncident.HandleAsync(
                id, request.CommandId, new { todoId }, "doTodo", null, () => new IncidentCommand.DoTodo(todoId), http, log, cancellation))
            .Produces<IncidentDetail>();
    }

    private static async Task<IResult> InvolveAsync(
        Guid id, AgencyRequest request, HttpContext http, IncidentLog log, CodeTables codes, CancellationToken cancellation)
    {
        string[] agencies = [.. (await codes.ListAgenciesAsync(cancellation)).Select(static agency => agency.Code)];
        return await ChangeIncident.HandleAsync(
            id, request.CommandId, request, "involveAgency", Fields.OneOf("agency", request.Agency, agencies),
            () => new IncidentCommand.InvolveAgency(request.Agency!), http, log, cancellation);
    }

    private static Task<IResult> SayAsync(
        Guid id, string code, StatusRequest request, HttpContext http, IncidentLog log, CancellationToken cancellation) =>
        ChangeIncident.HandleAsync(
            id, request.CommandId, new { code, request }, "agencyStatus",
            Fields.OneOf("status", request.Status, Statuses) ?? Fields.Text("words", request.Words, 0, 200),
            () => new IncidentCommand.ChangeAgencyStatus(code, Enum.Parse<AgencyStatus>(request.Status!, ignoreCase: true), Fields.Trim(request.Words)),
            http, log, cancellation);

    private static string Text(AgencyStatus status) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(status.ToString());
}
