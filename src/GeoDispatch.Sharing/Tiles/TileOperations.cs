using System.Text.Json.Nodes;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Features;

namespace GeoDispatch.Sharing.Tiles;

/// <summary>The tiles' part of the description in OpenAPI. Names of operations end as table 19 of 20-057 has them.</summary>
internal static class TileOperations
{
    private static readonly string[] Place = ["tileMatrixSetId", "tileMatrix", "tileRow", "tileCol"];

    /// <param name="maps">Whether tiles are drawn too.</param>
    internal static IEnumerable<KeyValuePair<string, JsonNode?>> Paths(ReadableLayers all, bool maps)
    {
        yield return new("/tileMatrixSets", Document("getTileMatrixSetsList", "瓦片矩阵集 / Tile matrix sets", "tiles", "400", "406"));
        yield return new("/tileMatrixSets/{tileMatrixSetId}", Document("getTileMatrixSet", "瓦片矩阵集 / Tile matrix set", "tiles", "400", "404", "406"));
        foreach ((TileData data, string prefix) in maps ? [(TileData.Vector, ""), (TileData.Map, "/map")] : new[] { (TileData.Vector, "") })
        {
            foreach (KeyValuePair<string, JsonNode?> path in Paths(prefix, $"{TileReader.Dataset}.{TilesetDocuments.OperationOf(prefix, data)}", "城市底图 / Base map", "tiles", data))
            {
                yield return path;
            }

            foreach (Layer layer in all.Layers.Select(static readable => readable.Layer))
            {
                string own = $"/collections/{layer.Id}{prefix}";
                foreach (KeyValuePair<string, JsonNode?> path in Paths(own, $"{layer.Id}.{TilesetDocuments.OperationOf(own, data)}", layer.Title, layer.Id, data))
                {
                    yield return path;
                }
            }
        }
    }

    internal static IEnumerable<KeyValuePair<string, JsonNode?>> Parameters()
    {
        static JsonObject Index() => new() { ["type"] = "integer", ["minimum"] = 0 };
        yield return Parameter("tileMatrixSetId", "瓦片矩阵集 / Tile matrix set", new JsonObject
        {
            ["type"] = "string",
            ["enum"] = new JsonArray([.. TileMatrixSet.All.Select(static set => (JsonNode)set.Id)]),
        });
        yield return Parameter("tileMatrix", "级别 / Level, an id of the tile matrix set", new JsonObject { ["type"] = "string" });
        yield return Parameter("tileRow", "行,自北起 / Row, counted from the north", Index());
        yield return Parameter("tileCol", "列,自西起 / Column, counted from the west", Index());
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Paths(string prefix, string operation, string title, string tag, TileData data)
    {
        string sort = data == TileData.Vector ? "矢量瓦片 / Vector tiles" : "地图瓦片 / Map tiles";
        yield return new($"{prefix}/tiles", Document($"{operation}.getTileSetsList", $"{title}: {sort}", tag, "400", "404", "406"));
        yield return new($"{prefix}/tiles/{{tileMatrixSetId}}", Document($"{operation}.getTileSet", $"{title}: {sort}", tag, "400", "404", "406"));
        JsonObject tile = OpenApiDocument.Operation(
            $"{operation}.getTile", $"{title}: {sort}", tag, Place.Select(static name => OpenApiDocument.Ref("parameters", name)), "tile",
            data == TileData.Vector ? VectorCutter.Mvt : "image/png", "404", "406");
        tile["get"]!["responses"]!["204"] = new JsonObject { ["description"] = "瓦片内无要素 / Nothing lies in the tile" };
        tile["get"]!["responses"]!["200"]!["content"]!.AsObject().Remove(Forms.Html);
        yield return new($"{prefix}/tiles/{{tileMatrixSetId}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", tile);
    }

    private static JsonObject Document(string operation, string summary, string tag, params string[] refusals)
    {
        JsonNode f = OpenApiDocument.Ref("parameters", "f");
        JsonNode[] parameters = operation.EndsWith("Set", StringComparison.Ordinal) ? [OpenApiDocument.Ref("parameters", Place[0]), f] : [f];
        return OpenApiDocument.Operation(operation, summary, tag, parameters, "document", Forms.Json, refusals);
    }

    private static KeyValuePair<string, JsonNode?> Parameter(string name, string description, JsonObject schema)
    {
        JsonObject parameter = OpenApiDocument.Parameter(name, "path", description, schema);
        parameter["required"] = true;
        return new(name, parameter);
    }
}
