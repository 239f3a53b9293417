using System.Text.Json.Nodes;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Filters;
using Microsoft.AspNetCore.Http;

namespace GeoDispatch.Sharing.Features;

/// <summary><c>/ogc/collections/{id}/queryables</c>: what filters may name, as a JSON schema (19-079r2 clause 6).</summary>
internal static class ServeQueryables
{
    internal const string MediaType = "application/schema+json";
    internal const string Relation = "http://www.opengis.net/def/rel/ogc/1.0/queryables";

    internal static async Task<IResult> FindAsync(string id, HttpRequest request, LayerAccess access, CancellationToken cancellation)
    {
        ReadableLayers all = await access.ReadAsync(request.HttpContext);
        if (all.Find(id)?.Layer is not Layer layer)
        {
            return ServeCollections.Unknown(id, all).ToResult();
        }

        Problem? badForm = Forms.Choose(request, out Form form);
        if ((FeatureQuery.CheckNames(request.Query, "f") ?? badForm) is Problem refused)
        {
            return refused.ToResult();
        }

        var properties = new JsonObject
        {
            [layer.GeometryColumn] = new JsonObject
            {
                ["format"] = $"geometry-{(layer.GeometryType == "Geometry" ? "any" : layer.GeometryType.ToLowerInvariant())}",
                ["x-ogc-role"] = "primary-geometry",
            },
        };
        foreach (LayerColumn column in layer.Columns.Where(column => Queryables.KindOf(column.Type) is not null))
        {
            properties[column.Name] = Schema(column, layer);
        }

        return Forms.ToAnswer(
            new JsonObject
            {
                ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
                ["$id"] = $"{Forms.Root(request)}/collections/{Uri.EscapeDataString(id)}/queryables",
                ["type"] = "object",
                ["title"] = layer.Title,
                ["properties"] = properties,
                ["additionalProperties"] = false,
            },
            form, $"{layer.Title}: 可查询的属性 / Queryables", request, MediaType);
    }

    /// <summary>The type of a property that may be asked for.</summary>
    internal static JsonObject Schema(LayerColumn column, Layer layer)
    {
        if (Queryables.KindOf(column.Type) == ValueKind.Array)
        {
            return new JsonObject { ["type"] = "array", ["items"] = Scalar(new LayerColumn(column.Name, column.Type.TrimStart('_'))) };
        }

        JsonObject schema = Scalar(column);
        if (column == layer.Key || column == layer.Time)
        {
            schema["x-ogc-role"] = column == layer.Key ? "id" : "primary-instant";
        }

        return schema;
    }

    /// <summary>As JSON schema and OpenAPI 3.0 both understand it.</summary>
    internal static JsonObject Scalar(LayerColumn column)
    {
        var schema = new JsonObject { ["type"] = column.JsonType };
        if (column.JsonFormat is string format)
        {
            schema["format"] = format;
        }

        return schema;
    }
}
