using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using GeoDispatch.Sharing.Catalogue;

namespace GeoDispatch.Sharing.Features;

/// <summary>Plain pages without a script: whatever the JSON says, for people.</summary>
internal static class HtmlPages
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>JSON in which Chinese can be read.</summary>
    internal static readonly JsonSerializerOptions Readable = new(JsonSerializerOptions.Web) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>Everything a document says, its links to be followed.</summary>
    internal static string Document(string title, JsonObject document, string root)
    {
        var page = new StringBuilder(Head(title, root));
        Write(page, document);
        return page.Append(Foot).ToString();
    }

    internal static string Head(string title, string root) =>
        $$"""
        <!DOCTYPE html>
        <html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{Text(title)}}</title>
        <style>
        body { font: 16px/1.5 system-ui, sans-serif; margin: 1.5rem auto; max-width: 75rem; padding: 0 1rem; color: #1c2733; background: #fff }
        table { border-collapse: collapse } td, th { border: 1px solid #c9d3dc; padding: .2rem .6rem; text-align: left; vertical-align: top }
        dt { font-weight: 600 } dd { margin: 0 0 .5rem 1.5rem } code { word-break: break-all; font-size: .85em } a { color: #0b57a4 }
        </style></head><body>
        <nav><a href="{{Text(root)}}?f=html">地图服务 / Map services</a> · <a href="{{Text(root)}}/collections?f=html">图层 / Layers</a> · <a href="{{Text(root)}}/api?f=html">接口说明 / Interface</a> · <a href="/catalogue">图层目录 / Catalogue</a></nav>
        <h1>{{Text(title)}}</h1>

        """;

    internal const string Foot = "</body></html>\n";

    internal static string TableHead(IEnumerable<LayerColumn> properties) =>
        $"<table><thead><tr><th>id</th>{string.Concat(properties.Select(column => $"<th>{Text(column.Name)}</th>"))}<th>geometry</th></tr></thead><tbody>\n";

    internal const string TableFoot = "</tbody></table>\n";

    /// <summary>A feature as a row; its id leads to it.</summary>
    internal static string TableRow(byte[] geoJson, string itemsUrl)
    {
        JsonObject feature = JsonNode.Parse(geoJson)!.AsObject();
        string id = feature["id"]!.ToString();
        var row = new StringBuilder($"<tr><td><a href=\"{Text($"{itemsUrl}/{Uri.EscapeDataString(id)}?f=html")}\">{Text(id)}</a></td>");
        foreach ((_, JsonNode? value) in feature["properties"]!.AsObject())
        {
            row.Append("<td>").Append(Text(value?.ToString() ?? "")).Append("</td>");
        }

        return row.Append("<td><code>").Append(Text(feature["geometry"]?.ToJsonString() ?? "")).Append("</code></td></tr>\n").ToString();
    }

    internal static string Links(JsonArray links)
    {
        var page = new StringBuilder();
        Write(page, new JsonObject { ["links"] = links });
        return page.ToString();
    }

    private static void Write(StringBuilder page, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject link when link["href"] is JsonValue href:
                page.Append("<a rel=\"").Append(Text(link["rel"]?.ToString() ?? "")).Append("\" href=\"").Append(Text(href.ToString())).Append("\">")
                    .Append(Text($"{link["rel"]}: {link["title"]} ({link["type"]})")).Append("</a>");
                break;
            case JsonObject branch:
                page.Append("<dl>");
                foreach ((string name, JsonNode? value) in branch)
                {
                    page.Append("<dt>").Append(Text(name)).Append("</dt><dd>");
                    Write(page, value);
                    page.Append("</dd>\n");
                }

                page.Append("</dl>");
                break;
            case JsonArray numbers when numbers.All(item => item is JsonArray || item?.GetValueKind() == JsonValueKind.Number):
                page.Append("<code>").Append(Text(numbers.ToJsonString())).Append("</code>");
                break;
            case JsonArray list:
                page.Append("<ul>");
                foreach (JsonNode? item in list)
                {
                    page.Append("<li>");
                    Write(page, item);
                    page.Append("</li>\n");
                }

                page.Append("</ul>");
                break;
            default:
                page.Append(Text(node?.ToString() ?? ""));
                break;
        }
    }

    private static string Text(string text) => Encoder.Encode(text);
}
