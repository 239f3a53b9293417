using System.Text.Json.Nodes;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Tiles;

namespace GeoDispatch.Sharing.Features;

/// <summary>The interface in OpenAPI 3.0, layer by layer with the properties that each can be asked by.</summary>
internal static class OpenApiDocument
{
    /// <param name="maps">Whether tiles are drawn too.</param>
    internal static JsonObject Write(string title, string root, ReadableLayers all, bool maps)
    {
        JsonObject Plain(string id, string summary, string schema) => Operation(id, summary, "metadata", [Ref("parameters", "f")], schema, Forms.Json, "400", "406");
        var paths = new JsonObject
        {
            ["/"] = Plain("getLandingPage", "首页 / Landing page", "document"),
            ["/conformance"] = Plain("getConformance", "符合的标准 / Conformance", "document"),
            ["/api"] = Operation("getApi", "接口说明 / Interface", "metadata", [Ref("parameters", "f")], "document", Forms.OpenApi, "400", "406"),
            ["/collections"] = Plain("getCollections", "图层 / Layers", "document"),
        };
        foreach (Layer layer in all.Layers.Select(readable => readable.Layer))
        {
            string path = $"/collections/{layer.Id}";
            paths[path] = Operation($"describe_{layer.Id}", layer.Title, layer.Id, [Ref("parameters", "f")], "document", Forms.Json, "400", "404", "406");
            paths[$"{path}/queryables"] = Operation(
                $"queryables_{layer.Id}", $"{layer.Title}: 可查询的属性 / Queryables", layer.Id, [Ref("parameters", "f")], "document", ServeQueryables.MediaType, "400", "404", "406");
            JsonNode[] filters = [.. layer.Columns.Where(column => column.JsonType is not null && !Reserved.Contains(column.Name, StringComparer.Ordinal))
                .Select(column => (JsonNode)Parameter(column.Name, "query", $"{column.Name} = …", ServeQueryables.Scalar(column)))];
            paths[$"{path}/items"] = Operation(
                $"list_{layer.Id}", layer.Title, layer.Id, [.. Reserved.Select(name => Ref("parameters", name)), .. filters], "featureCollection", Forms.GeoJson, "400", "404", "406", "503");
            paths[$"{path}/items/{{featureId}}"] = Operation(
                $"get_{layer.Id}", layer.Title, layer.Id, [Ref("parameters", "featureId"), Ref("parameters", "crs"), Ref("parameters", "f")], "feature", Forms.GeoJson, "400", "404", "406");
        }

        foreach ((string path, JsonNode? operation) in TileOperations.Paths(all, maps))
        {
            paths[path] = operation;
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.3",
            ["info"] = new JsonObject { ["title"] = title, ["version"] = "1.0.0" },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = root }),
            ["tags"] = new JsonArray([new JsonObject { ["name"] = "metadata" }, new JsonObject { ["name"] = "tiles" }, .. all.Layers.Select(readable => readable.Layer).Select(layer => (JsonNode)new JsonObject { ["name"] = layer.Id, ["description"] = layer.Title })]),
            // Anyone may read; a program with a key may send it.
            ["security"] = new JsonArray(new JsonObject(), new JsonObject { ["apiKey"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = Components(),
        };
    }

    private static readonly string[] Reserved = ["limit", "bbox", "bbox-crs", "datetime", "filter", "filter-lang", "filter-crs", "sortby", "properties", "crs", "next", "f"];

    private static JsonObject Components()
    {
        static JsonObject Text() => new() { ["type"] = "string" };
        static JsonObject CrsSchema() => new()
        {
            ["type"] = "string",
            ["format"] = "uri",
            ["default"] = Crs.Crs84.Uri,
            ["enum"] = new JsonArray([.. Crs.All.Select(crs => (JsonNode)crs.Uri)]),
        };
        JsonObject bbox = Parameter("bbox", "query", "边界框 / Only features that intersect this box: 4 or 6 numbers in bbox-crs", new JsonObject
        {
            ["type"] = "array",
            ["minItems"] = 4,
            ["maxItems"] = 6,
            ["items"] = new JsonObject { ["type"] = "number" },
        });
        bbox["style"] = "form";
        bbox["explode"] = false;
        static JsonObject Names() => new() { ["type"] = "array", ["minItems"] = 1, ["items"] = Text() };
        JsonObject sortby = Parameter("sortby", "query", "排序 / Order: +name or -name, at most 4", Names());
        JsonObject properties = Parameter("properties", "query", "只要这些属性 / These properties alone", Names());
        foreach (JsonObject list in new[] { sortby, properties })
        {
            list["style"] = "form";
            list["explode"] = false;
        }

        JsonObject featureId = Parameter("featureId", "path", "要素编号 / The feature", Text());
        featureId["required"] = true;
        return new JsonObject
        {
            ["parameters"] = new JsonObject(TileOperations.Parameters())
            {
                ["f"] = Parameter("f", "query", "格式 / Format, instead of Accept", new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("json", "html") }),
                ["limit"] = Parameter("limit", "query", "每页要素数 / Features a page", new JsonObject
                {
                    ["type"] = "integer",
                    ["minimum"] = 1,
                    ["maximum"] = FeatureQuery.MaxLimit,
                    ["default"] = FeatureQuery.DefaultLimit,
                }),
                ["bbox"] = bbox,
                ["bbox-crs"] = Parameter("bbox-crs", "query", "bbox 的坐标系 / System of bbox", CrsSchema()),
                ["crs"] = Parameter("crs", "query", "要素坐标系 / System of the features", CrsSchema()),
                ["datetime"] = Parameter("datetime", "query", "时刻或区间 / Instant or interval of RFC 3339", Text()),
                ["filter"] = Parameter("filter", "query", "过滤条件 / Only features of which this is true: CQL2 over the layer's queryables", Text()),
                ["filter-lang"] = Parameter("filter-lang", "query", "filter 的语言 / Language of filter", new JsonObject
                {
                    ["type"] = "string",
                    ["enum"] = new JsonArray(FilterParameters.Text, FilterParameters.Json),
                    ["default"] = FilterParameters.Text,
                }),
                ["filter-crs"] = Parameter("filter-crs", "query", "filter 中几何的坐标系 / System of the geometries in filter", CrsSchema()),
                ["sortby"] = sortby,
                ["properties"] = properties,
                ["next"] = Parameter("next", "query", "续页标记 / Where the page before ended, from its next link", Text()),
                ["featureId"] = featureId,
            },
            ["schemas"] = new JsonObject
            {
                ["document"] = new JsonObject { ["type"] = "object" },
                ["tile"] = new JsonObject { ["type"] = "string", ["format"] = "binary" },
                ["feature"] = new JsonObject
                {
                    ["type"] = "object",
                    ["required"] = new JsonArray("type", "geometry", "properties"),
                    ["properties"] = new JsonObject
                    {
                        ["type"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("Feature") },
                        ["geometry"] = new JsonObject { ["type"] = "object", ["nullable"] = true },
                        ["properties"] = new JsonObject { ["type"] = "object", ["nullable"] = true },
                    },
                },
                ["featureCollection"] = new JsonObject
                {
                    ["type"] = "object",
                    ["required"] = new JsonArray("type", "features"),
                    ["properties"] = new JsonObject
                    {
                        ["type"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("FeatureCollection") },
                        ["features"] = new JsonObject { ["type"] = "array", ["items"] = Ref("schemas", "feature") },
                        ["numberReturned"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0 },
                        ["timeStamp"] = new JsonObject { ["type"] = "string", ["format"] = "date-time" },
                        ["links"] = new JsonObject { ["type"] = "array", ["items"] = Ref("schemas", "document") },
                    },
                },
                ["problem"] = new JsonObject
                {
                    ["type"] = "object",
                    ["properties"] = new JsonObject { ["title"] = Text(), ["detail"] = Text(), ["code"] = Text(), ["field"] = Text(), ["value"] = Text() },
                },
            },
            ["responses"] = new JsonObject { ["problem"] = Answer("拒绝,附稳定代码 / A refusal with a stable code", "application/problem+json", "problem") },
            ["securitySchemes"] = new JsonObject { ["apiKey"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "X-API-Key" } },
        };
    }

    internal static JsonObject Operation(
        string id, string summary, string tag, IEnumerable<JsonNode> parameters, string schema, string mediaType, params string[] refusals)
    {
        JsonObject found = Answer("成功 / Success", mediaType, schema);
        found["content"]!.AsObject()[Forms.Html] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
        var responses = new JsonObject { ["200"] = found };
        foreach (string status in refusals.Append("500"))
        {
            responses[status] = Ref("responses", "problem");
        }

        return new JsonObject
        {
            ["get"] = new JsonObject
            {
                ["operationId"] = id,
                ["summary"] = summary,
                ["tags"] = new JsonArray(tag),
                ["parameters"] = new JsonArray([.. parameters]),
                ["responses"] = responses,
            },
        };
    }

    private static JsonObject Answer(string description, string mediaType, string schema) => new()
    {
        ["description"] = description,
        ["content"] = new JsonObject { [mediaType] = new JsonObject { ["schema"] = Ref("schemas", schema) } },
    };

    internal static JsonObject Parameter(string name, string place, string description, JsonObject schema) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["description"] = description,
        ["required"] = false,
        ["schema"] = schema,
    };

    internal static JsonObject Ref(string kind, string name) => new() { ["$ref"] = $"#/components/{kind}/{name}" };
}
