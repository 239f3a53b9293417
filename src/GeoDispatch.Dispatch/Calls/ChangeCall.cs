using System.Text.Json;
using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Dispatch.Calls;

/// <summary>
/// The commands of a seat on calls: enter, take, park, transfer, end, call-back, called-back, merge, split. Each is answered with the call
/// as its lists show it.
/// </summary>
internal static class ChangeCall
{
    private static readonly string[] Results = ["noEmergency", "nuisance", "silent", "dropped", "unreachable"];

    internal sealed record EnterRequest(Guid? CommandId, string? Source, string? Number);

    internal sealed record PlainRequest(Guid? CommandId);

    internal sealed record TransferRequest(Guid? CommandId, string? Seat);

    internal sealed record CallBackRequest(Guid? CommandId, string? Reason);

    internal sealed record CalledBackRequest(Guid? CommandId, bool? Reached);

    /// <param name="Result">Null where the call has joined an incident.</param>
    internal sealed record EndRequest(Guid? CommandId, string? Result, string? Note);

    internal sealed record MergeRequest(Guid? CommandId, Guid? IncidentId);

    internal static void Map(IEndpointRouteBuilder group)
    {
        group.MapPost("/calls", EnterAsync).Produces<CallSummary>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status400BadRequest);
        RouteGroupBuilder call = group.MapGroup("/calls/{id:guid}").ProducesProblem(StatusCodes.Status409Conflict);
        call.MapPost("/take", (Guid id, PlainRequest request, CallDesk desk, HttpContext http, CancellationToken cancellation) => desk.DoAsync(
            id, request.CommandId, request, "takeCall", null, static seat => new CallCommand.Take(seat), http, cancellation)).Produces<CallSummary>();
        call.MapPost("/park", (Guid id, PlainRequest request, CallDesk desk, HttpContext http, CancellationToken cancellation) => desk.DoAsync(
            id, request.CommandId, request, "parkCall", null, static seat => new CallCommand.Park(seat), http, cancellation)).Produces<CallSummary>();
        call.MapPost("/transfer", async (Guid id, TransferRequest request, CallDesk desk, Seats seats, HttpContext http, CancellationToken cancellation) => await desk.DoAsync(
            id, request.CommandId, request, "transferCall", await CheckSeatAsync(request.Seat, seats, cancellation),
            _ => new CallCommand.Transfer(request.Seat!), http, cancellation)).Produces<CallSummary>();
        call.MapPost("/call-back", (Guid id, CallBackRequest request, CallDesk desk, HttpContext http, CancellationToken cancellation) => desk.DoAsync(
            id, request.CommandId, request, "wantCallBack", Fields.Text("reason", request.Reason, 1, 200),
            seat => new CallCommand.WantCallBack(seat, request.Reason!.Trim()), http, cancellation)).Produces<CallSummary>();
        call.MapPost("/called-back", (Guid id, CalledBackRequest request, CallDesk desk, HttpContext http, CancellationToken cancellation) => desk.DoAsync(
            id, request.CommandId, request, "calledBack",
            request.Reached is null ? DispatchProblems.BadField("reached", null, "true | false") : null,
            seat => new CallCommand.RecordCallBack(seat, request.Reached!.Value), http, cancellation)).Produces<CallSummary>();
        call.MapPost("/end", (Guid id, EndRequest request, CallDesk desk, HttpContext http, CancellationToken cancellation) => desk.DoAsync(
            id, request.CommandId, request, "endCall",
            (request.Result is { } result ? Fields.OneOf("result", result, Results) : null) ?? Fields.Text("note", request.Note, 0, 1000),
            seat => new CallCommand.End(
                seat, request.Result is { } result ? Enum.Parse<CallResult>(result, ignoreCase: true) : null,
                string.IsNullOrWhiteSpace(request.Note) ? null : request.Note.Trim()),
            http, cancellation)).Produces<CallSummary>();
        call.MapPost("/merge", (Guid id, MergeRequest request, CallDesk desk, HttpContext http, CancellationToken cancellation) => request.IncidentId is null
            ? Task.FromResult(DispatchProblems.BadField("incidentId", null, "须为警情编号 / must be the id of an incident").ToResult())
            : desk.JoinAsync(id, request.CommandId, request, "mergeCall", request.IncidentId, http, cancellation)).Produces<CallSummary>();
        call.MapPost("/split", (Guid id, PlainRequest request, CallDesk desk, HttpContext http, CancellationToken cancellation) =>
            desk.JoinAsync(id, request.CommandId, request, "splitCall", null, http, cancellation)).Produces<CallSummary>();
    }

    private static async Task<IResult> EnterAsync(
        EnterRequest request, CallLog log, Seats seats, HttpContext http, CancellationToken cancellation)
    {
        (Instruction? given, Problem? problem) = Instruction.Read(http, request.CommandId, "enterCall", request);
        string? number = PhoneNumber.Normalize(request.Number);
        problem ??= Fields.OneOf("source", request.Source, CallEntered.Sources)
            ?? (string.IsNullOrWhiteSpace(request.Number) || number is not null
                ? null
                : CallProblems.NumberMalformed);
        string? seat = await seats.FindAsync(TakeSeat.Account(http), cancellation);
        if ((problem ?? (seat is null ? CallProblems.SeatMissing : null)) is { } refusal)
        {
            return refusal.ToResult();
        }

        (CallSummary? summary, problem) = await log.ReceiveAsync(null, given!, new CallCommand.Enter(request.Source!, number, seat!), cancellation);
        return Answers.Of(http, summary, problem, createdUnder: "calls");
    }

    private static async Task<Problem?> CheckSeatAsync(string? seat, Seats seats, CancellationToken cancellation) =>
        !Seats.IsName(seat) ? DispatchProblems.BadField("seat", seat, "分机号 / the extension")
        : await seats.IsTakenAsync(seat!, cancellation) ? null
        : CallProblems.SeatUnknown(seat!);
}

/// <summary>Carries out what somebody at a seat wants done with a call.</summary>
internal sealed class CallDesk(CallLog log, Seats seats)
{
    /// <param name="badField">What is wrong with the request's form.</param>
    /// <param name="command">Given the seat of who asks.</param>
    internal async Task<IResult> DoAsync(
        Guid id, Guid? commandId, object request, string kind, Problem? badField, Func<string, CallCommand> command, HttpContext http,
        CancellationToken cancellation)
    {
        (Instruction? given, string? seat, Problem? problem) = await ReadAsync(commandId, request, kind, badField, http, cancellation);
        if (problem is not null)
        {
            return problem.ToResult();
        }

        (CallSummary? summary, problem) = await log.AppendAsync(id, given!, _ => command(seat!), cancellation);
        return Answers.Of(http, summary, problem);
    }

    /// <param name="incidentId">Null splits.</param>
    internal async Task<IResult> JoinAsync(
        Guid id, Guid? commandId, object request, string kind, Guid? incidentId, HttpContext http, CancellationToken cancellation)
    {
        (Instruction? given, string? seat, Problem? problem) = await ReadAsync(commandId, request, kind, null, http, cancellation);
        if (problem is not null)
        {
            return problem.ToResult();
        }

        (CallSummary? summary, problem) = await log.JoinAsync(id, incidentId, seat!, given!, cancellation);
        return Answers.Of(http, summary, problem);
    }

    private async Task<(Instruction? Given, string? Seat, Problem? Problem)> ReadAsync(
        Guid? commandId, object request, string kind, Problem? badField, HttpContext http, CancellationToken cancellation)
    {
        (Instruction? given, Problem? problem) = Instruction.Read(http, commandId, kind, request);
        if ((problem ?? badField) is { } refusal)
        {
            return (null, null, refusal);
        }

        string? seat = await seats.FindAsync(given!.AccountId, cancellation);
        return (given, seat, seat is null ? CallProblems.SeatMissing : null);
    }
}

/// <summary>A result as it is written.</summary>
internal static class CallResults
{
    internal static string Text(this CallResult result) => JsonNamingPolicy.CamelCase.ConvertName(result.ToString());
}
