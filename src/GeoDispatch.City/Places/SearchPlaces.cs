using System.Security.Claims;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.City.Places;

/// <summary>
/// <c>GET /api/places</c>: addresses, streets, crossings, kilometres and places by name, as one types. The control room finds everything;
/// whoever else may ask finds what the layers of the map show to everybody, too.
/// </summary>
internal static class SearchPlaces
{
    /// <summary>The kinds of places, and the shared layer that shows each. Crossings and kilometres are of streets.</summary>
    private static readonly Dictionary<string, string> LayerOfKind = new(StringComparer.Ordinal)
    {
        ["address"] = "addresses",
        ["street"] = "streets",
        ["place"] = "place_labels",
        ["poi"] = "pois",
    };

    internal static void MapSearchPlaces(this IEndpointRouteBuilder routes) => routes
        .MapGet("/api/places", SearchAsync)
        .RequireAuthorization(Policies.Desk)
        .OpenToKeys(Scopes.Places)
        .Produces<FoundPlaces>()
        .WithTags("places");

    private static async Task<IResult> SearchAsync(
        Gazetteers gazetteers, ILayerRights rights, ClaimsPrincipal asker, CancellationToken cancellation, string? q = null, double? lon = null, double? lat = null, int? limit = null)
    {
        (PlaceQuestion? question, Problem? problem) = PlaceQuestion.Read(q, lon, lat, limit);
        if (question is null)
        {
            return problem!.ToResult();
        }

        string[] kinds = await KindsAsync(asker, rights, cancellation);
        Gazetteer gazetteer = await gazetteers.GetAsync(cancellation);
        return TypedResults.Ok(new FoundPlaces(new PlaceSearch(gazetteer, kinds.ToHashSet(StringComparer.Ordinal), question.Near).Find(question)));
    }

    /// <summary>The kinds that somebody may find.</summary>
    internal static async ValueTask<string[]> KindsAsync(ClaimsPrincipal asker, ILayerRights rights, CancellationToken cancellation)
    {
        if (asker.IsInRole(Roles.Dispatcher) || asker.IsInRole(Roles.Administrator))
        {
            return [.. LayerOfKind.Keys];
        }

        IReadOnlySet<string> open = await rights.OpenAsync(LayerOfKind.Values, asker, cancellation);
        return [.. LayerOfKind.Where(kind => open.Contains(kind.Value)).Select(static kind => kind.Key)];
    }
}
