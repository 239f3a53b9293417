using System.Globalization;
using System.Text.Json.Nodes;
using GeoDispatch.Sharing.Features;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Http;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>What OGC API – Tiles says of tilesets and tile matrix sets, and the links by which they are found.</summary>
internal static class TilesetDocuments
{
    private const string Relation = "http://www.opengis.net/def/rel/ogc/1.0/";

    /// <summary>The beginning of the operations' names: <c>dataset.vector</c>, <c>collection.map</c>.</summary>
    internal static string OperationOf(string prefix, TileData data) =>
        $"{(prefix.StartsWith("/collections", StringComparison.Ordinal) ? "collection" : "dataset")}.{(data == TileData.Vector ? "vector" : "map")}";

    /// <summary>The links of a landing page, or of a collection, to its tiles.</summary>
    /// <param name="url">Of the page, without a slash at its end.</param>
    internal static IEnumerable<JsonObject> Links(string url, bool maps)
    {
        yield return Forms.Link($"{Relation}tilesets-vector", Forms.Json, $"{url}/tiles", "矢量瓦片 / Vector tiles");
        if (maps)
        {
            yield return Forms.Link($"{Relation}tilesets-map", Forms.Json, $"{url}/map/tiles", "地图瓦片 / Map tiles");
        }
    }

    internal static JsonObject ListSets(HttpRequest request, Form form) => new()
    {
        ["tileMatrixSets"] = new JsonArray([.. TileMatrixSet.All.Select(set =>
        {
            var item = new JsonObject { ["id"] = set.Id, ["title"] = set.Title };
            if (set.Uri is not null)
            {
                item["uri"] = set.Uri;
            }

            item["crs"] = set.Crs;
            item["links"] = new JsonArray(Link(request, "self", $"tileMatrixSets/{set.Id}"));
            return (JsonNode)item;
        })]),
        ["links"] = Forms.SelfAndAlternate(request, form, Forms.Json).ToJson(),
    };

    internal static JsonObject List(HttpRequest request, Form form, ServeOgcTiles.Source source, SharedCity? city) => new()
    {
        ["tilesets"] = new JsonArray([.. TileMatrixSet.All.Where(set => source.Tileset.Has(set.Grid)).Select(set => (JsonNode)Describe(request, null, source, set, city))]),
        ["links"] = Forms.SelfAndAlternate(request, form, Forms.Json).ToJson(),
    };

    /// <param name="form">Of the answer; null in a list.</param>
    internal static JsonObject Describe(HttpRequest request, Form? form, ServeOgcTiles.Source source, TileMatrixSet set, SharedCity? city)
    {
        Tileset tileset = source.Tileset;
        int[] levels = [.. set.Levels(source.Cutter, tileset)];
        var answer = new JsonObject
        {
            ["title"] = tileset.IsCollection || city is null ? tileset.Title : $"{city.Name} / {city.NameEn}",
            ["description"] = tileset.Title,
            ["dataType"] = source.Data == TileData.Vector ? "vector" : "map",
            ["crs"] = set.Crs,
        };
        if (set.Uri is not null)
        {
            answer["tileMatrixSetURI"] = set.Uri;
        }

        answer["tileMatrixSetId"] = set.Id;
        answer["tileMatrixSetLimits"] = new JsonArray([.. levels.Select(level => (JsonNode)Limits(level, set.Limits(city?.Box, level)))]);
        if (source.Data == TileData.Vector)
        {
            answer["layers"] = new JsonArray([.. tileset.VectorLayers(source.Layers).Select(layer => (JsonNode)new JsonObject
            {
                ["id"] = (string?)layer!["id"],
                ["dataType"] = "vector",
                ["minTileMatrix"] = Text((int)layer["minzoom"]! - set.Shift),
                ["maxTileMatrix"] = Text((int)layer["maxzoom"]! - set.Shift),
                ["propertiesSchema"] = Schema(layer["fields"]!.AsObject()),
            })]);
        }

        if (city is not null)
        {
            answer["attribution"] = city.Attribution;
            answer["boundingBox"] = new JsonObject
            {
                ["lowerLeft"] = new JsonArray(city.Box.West, city.Box.South),
                ["upperRight"] = new JsonArray(city.Box.East, city.Box.North),
                ["crs"] = "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
            };
        }

        JsonObject item = Link(request, "item", $"{Path(source)}/{set.Id}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", source.Cutter.MediaType);
        item["templated"] = true;
        string self = $"{Forms.Root(request)}/{Path(source)}/{set.Id}";
        IEnumerable<JsonObject> own = form is Form given
            ? Forms.SelfAndAlternate(request, given, Forms.Json)
            : [Forms.Link("self", Forms.Json, $"{self}?f=json", "JSON"), Forms.Link("alternate", Forms.Html, $"{self}?f=html", "网页 / Web page")];
        answer["links"] = own.Concat([Link(request, $"{Relation}tiling-scheme", $"tileMatrixSets/{set.Id}"), item]).ToJson();
        if (source.Collection is string collection)
        {
            answer["links"]!.AsArray().Add(Link(request, $"{Relation}geodata", $"collections/{Uri.EscapeDataString(collection)}"));
        }

        return answer;
    }

    private static JsonObject Limits(int level, TileRange range) => new JsonObject
    {
        ["tileMatrix"] = Text(level),
        ["minTileRow"] = range.North,
        ["maxTileRow"] = range.South,
        ["minTileCol"] = range.West,
        ["maxTileCol"] = range.East,
    };

    private static JsonObject Schema(JsonObject fields) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(fields.Select(static field => KeyValuePair.Create(field.Key, (JsonNode?)new JsonObject
        {
            ["type"] = (string?)field.Value switch { "Number" => "number", "Boolean" => "boolean", _ => "string" },
        }))),
    };

    private static string Path(ServeOgcTiles.Source source) =>
        $"{(source.Collection is string collection ? $"collections/{Uri.EscapeDataString(collection)}/" : "")}{(source.Data == TileData.Map ? "map/" : "")}tiles";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static JsonObject Link(HttpRequest request, string relation, string path, string type = Forms.Json) => new()
    {
        ["rel"] = relation,
        ["href"] = $"{Forms.Root(request)}/{path}",
        ["type"] = type,
    };
}
