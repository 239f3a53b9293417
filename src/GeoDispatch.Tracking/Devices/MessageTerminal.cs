using GeoDispatch.Postgres;
using GeoDispatch.Tracking.Devices.Jt808;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Tracking.Devices;

/// <summary>
/// <c>POST /api/terminals/{protocol}/{number}/messages</c>: a text to the driver, or another command, with its receipt; <c>GET</c> tells what became of
/// the last ones.
/// </summary>
internal static class MessageTerminal
{
    private const int MostListed = 100;
    private const int StandardSeconds = 3_600;

    /// <param name="CommandId">Chosen by the sender, so that a repeat is harmless.</param>
    /// <param name="Command">What to do.</param>
    /// <param name="KeepSeconds">How long it waits for the terminal; an hour where nothing is said, at most a day.</param>
    internal sealed record Request(Guid? CommandId, TerminalCommand? Command, int? KeepSeconds = null);

    internal sealed record MessagesView(IReadOnlyList<TerminalMessage> Messages);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder terminal = routes.MapGroup("/api/terminals/{protocol}/{number}/messages").WithTags("terminals")
            .RequireAuthorization(policy => policy.RequireRole("dispatcher", "administrator"))
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        terminal.MapPost("", HandleAsync).Produces<TerminalMessage>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        terminal.MapGet("", ListAsync).Produces<MessagesView>().ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> ListAsync(string protocol, string number, TerminalCommands commands, CancellationToken cancellation) =>
        TerminalNumber.Check(protocol, number)?.ToResult()
        ?? TypedResults.Ok(new MessagesView(await commands.ListAsync(protocol, TerminalNumber.Of(protocol, number), null, MostListed, cancellation)));

    private static async Task<IResult> HandleAsync(
        string protocol, string number, Request request, HttpContext http, TerminalCommands commands, CancellationToken cancellation)
    {
        if (TerminalNumber.Check(protocol, number) is { } bad)
        {
            return bad.ToResult();
        }

        if (request.CommandId is not { } id || id == Guid.Empty)
        {
            return Bad("commandId", request.CommandId?.ToString(), "UUID");
        }

        if (request.Command is not { } command)
        {
            return Bad("command", null, "{\"kind\": \"text\", \"text\": \"…\"}");
        }

        int keep = request.KeepSeconds ?? StandardSeconds;
        if (keep < 1 || keep > TerminalCommands.Longest.TotalSeconds)
        {
            return Bad("keepSeconds", request.KeepSeconds?.ToString(System.Globalization.CultureInfo.InvariantCulture), "1 … 86400");
        }

        (TerminalMessage? message, Problem? problem) = await commands.SendAsync(
            id, protocol, TerminalNumber.Of(protocol, number), command, TimeSpan.FromSeconds(keep), http.User.Identity?.Name ?? "", cancellation);
        return message is null ? problem!.ToResult() : TypedResults.Ok(message);
    }

    private static IResult Bad(string field, string? value, string range) => new Problem(
        400, "terminal.bad_message", "下发内容无效 / Message not valid", $"{field}: {range}", field, value).ToResult();
}
