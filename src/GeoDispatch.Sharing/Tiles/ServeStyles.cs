using System.Text.Json.Nodes;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Load;
using GeoDispatch.Sharing.Raster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>
/// <c>/tiles/styles/FLAVOUR.json</c>: the MapLibre style of the base map, written from its rules; <c>/tiles/sprites/FLAVOUR.json</c> and
/// <c>.png</c> (and <c>@2x</c>): the icons that it names.
/// </summary>
internal static class ServeStyles
{
    internal static void MapStyles(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/tiles").OpenToKeys(Scopes.Map).AreTiles().WithTags("tiles");
        group.MapGet("/styles/{flavour}.json", (string flavour, HttpRequest request, Styles styles) =>
            styles.Find(flavour, $"{request.Scheme}://{request.Host}/tiles") is string style ? TypedResults.Content(style, "application/json") : Unknown(flavour, styles));
        group.MapGet("/sprites/{flavour}.json", (string flavour, Styles styles) =>
            styles.FindSprite(flavour) is { } sprite ? TypedResults.Content(sprite.Index, "application/json") : Unknown(flavour, styles));
        group.MapGet("/sprites/{flavour}.png", (string flavour, Styles styles) =>
            styles.FindSprite(flavour) is { } sprite ? TypedResults.Bytes(sprite.Image, RasterCutter.Png) : Unknown(flavour, styles));
    }

    private static IResult Unknown(string flavour, Styles styles) => new Problem(
        404, "style.unknown", "没有此样式 / Unknown style", $"现有 / There are: {string.Join(", ", styles.Flavours)}", "flavour", flavour).ToResult();
}

/// <summary>The style of each flavour, with its icons.</summary>
internal sealed class Styles(MapRules rules, Tilesets tilesets, IconSet icons)
{
    private const string Fine = "@2x";
    private readonly Lazy<Dictionary<string, Sprite>> sprites = new(() => rules.Flavours
        .SelectMany(flavour => new[] { (Name: flavour, Flavour: flavour, Ratio: 1), (Name: flavour + Fine, Flavour: flavour, Ratio: 2) })
        .ToDictionary(sprite => sprite.Name, sprite => Sprite.Draw(rules, rules.FindFlavour(sprite.Flavour)!, icons, sprite.Ratio), StringComparer.Ordinal));

    internal IEnumerable<string> Flavours => rules.Flavours;

    /// <summary>Null where there is no such flavour.</summary>
    /// <param name="address">Of the tiles, without a slash at its end.</param>
    internal string? Find(string flavour, string address)
    {
        if (rules.FindFlavour(flavour) is null)
        {
            return null;
        }

        HashSet<string> layers = [.. tilesets.Find(MapView.City)!.Description["vector_layers"]!.AsArray().Select(static layer => (string)layer!["id"]!)];
        JsonObject style = MapLibreStyle.Write(rules, flavour, layers, $"{address}/city", $"{address}/sprites/{flavour}");
        return style.ToJsonString();
    }

    /// <summary>Null where there is no such flavour; <c>@2x</c> behind it for fine screens.</summary>
    internal Sprite? FindSprite(string name) => sprites.Value.GetValueOrDefault(name);
}
