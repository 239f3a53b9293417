using System.Security.Claims;
using GeoDispatch.Identity;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.City.Places;

/// <summary>One place that the words may mean.</summary>
/// <param name="Kind">address, street, place, poi, crossing, km, or layer: a feature of a layer that its owner lets be searched.</param>
/// <param name="Detail">Chinese / English: the sort of place; of a feature the title of its layer.</param>
/// <param name="Certainty">
/// exact: known to be here; interpolated: worked out from known ones on both sides; near: another house number, as the one asked for is not
/// known; street: of a street whose house numbers are not known.
/// </param>
/// <param name="Why">Why it was found, where not by its name.</param>
/// <param name="Note">What <paramref name="Certainty"/> rests on, such as the house numbers on both sides; null where it is exact.</param>
/// <param name="Highlights">The parts of <paramref name="Name"/> that were meant: first character and length, each.</param>
/// <param name="Meters">From the point that was asked near; null without one.</param>
internal sealed record FoundPlace(
    string Id, string Kind, string Name, string Detail, string District, double Lon, double Lat, bool Synthetic,
    string Certainty, PlaceNote? Why, PlaceNote? Note, IReadOnlyList<int[]> Highlights, double? Meters);

/// <summary>The likeliest place first.</summary>
internal sealed record FoundPlaces(IReadOnlyList<FoundPlace> Places);

/// <summary>
/// <c>GET /api/places</c>: addresses, streets, crossings, kilometres and places by name, as one types. The control room finds everything;
/// whoever else may ask finds what the layers of the map show to everybody, too. Features of a department's layer are found by whoever may read them.
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
        Gazetteers gazetteers, LayerPlaces layers, ILayerRights rights, ClaimsPrincipal asker, CancellationToken cancellation, string? q = null, double? lon = null, double? lat = null, int? limit = null)
    {
        (PlaceQuestion? question, Problem? problem) = PlaceQuestion.Read(q, lon, lat, limit);
        if (question is null)
        {
            return problem!.ToResult();
        }

        string[] kinds = await KindsAsync(asker, rights, cancellation);
        Gazetteer gazetteer = await gazetteers.GetAsync(cancellation);
        IReadOnlyList<FeatureFound> features = await layers.FindAsync(question, asker, cancellation);
        return TypedResults.Ok(new FoundPlaces(new PlaceSearch(gazetteer, kinds.ToHashSet(StringComparer.Ordinal), question.Near).Find(question, features)));
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
