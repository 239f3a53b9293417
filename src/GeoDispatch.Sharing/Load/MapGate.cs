using System.Threading.RateLimiting;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Quotas;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Features;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.WebUtilities;
using Npgsql;

namespace GeoDispatch.Sharing.Load;

/// <summary>What a route of the map does to the machine.</summary>
/// <param name="TakesItsTurns">
/// True: takes turns itself, where it asks the database or draws, be it a tile that is not kept or a part of a long page. False: takes a turn
/// for as long as the answer is made.
/// </param>
/// <param name="IsTile">Most often it is kept, and goes out at once, on the thread that the request came on.</param>
internal sealed record MapRoute(bool TakesItsTurns, bool IsTile = false);

/// <summary>Says so of routes. Of two on one route, the inner counts.</summary>
internal static class MapRoutes
{
    internal static TBuilder AreTiles<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata(new MapRoute(TakesItsTurns: true, IsTile: true)).Costs(1, freeForDesk: true);

    internal static TBuilder TakesItsTurns<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata(new MapRoute(TakesItsTurns: true));

    internal static TBuilder AreQueries<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata(new MapRoute(TakesItsTurns: false)).Costs(2);
}

/// <summary>
/// Stands before the map's routes and no others. The answer of a query is made at once, into memory and then a file, whatever the pace at
/// which it is read: the connection and the turn are free again before the first byte is sent, so that a slow reader holds nothing, and
/// what goes wrong in the middle is a refusal and not half an answer.
/// </summary>
internal sealed class MapGate(MapWork work, MapThreads threads, MapLoadSettings settings) : IDisposable
{
    private static readonly string[] OfTheAnswer = ["Content-Crs", "Content-Length", "Content-Disposition", "ETag"];
    private readonly ConcurrencyLimiter answers = new(new ConcurrencyLimiterOptions { PermitLimit = settings.Answers, QueueLimit = 0 });

    public void Dispose() => answers.Dispose();

    internal async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<MapRoute>() is not { } route)
        {
            await next(http);
            return;
        }

        try
        {
            if (route.TakesItsTurns)
            {
                if (http.User.IsDesk())
                {
                    MapWork.Pass();
                    await next(http);
                }
                else
                {
                    await (route.IsTile ? next(http) : threads.RunAsync(() => next(http)));
                }

                return;
            }

            if (http.Request.ContentLength is not null and not 0 || http.Request.Headers.TransferEncoding.Count > 0)
            {
                // Who sends by the byte holds no turn meanwhile.
                http.Request.EnableBuffering();
                await http.Request.Body.DrainAsync(http.RequestAborted);
                http.Request.Body.Position = 0;
            }

            using RateLimitLease answer = answers.AttemptAcquire();
            if (!answer.IsAcquired)
            {
                throw new MapBusyException();
            }

            await threads.RunAsync(() => AnswerAsync(http, next));
        }
        catch (MapBusyException) when (!http.Response.HasStarted)
        {
            await RefuseAsync(http, Busy);
        }
        catch (PostgresException failed) when (!http.Response.HasStarted && FeatureReader.Refusal(failed) is not null)
        {
            await RefuseAsync(http, FeatureReader.Refusal(failed)!);
        }
        catch (AnswerTooLongException) when (!http.Response.HasStarted)
        {
            await RefuseAsync(http, TooLong(settings.AnswerBytes));
        }
    }

    private async Task AnswerAsync(HttpContext http, RequestDelegate next)
    {
        IHttpResponseBodyFeature client = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var spool = new AnswerSpool(settings.AnswerBytes);
        using (await work.EnterAsync(http.RequestAborted))
        {
            var making = new StreamResponseBodyFeature(spool);
            http.Features.Set<IHttpResponseBodyFeature>(making);
            try
            {
                MapWork.Pass();
                await next(http);
                await making.CompleteAsync();
            }
            finally
            {
                http.Features.Set(client);
            }
        }

        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } pace)
        {
            pace.MinDataRate = new MinDataRate(settings.SlowestReader, TimeSpan.FromSeconds(10));
        }

        await spool.SendAsync(http.Response.BodyWriter, http.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext http, Problem problem)
    {
        foreach (string header in OfTheAnswer)
        {
            http.Response.Headers.Remove(header);
        }

        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            http.Response.Headers.RetryAfter = "5";
        }

        http.Response.Headers.CacheControl = "no-store";
        return http.RefuseAsync(problem);
    }

    private static readonly Problem Busy = new(
        503, "map.busy", "地图服务繁忙 / The map is busy", "稍后再试;调度不受影响 / Try again in some seconds; dispatch goes before");

    private static Problem TooLong(long most) => new(
        400, "answer.too_long", "结果过大 / Answer too long",
        $"一次最多 {most} 字节:请用 limit、COUNT 或 bbox 缩小 / At most {most} bytes at once: ask for less by limit, COUNT or bbox");
}
