using System.Text.Json;
using System.Text.Json.Serialization;
using GeoDispatch.Sharing.Tiles;
using SkiaSharp;

namespace GeoDispatch.Sharing.Raster;

/// <summary>
/// The one description of how the map looks, <c>city.rules.json</c> with the colours of <c>city.flavours.json</c>: the style of the browser
/// (<see cref="MapLibreStyle"/>) and the drawn images both follow it.
/// </summary>
internal sealed class MapRules
{
    internal const int Most = 80;

    /// <summary>The layer of the rules for whatever has none of its own.</summary>
    internal const string Any = "*";

    /// <summary>How the id of a rule ends that draws the edge of what another draws.</summary>
    internal const string Casing = "-casing";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.Strict,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    private readonly Dictionary<string, Dictionary<string, SKColor>> flavours;

    private MapRules(IReadOnlyList<MapRule> all, Dictionary<string, Dictionary<string, SKColor>> flavours, string recipe) =>
        (All, this.flavours, Recipe) = (all, flavours, recipe);

    /// <summary>The lowest first.</summary>
    internal IReadOnlyList<MapRule> All { get; }

    internal IEnumerable<string> Flavours => flavours.Keys;

    /// <summary>Both files, by which kept images are told from those of other rules.</summary>
    internal string Recipe { get; }

    internal static MapRules Read(TilesFolder folder) => Parse(
        File.ReadAllText(Path.Combine(folder.Path, "city.rules.json")), File.ReadAllText(Path.Combine(folder.Path, "city.flavours.json")));

    /// <exception cref="JsonException">Says which rule is wrong, and where.</exception>
    internal static MapRules Parse(string rules, string flavours)
    {
        List<MapRule> all = JsonSerializer.Deserialize<List<MapRule>>(rules, Json) ?? [];
        Dictionary<string, Dictionary<string, SKColor>> colours = JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string>>>(flavours, Json)!
            .ToDictionary(static flavour => flavour.Key, static flavour => flavour.Value.ToDictionary(
                static colour => colour.Key,
                colour => SKColor.TryParse(colour.Value, out SKColor parsed) && colour.Value.Length == 7
                    ? parsed
                    : throw new JsonException($"{flavour.Key}: {colour.Key} is no colour #RRGGBB: {colour.Value}")));
        if (all.Count > Most)
        {
            throw new JsonException($"{all.Count} rules, where {Most} are the most");
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (MapRule rule in all)
        {
            if (Fault(rule) is string fault)
            {
                throw new JsonException($"Rule {rule.Id}: {fault}");
            }

            if (!ids.Add(rule.Id))
            {
                throw new JsonException($"Rule {rule.Id}: there are two of this id");
            }

            foreach ((string flavour, Dictionary<string, SKColor> known) in colours)
            {
                if (rule.Colours.FirstOrDefault(colour => !known.ContainsKey(colour.Name)) is { } unknown)
                {
                    throw new JsonException($"Rule {rule.Id}: flavour {flavour} has no colour @{unknown.Name}");
                }
            }
        }

        return new MapRules(all, colours, rules + flavours);
    }

    /// <summary>Null where there is no such flavour.</summary>
    internal Func<ColourName, SKColor>? FindFlavour(string flavour) =>
        flavours.TryGetValue(flavour, out Dictionary<string, SKColor>? colours) ? name => colours[name.Name] : null;

    /// <summary>The rules for one layer: its own, or those for any.</summary>
    internal IEnumerable<MapRule> For(string layer)
    {
        MapRule[] own = [.. All.Where(rule => rule.Layer == layer)];
        return own.Length > 0 ? own : All.Where(static rule => rule.Layer == Any);
    }

    private static string? Fault(MapRule rule)
    {
        int kinds = new object?[] { rule.Ground, rule.Fill, rule.Line, rule.Dot, (object?)rule.Icon ?? rule.Label }.Count(static kind => kind is not null);
        return kinds != 1 ? "draws one of ground, fill, line, dot, or a symbol of icon and label"
            : rule.Ground is null != rule.Layer is not null ? "has a layer, unless it draws the ground"
            : rule.MinZoom >= rule.MaxZoom ? "its minzoom lies below its maxzoom"
            : rule.Line?.Dash is { } dash && (dash.Count == 0 || dash.Count % 2 != 0 || dash.Any(static part => part <= 0)) ? "dashes are drawn and left out by turns"
            : rule.Label is { Text.Count: 0 } ? "a label writes some property"
            : null;
    }
}
