using Dapper;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Features;
using GeoDispatch.Sharing.Raster;
using GeoDispatch.Sharing.Tiles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace GeoDispatch.Sharing.Catalogue;

/// <summary><c>/catalogue</c>: which layers the reader may use, whose they are, how they look and how programs reach them; a page without a script.</summary>
internal static class ServeCatalogue
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    internal static void MapCatalogue(this IEndpointRouteBuilder routes) =>
        routes.MapMethods("/catalogue", Reading, ShowAsync).OpenToKeys(Scopes.Map).WithTags("ogc");

    private static async Task<IResult> ShowAsync(
        HttpRequest request, LayerAccess access, CityProfile profile, LayerSummaries summaries, MapRules rules, Databases databases,
        CancellationToken cancellation)
    {
        if (FeatureQuery.CheckNames(request.Query) is Problem refused)
        {
            return refused.ToResult();
        }

        ReadableLayers all = await access.ReadAsync(request.HttpContext);
        if (request.HttpContext.User.Identity?.IsAuthenticated != true)
        {
            request.HttpContext.Response.Headers.CacheControl = "no-cache";
        }

        request.HttpContext.Response.Headers.Vary = HeaderNames.Cookie;
        SharedCity? city = await profile.FindAsync(cancellation);
        Dictionary<string, string> owners = await OwnersAsync(databases, cancellation);
        var entries = new List<CatalogueEntry>(all.Layers.Count);
        IReadOnlyList<int?> counts = await summaries.ListAsync(FeatureCounts.Summary, all.Layers, cancellation);
        foreach ((ReadableLayer readable, int? count) in all.Layers.Zip(counts))
        {
            Layer layer = readable.Layer;
            entries.Add(new CatalogueEntry(
                layer, owners.GetValueOrDefault(layer.Metadata.Owner, layer.Metadata.Owner), readable.HidesRows || readable.Hidden.Count > 0,
                count, PreviewZoom(layer, rules)));
        }

        string address = Forms.Root(request)[..^"/ogc".Length];
        return TypedResults.Text(CataloguePage.Write(address, city, entries), Forms.Html, System.Text.Encoding.UTF8);
    }

    /// <summary>Near enough that the layer's own rules draw it, no nearer: a small picture shows where it lies.</summary>
    private static double PreviewZoom(Layer layer, MapRules rules) =>
        Math.Max(rules.For(layer.Id).Select(static rule => rule.MinZoom).DefaultIfEmpty(0).Min() + 0.5, Math.Max(10, layer.Metadata.MinZoom));

    private static async Task<Dictionary<string, string>> OwnersAsync(Databases databases, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await databases.Dispatch.OpenConnectionAsync(cancellation);
        return (await connection.QueryAsync<(string Code, string Name, string NameEn)>(new CommandDefinition(
            "SELECT code, name, name_en FROM identity.department", cancellationToken: cancellation)))
            .ToDictionary(static row => row.Code, static row => $"{row.Name} / {row.NameEn}", StringComparer.Ordinal);
    }
}
