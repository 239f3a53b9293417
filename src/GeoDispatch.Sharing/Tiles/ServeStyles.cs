using System.Text.Json;
using System.Text.Json.Nodes;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>
/// <c>/tiles/styles/FLAVOUR.json</c>: the MapLibre style of the base map. One style serves every flavour: its colours are
/// names (<c>@water</c>) which the flavour fills in, so day and night show the same things in the same places.
/// </summary>
internal static class ServeStyles
{
    internal static void MapStyles(this IEndpointRouteBuilder routes) => routes
        .MapGet("/tiles/styles/{flavour}.json", (string flavour, HttpRequest request, Styles styles) => styles
            .Find(flavour, $"{request.Scheme}://{request.Host}/tiles/city") is string style
                ? TypedResults.Content(style, "application/json")
                : new Problem(404, "style.unknown", "没有此样式 / Unknown style", $"现有 / There are: {string.Join(", ", styles.Flavours)}", "flavour", flavour).ToResult())
        .OpenToKeys(Scopes.Map).WithTags("tiles");
}

/// <summary>The style file with each flavour's colours.</summary>
internal sealed class Styles(TilesFolder folder)
{
    private readonly Lazy<JsonObject> flavours = new(() => Read(folder, "city.flavours.json"));
    private readonly Lazy<JsonObject> style = new(() => Read(folder, "city.style.json"));

    internal IEnumerable<string> Flavours => flavours.Value.Select(flavour => flavour.Key);

    /// <summary>Null where there is no such flavour.</summary>
    internal string? Find(string flavour, string tiles)
    {
        if (flavours.Value[flavour] is not JsonObject colours)
        {
            return null;
        }

        JsonNode filled = style.Value.DeepClone();
        Fill(filled, name => name == "tiles" ? tiles : (string?)colours[name]
            ?? throw new JsonException($"city.flavours.json: {flavour} has no colour {name}"));
        return filled.ToJsonString();
    }

    private static void Fill(JsonNode node, Func<string, string> value)
    {
        switch (node)
        {
            case JsonObject branch:
                foreach ((string key, JsonNode? child) in branch.ToArray())
                {
                    if (Token(child) is string token)
                    {
                        branch[key] = value(token);
                    }
                    else if (child is not null)
                    {
                        Fill(child, value);
                    }
                }

                break;
            case JsonArray list:
                for (int i = 0; i < list.Count; i++)
                {
                    if (Token(list[i]) is string token)
                    {
                        list[i] = value(token);
                    }
                    else if (list[i] is JsonNode child)
                    {
                        Fill(child, value);
                    }
                }

                break;
        }
    }

    private static string? Token(JsonNode? node) =>
        node is JsonValue text && text.TryGetValue(out string? value) && value.StartsWith('@') ? value[1..] : null;

    private static JsonObject Read(TilesFolder folder, string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Path, name)))!.AsObject();
}
