using System.Globalization;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Identity.Administration;

/// <summary><c>/api/admin/keys</c>: the keys of departments' programs. And <c>/api/admin/log</c>: what administrators did.</summary>
internal static class ManageKeys
{
    /// <param name="AllScopes">Those that a new key may have.</param>
    internal sealed record KeysView(IReadOnlyList<ApiKeyView> Keys, IReadOnlyList<string> AllScopes);

    /// <param name="Secret">The whole key. It is shown this once.</param>
    internal sealed record IssuedKeyView(ApiKeyView Key, string Secret);

    internal sealed record LogView(IReadOnlyList<AdministrationEntry> Entries);

    internal static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/keys", async (ApiKeyRegistry keys, CancellationToken cancellation) =>
            TypedResults.Ok(new KeysView(await keys.ListAsync(cancellation), Scopes.All))).Produces<KeysView>();
        admin.MapPost("/keys", IssueAsync).Produces<IssuedKeyView>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest);
        admin.MapPost("/keys/{id:guid}/revoke", RevokeAsync).Produces<ApiKeyView>().ProducesProblem(StatusCodes.Status404NotFound);
        admin.MapGet("/log", ReadLogAsync).Produces<LogView>().ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> IssueAsync(
        ApiKeyWish request, HttpContext http, ApiKeyRegistry keys, CancellationToken cancellation)
    {
        (ApiKeyView? key, string? secret, Problem? problem) = await keys.IssueAsync(request, Actor.Of(http.User), cancellation);
        if (problem is not null)
        {
            return problem.ToResult();
        }

        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, new IssuedKeyView(key!, secret!));
    }

    private static async Task<IResult> RevokeAsync(Guid id, HttpContext http, ApiKeyRegistry keys, CancellationToken cancellation)
    {
        (ApiKeyView? key, Problem? problem) = await keys.RevokeAsync(id, Actor.Of(http.User), cancellation);
        return problem?.ToResult() ?? TypedResults.Ok(key);
    }

    private static async Task<IResult> ReadLogAsync(long? before, int? limit, AdministrationLog log, CancellationToken cancellation) =>
        limit is null or (>= 1 and <= 500)
            ? TypedResults.Ok(new LogView(await log.ListAsync(before, limit ?? 100, cancellation)))
            : AdministrationProblems.BadField("limit", limit.Value.ToString(CultureInfo.InvariantCulture), "1…500").ToResult();
}
