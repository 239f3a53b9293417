using GeoDispatch.Identity;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Ems.Figures;

/// <summary>
/// <c>GET /api/ems/figures?from=&amp;to=&amp;by=</c>: what the centre is judged by, as JSON; <c>/api/ems/figures.xlsx</c> the same as a workbook. Of no patient.
/// </summary>
internal static class ReadFigures
{
    private const string Sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    internal static void Map(IEndpointRouteBuilder group)
    {
        group.MapGet("/figures", static (FigureReader figures, TimeProvider clock, CancellationToken cancellation, DateTimeOffset? from, DateTimeOffset? to, string? by) =>
            AnswerAsync(figures, Span.Read(from, to, by, clock), static async found => TypedResults.Ok(await found), cancellation))
            .Produces<FiguresView>().ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/figures.xlsx", static (FigureReader figures, TimeProvider clock, CancellationToken cancellation, DateTimeOffset? from, DateTimeOffset? to, string? by) =>
            AnswerAsync(figures, Span.Read(from, to, by, clock), static async found => await WorkbookAsync(await found), cancellation))
            .Produces(StatusCodes.Status200OK, contentType: Sheet).ProducesProblem(StatusCodes.Status400BadRequest);
    }

    /// <summary>A few kilobytes: made whole before it is sent, for the end of an archive is written at once.</summary>
    internal static async Task<IResult> WorkbookAsync(FiguresView figures)
    {
        var book = new MemoryStream();
        await FigureSheet.WriteAsync(book, figures);
        return TypedResults.Bytes(book.ToArray(), Sheet, $"120-{figures.From:yyyyMMdd}-{figures.To:yyyyMMdd}-{figures.By}.xlsx");
    }

    private static async Task<IResult> AnswerAsync(
        FigureReader figures, (Span? Span, Problem? Problem) asked, Func<Task<FiguresView>, Task<IResult>> answer, CancellationToken cancellation) =>
        asked.Span is { } span ? await answer(figures.ReadAsync(span.From, span.To, span.By, cancellation)) : asked.Problem!.ToResult();
}

/// <summary>The time and the grouping that figures are asked for.</summary>
internal sealed record Span(DateTimeOffset From, DateTimeOffset To, string By)
{
    private const int MostDays = 400;

    /// <summary>Without an end until now, without a beginning the day before that; at most 400 days.</summary>
    internal static (Span? Span, Problem? Problem) Read(DateTimeOffset? from, DateTimeOffset? to, string? by, TimeProvider clock)
    {
        DateTimeOffset end = to ?? clock.GetUtcNow(), begin = from ?? end.AddDays(-1);
        return begin >= end || end - begin > TimeSpan.FromDays(MostDays)
            ? (null, new Problem(
                400, "figures.span", "时段无效 / Wrong time", $"from 须早于 to,至多 {MostDays} 天 / from before to, at most {MostDays} days", "from", begin.ToString("O")))
            : by is not null && !FigureSql.Groupings.Contains(by)
                ? (null, new Problem(400, "figures.by", "没有此分组 / No such grouping", string.Join(" | ", FigureSql.Groupings), "by", by.Length > 40 ? by[..40] : by))
                : (new Span(begin, end, by ?? "all"), null);
    }
}
