using System.Globalization;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Dispatch.Alarms;

/// <summary>
/// <c>POST /api/alarms/{id}/confirm</c>, <c>/shelve</c> and <c>/unshelve</c>: each one alarm; there is no way to confirm several at once. People's
/// work: no key does it.
/// </summary>
internal static class ChangeAlarm
{
    internal sealed record ConfirmRequest(Guid? CommandId);

    /// <param name="Minutes">15, 30 or 60; then it comes back by itself.</param>
    internal sealed record ShelveRequest(Guid? CommandId, int? Minutes, string? Reason);

    internal static void Map(IEndpointRouteBuilder group)
    {
        RouteGroupBuilder alarm = group.MapGroup("/alarms/{id:guid}");
        alarm.MapPost("/confirm", (Guid id, ConfirmRequest request, HttpContext http, AlarmLog log, CancellationToken cancellation) => HandleAsync(
            id, request.CommandId, request, "confirmAlarm", null, static given => new AlarmCommand.Confirm(given.By), http, log, cancellation)).Produces<AlarmView>()
            .ProducesProblem(StatusCodes.Status409Conflict);
        alarm.MapPost("/shelve", (Guid id, ShelveRequest request, HttpContext http, AlarmLog log, CancellationToken cancellation) => HandleAsync(
            id, request.CommandId, request, "shelveAlarm", CheckMinutes(request.Minutes) ?? Fields.Text("reason", request.Reason, 1, 200),
            given => new AlarmCommand.Shelve(given.By, request.Minutes!.Value, request.Reason!.Trim()), http, log, cancellation)).Produces<AlarmView>()
            .ProducesProblem(StatusCodes.Status409Conflict);
        alarm.MapPost("/unshelve", (Guid id, ConfirmRequest request, HttpContext http, AlarmLog log, CancellationToken cancellation) => HandleAsync(
            id, request.CommandId, request, "unshelveAlarm", null, static _ => new AlarmCommand.Unshelve(), http, log, cancellation)).Produces<AlarmView>();
    }

    private static async Task<IResult> HandleAsync(
        Guid id, Guid? commandId, object request, string kind, Problem? badField, Func<Instruction, AlarmCommand> command, HttpContext http, AlarmLog log,
        CancellationToken cancellation)
    {
        (Instruction? given, Problem? problem) = Instruction.Read(http, commandId, kind, request);
        if ((problem ?? badField) is { } refusal)
        {
            return refusal.ToResult();
        }

        (AlarmView? alarm, problem) = await log.AppendAsync(id, given!, command(given!), cancellation);
        if (alarm is null)
        {
            return problem!.ToResult();
        }

        http.Response.Headers.ETag = FormattableString.Invariant($"\"{alarm.Version}\"");
        return TypedResults.Ok(alarm);
    }

    private static Problem? CheckMinutes(int? minutes) => minutes is { } asked && AlarmProblems.ShelfMinutes.Contains(asked)
        ? null
        : DispatchProblems.BadField("minutes", minutes?.ToString(CultureInfo.InvariantCulture), string.Join(" | ", AlarmProblems.ShelfMinutes));
}
