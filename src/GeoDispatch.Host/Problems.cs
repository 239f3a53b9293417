using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Npgsql;

namespace GeoDispatch.Host;

/// <summary>Turns what goes wrong into RFC 9457 problem details, in this one place.</summary>
internal sealed class Problems(ILogger<Problems> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception exception, CancellationToken cancellation)
    {
        if (http.RequestAborted.IsCancellationRequested)
        {
            return true;
        }

        Problem problem = Describe(exception);
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            // One line: while the database is away each request comes here, and where it broke off says nothing.
            log.LogWarning("{Method} {Path}: {Code}, {Message}", http.Request.Method, http.Request.Path, problem.Code, exception.Message);
            http.Response.Headers.RetryAfter = "5";
        }
        else if (problem.Status >= 500)
        {
            log.LogError(exception, "{Method} {Path} failed", http.Request.Method, http.Request.Path);
        }

        await http.RefuseAsync(problem);
        return true;
    }

    /// <summary>Answers with a status but no body (unknown path, wrong method) say what happened, too.</summary>
    internal static Task OnEmptyAnswer(StatusCodeContext answer)
    {
        HttpContext http = answer.HttpContext;
        int status = http.Response.StatusCode;
        (string code, string title) = status switch
        {
            StatusCodes.Status404NotFound => ("path.unknown", "没有此地址 / No such address"),
            StatusCodes.Status405MethodNotAllowed => ("method.not_allowed", "不支持此方法 / Method not allowed"),
            StatusCodes.Status415UnsupportedMediaType => ("body.not_json", "请求正文须为 JSON / The body must be JSON"),
            StatusCodes.Status413PayloadTooLarge => (TooLarge.Code, TooLarge.Title),
            _ => ($"http.{status}", $"请求被拒绝 / Refused ({status})"),
        };
        return http.RefuseAsync(new Problem(status, code, title, $"{http.Request.Method} {http.Request.Path}"));
    }

    /// <summary>
    /// Refuses a body that says it is too large. Its limit is lifted, not to read it but to let Kestrel read it away for some
    /// seconds: closed at once, the connection would break under the sender before the refusal is seen.
    /// </summary>
    internal static Task RefuseLargeBodiesAsync(HttpContext http, RequestDelegate next)
    {
        long most = http.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize ?? GeoDispatchServer.LargestBodyBytes;
        if (!(http.Request.ContentLength > most))
        {
            return next(http);
        }

        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        return http.RefuseAsync(LargerThan(most));
    }

    private static readonly Problem TooLarge = LargerThan(GeoDispatchServer.LargestBodyBytes);

    private static Problem LargerThan(long most) => new(
        413, "body.too_large", "请求正文过大 / Body too large", $"正文最多 {most} 字节 / A body may have {most} bytes");

    private static readonly Problem Fault = new(500, "server.fault", "系统故障 / Server fault", "已记入日志 / It has been logged");

    private static Problem Describe(Exception exception) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge,
        BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } =>
            new Problem(415, "body.not_json", "请求正文须为 JSON / The body must be JSON", "Content-Type: application/json"),
        BadHttpRequestException bad => new Problem(
            bad.StatusCode, "request.malformed", "请求无法读懂 / Malformed request", (bad.InnerException ?? bad).Message),
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => new Problem(
            503, "query.too_slow", "查询用时过长 / The query took too long",
            "请缩小范围或简化条件 / Ask for less: a smaller box, a simpler condition, fewer features"),
        // Another fault than of the connection, or of what runs beside it, is the statement's own: the same would fail again.
        PostgresException { IsTransient: false, SqlState: not ['5', '7', 'P', ..] } => Fault,
        NpgsqlException => new Problem(
            503, "database.away", "数据库暂不可用 / Database unavailable", "未保存任何内容,可原样重发 / Nothing was saved; the same request may be sent again"),
        // Entity Framework wraps what may pass.
        InvalidOperationException { InnerException: NpgsqlException away } => Describe(away),
        _ => Fault,
    };
}
