using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using GeoDispatch.Sharing.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GeoDispatch.Sharing.Wms;

/// <summary>How features at a pixel are written.</summary>
internal enum InfoForm
{
    Html,
    Plain,
    Json,
}

/// <summary>Writes features at a pixel: a page to look at, lines to read, GeoJSON to draw.</summary>
internal static class FeatureInfoForms
{
    internal static readonly IReadOnlyList<string> MediaTypes = ["text/html", "text/plain", "application/json"];

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Null where there is no such form.</summary>
    internal static InfoForm? Find(string mediaType) => mediaType.Split(';')[0].Trim().ToUpperInvariant() switch
    {
        "TEXT/HTML" => InfoForm.Html,
        "TEXT/PLAIN" => InfoForm.Plain,
        "APPLICATION/JSON" or "APPLICATION/GEO+JSON" or "APPLICATION/GEOJSON" or "APPLICATION/VND.GEO+JSON" => InfoForm.Json,
        _ => null,
    };

    internal static ContentHttpResult Write(IReadOnlyList<MetFeature> met, InfoForm form) => form switch
    {
        InfoForm.Html => TypedResults.Text(Html(met), "text/html", Encoding.UTF8),
        InfoForm.Plain => TypedResults.Text(Plain(met), "text/plain", Encoding.UTF8),
        _ => TypedResults.Text(Json(met), "application/json", Encoding.UTF8),
    };

    private static string Html(IReadOnlyList<MetFeature> met)
    {
        var page = new StringBuilder(
            """
            <!DOCTYPE html>
            <html lang="zh"><head><meta charset="utf-8"><title>GetFeatureInfo</title>
            <style>
            body { font: 14px/1.4 system-ui, sans-serif; margin: .5rem; color: #1c2733; background: #fff }
            table { border-collapse: collapse; margin-bottom: .75rem } caption { text-align: left; font-weight: 600 }
            td, th { border: 1px solid #c9d3dc; padding: .1rem .4rem; text-align: left; vertical-align: top }
            </style></head><body>

            """);
        foreach (MetFeature feature in met)
        {
            page.Append("<table><caption>").Append(Text(feature.Layer.Title)).Append("</caption>\n<tr><th>id</th><td>").Append(Text(feature.Id)).Append("</td></tr>\n");
            foreach ((string name, string value) in Properties(feature))
            {
                page.Append("<tr><th>").Append(Text(name)).Append("</th><td>").Append(Text(value)).Append("</td></tr>\n");
            }

            page.Append("</table>\n");
        }

        return page.Append(met.Count == 0 ? "<p>此处无要素 / Nothing here</p>\n" : "").Append("</body></html>\n").ToString();
    }

    private static string Plain(IReadOnlyList<MetFeature> met)
    {
        var text = new StringBuilder();
        foreach (MetFeature feature in met)
        {
            text.Append(feature.Layer.Id).Append(": ").Append(feature.Layer.Title).Append('\n').Append("  id = ").Append(Line(feature.Id)).Append('\n');
            foreach ((string name, string value) in Properties(feature))
            {
                text.Append("  ").Append(Line(name)).Append(" = ").Append(Line(value)).Append('\n');
            }
        }

        return text.Append(met.Count == 0 ? "此处无要素 / Nothing here\n" : "").ToString();
    }

    /// <summary>
    /// In CRS84, as GeoJSON is. The member <c>crs</c> of GeoJSON of 2008 says so once more: QGIS takes coordinates for the map's where it is absent.
    /// </summary>
    private static string Json(IReadOnlyList<MetFeature> met) => new JsonObject
    {
        ["type"] = "FeatureCollection",
        ["crs"] = new JsonObject { ["type"] = "name", ["properties"] = new JsonObject { ["name"] = "urn:ogc:def:crs:OGC:1.3:CRS84" } },
        ["features"] = new JsonArray([.. met.Select(static feature => (JsonNode)new JsonObject
        {
            ["type"] = "Feature",
            ["id"] = $"{feature.Layer.Id}.{feature.Id}",
            ["geometry"] = JsonNode.Parse(feature.Geometry),
            ["properties"] = JsonNode.Parse(feature.Properties),
        })]),
        ["numberReturned"] = met.Count,
    }.ToJsonString(HtmlPages.Readable);

    private static IEnumerable<(string Name, string Value)> Properties(MetFeature feature) =>
        JsonNode.Parse(feature.Properties)!.AsObject().Where(static property => property.Value is not null).Select(static property => (property.Key, property.Value!.ToString()));

    private static string Line(string text) => string.Concat(text.Select(static sign => char.IsControl(sign) ? ' ' : sign));

    private static string Text(string text) => Encoder.Encode(text);
}
