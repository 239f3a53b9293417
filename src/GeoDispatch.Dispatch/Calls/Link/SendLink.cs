using GeoDispatch.Dispatch.Incidents;
using GeoDispatch.Dispatch.Recommendation;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Dispatch.Calls.Link;

/// <summary><c>POST /api/calls/{id}/link</c>: sends the caller a link. Where no message goes out, the dispatcher reads it out.</summary>
internal static class SendLink
{
    internal sealed record Request(Guid? CommandId);

    /// <param name="Url">Shown this once; null where the command came again.</param>
    /// <param name="Sent">A gateway accepted the message.</param>
    internal sealed record Link(string? Url, DateTimeOffset ExpiresAt, bool Sent, Reason Note);

    internal static void Map(IEndpointRouteBuilder group) => group.MapPost("/calls/{id:guid}/link", HandleAsync)
        .Produces<Link>().ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> HandleAsync(
        Guid id, Request request, HttpContext http, CallLinks links, ICallerMessages messages, Seats seats, CancellationToken cancellation)
    {
        (Instruction? given, Problem? problem) = Instruction.Read(http, request.CommandId, "sendLink", request);
        string? seat = given is null ? null : await seats.FindAsync(given.AccountId, cancellation);
        if ((problem ?? (seat is null ? CallProblems.SeatMissing : null)) is { } refusal)
        {
            return refusal.ToResult();
        }

        (string? token, string? number, DateTimeOffset expires, problem) = await links.MakeAsync(id, seat!, given!, cancellation);
        if (problem is not null)
        {
            return problem.ToResult();
        }

        if (token is null)
        {
            return TypedResults.Ok(new Link(null, expires, false, new Reason("此命令已执行过 / 链接只显示一次", "Carried out before: a link is shown once")));
        }

        string url = $"{http.Request.Scheme}://{http.Request.Host}/c/{token}";
        bool sent = await messages.SendAsync(
            number!, $"【120】请点击链接告诉我们您的位置,可发文字和照片,60 分钟内有效 / Tap to share where you are: {url}", cancellation);
        return TypedResults.Ok(new Link(url, expires, sent, sent
            ? new Reason("短信已交网关", "The gateway has the message")
            : new Reason("短信未发出,请口述链接", "No message was sent: read the link out")));
    }
}
