using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using GeoDispatch.Sharing.Features;
using GeoDispatch.Sharing.Tiles;
using GeoDispatch.Sharing.Wfs;

namespace GeoDispatch.Sharing.Catalogue;

/// <summary>A layer as the catalogue shows it to one reader.</summary>
/// <param name="Owner">The name of the department that answers for it.</param>
/// <param name="InPart">True where the reader sees some of its features or columns only.</param>
/// <param name="Count">Of features; above <see cref="FeatureCounts.Most"/> there are more; null where it is not known.</param>
/// <param name="PreviewZoom">MapLibre's.</param>
internal sealed record CatalogueEntry(Layer Layer, string Owner, bool InPart, int? Count, double PreviewZoom);

/// <summary>Writes the catalogue as one page. Its pictures are drawn by the server's own WMS, each when it comes into view.</summary>
internal static class CataloguePage
{
    private const int Width = 480, Height = 320;
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    internal static string Write(string address, SharedCity? city, IReadOnlyList<CatalogueEntry> entries)
    {
        var page = new StringBuilder(Head);
        page.Append(CultureInfo.InvariantCulture, $"<p>{entries.Count:N0} 个图层可用 / layers that you may use{(city is null ? "" : $" · {Text(city.Name)} / {Text(city.NameEn)}")}。登录或使用密钥后可能更多。<span lang=\"en\">Signed in, or with a key, there may be more.</span></p>\n");
        if (entries.Count == 0)
        {
            return page.Append("<p class=\"empty\">没有您可以使用的图层:数据库中尚无共享视图,或其共享条件不包括您。请向数据所属部门申请。<span lang=\"en\">There is no layer that you may use: none is shared yet, or not with you. Ask the department that owns the data.</span></p>\n").Append(Foot).ToString();
        }

        page.Append("<nav aria-label=\"图层 / Layers\"><ul class=\"index\"><li><a href=\"#city-base-map\">城市底图</a></li>");
        foreach (CatalogueEntry entry in entries)
        {
            page.Append(CultureInfo.InvariantCulture, $"<li><a href=\"#layer-{Text(entry.Layer.Id)}\">{Text(Chinese(entry.Layer.Title))}</a></li>");
        }

        page.Append("</ul></nav>\n<main>\n");
        WriteCity(page, address, city);
        foreach (CatalogueEntry entry in entries)
        {
            Write(page, address, city, entry);
        }

        return page.Append("</main>\n").Append(Foot).ToString();
    }

    private static void WriteCity(StringBuilder page, string address, SharedCity? city)
    {
        Begin(page, "city-base-map", "城市底图 / Base map", city, "city", 12);
        page.Append("<dl>");
        Say(page, "说明 / Abstract", "由基础图层合成的底图,日间与夜间两种样式 / The map drawn of the base layers, by day and by night");
        Say(page, "署名 / Attribution", city?.Attribution ?? "—");
        page.Append("</dl>");
        BeginLinks(page);
        Link(page, "WMTS 1.0.0", $"{address}/wmts?SERVICE=WMTS&REQUEST=GetCapabilities", "QGIS:添加 WMS/WMTS 图层,填此地址;ArcGIS Pro:新建 WMTS 服务器 / QGIS: Add WMS/WMTS Layer; ArcGIS Pro: New WMTS Server");
        Link(page, "XYZ PNG", $"{address}/tiles/city/{{z}}/{{x}}/{{y}}.png", "QGIS:XYZ Tiles 新建连接;ArcGIS:按 URL 添加切片图层 / QGIS: XYZ Tiles; ArcGIS: tile layer from URL");
        Link(page, "MVT", $"{address}/tiles/city/{{z}}/{{x}}/{{y}}.mvt", "QGIS:添加矢量瓦片图层,样式填下一行 / QGIS: Add Vector Tile Layer, with the style below");
        Link(page, "样式 / Style", $"{address}/tiles/styles/day.json", "MapLibre 样式;夜间为 night.json / A MapLibre style; by night: night.json");
        Link(page, "WMS 1.3.0", $"{address}/wms?SERVICE=WMS&REQUEST=GetCapabilities", "图层 city / layer city");
        page.Append("</tbody></table></section>\n");
    }

    private static void Write(StringBuilder page, string address, SharedCity? city, CatalogueEntry entry)
    {
        Layer layer = entry.Layer;
        LayerMetadata metadata = layer.Metadata;
        bool open = metadata.Sharing == SharingClass.Unconditional;
        // Each look at another layer is written down: it is not looked at by merely opening the page.
        Begin(page, $"layer-{layer.Id}", layer.Title, open ? city : null, $"city,{layer.Id}", entry.PreviewZoom, open ? null : "有条件共享的图层不自动预览:每次读取都会登记。 / No preview of itself: each read of this layer is written down.");
        page.Append("<dl>");
        Say(page, "说明 / Abstract", $"{Shape(layer.GeometryType)};属性 / properties: {string.Join(", ", layer.Properties.Select(static column => column.Name))}");
        Say(page, "所属部门 / Owner", entry.Owner);
        Say(page, "共享类型 / Sharing", metadata.Sharing switch
        {
            SharingClass.Unconditional => "无条件共享 / Unconditional",
            SharingClass.Conditional => "有条件共享 / Conditional",
            _ => "不予共享 / Not shared",
        } + (entry.InPart ? " · 您可见其中一部分 / you see a part of it" : ""));
        Say(page, "要素数 / Features", entry.Count switch
        {
            null => "未统计 / not counted",
            > FeatureCounts.Most => string.Create(CultureInfo.InvariantCulture, $"{FeatureCounts.Most:N0} 以上 / and more"),
            int count => count.ToString("N0", CultureInfo.InvariantCulture),
        });
        Say(page, "更新 / Changes", layer.Volatile ? "实时,不缓存 / live, never cached" : "随数据发布 / as data are published");
        Say(page, "缩放级 / Zooms", string.Create(CultureInfo.InvariantCulture, $"{metadata.MinZoom}–{metadata.MaxZoom}"));
        Say(page, "坐标系 / CRS", string.Join(", ", Crs.All.Select(static crs => crs == Crs.Crs84 ? "CRS84" : $"EPSG:{crs.Uri[(crs.Uri.LastIndexOf('/') + 1)..]}")));
        Say(page, "署名 / Attribution", metadata.Attribution ?? city?.Attribution ?? "—");
        if (metadata.ApprovalNumber is string approval)
        {
            Say(page, "审图号 / Map approval", approval);
        }

        page.Append("</dl>");
        BeginLinks(page);
        string id = Uri.EscapeDataString(layer.Id);
        Link(page, "OGC API – Features", $"{address}/ogc/collections/{id}", "QGIS:添加 WFS / OGC API 要素图层,填 …/ogc;ArcGIS Pro:新建 OGC API 服务器 / QGIS: Add WFS / OGC API Layer with …/ogc; ArcGIS Pro: New OGC API Server");
        Link(page, "WFS 2.0", $"{address}/wfs?SERVICE=WFS&REQUEST=GetCapabilities", $"类型 / type {WfsNames.TypeName(layer)} · ArcGIS Pro:新建 WFS 服务器 / New WFS Server");
        Link(page, "WMS 1.3.0", $"{address}/wms?SERVICE=WMS&REQUEST=GetCapabilities", $"图层 / layer {layer.Id} · QGIS:添加 WMS/WMTS 图层 / Add WMS/WMTS Layer");
        Link(page, "MVT", $"{address}/tiles/{id}/{{z}}/{{x}}/{{y}}.mvt", "QGIS:添加矢量瓦片图层 / Add Vector Tile Layer");
        page.Append("</tbody></table></section>\n");
    }

    private static void Begin(StringBuilder page, string anchor, string title, SharedCity? city, string layers, double zoom, string? instead = null)
    {
        page.Append(CultureInfo.InvariantCulture, $"<section id=\"{Text(anchor)}\"><h2>{Text(Chinese(title))}{(English(title) is string english ? $" <span lang=\"en\">{Text(english)}</span>" : "")}</h2>\n");
        if (city is null)
        {
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"preview empty\">{Text(instead ?? "没有城市数据,无法预览 / No city yet: nothing to preview")}</p>");
            return;
        }

        string alt = $"{Chinese(title)}预览图;图片未能载入时,服务可能正忙 / Preview; where it is missing, the server may be busy";
        page.Append(CultureInfo.InvariantCulture, $"""
            <picture><source media="(prefers-color-scheme: dark)" srcset="{Text(Picture(city, layers, zoom, "night"))}"><img class="preview" loading="lazy" width="{Width}" height="{Height}" src="{Text(Picture(city, layers, zoom, "day"))}" alt="{Text(alt)}"></picture>
            """);
    }

    /// <summary>Around the city's centre; relative, so that it is asked for where the page came from.</summary>
    private static string Picture(SharedCity city, string layers, double zoom, string style)
    {
        const double Radius = 6378137;
        double meters = 2 * Math.PI * Radius / 512 / Math.Pow(2, zoom);
        double x = city.CenterLon * Math.PI / 180 * Radius, y = Radius * Math.Atanh(Math.Sin(city.CenterLat * Math.PI / 180));
        string styles = string.Join(',', Enumerable.Repeat(style, layers.Count(static letter => letter == ',') + 1));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS={string.Join(',', layers.Split(',').Select(Uri.EscapeDataString))}&STYLES={styles}&CRS=EPSG:3857&BBOX={x - (Width / 2 * meters):F1},{y - (Height / 2 * meters):F1},{x + (Width / 2 * meters):F1},{y + (Height / 2 * meters):F1}&WIDTH={Width}&HEIGHT={Height}&FORMAT=image/png");
    }

    private static void BeginLinks(StringBuilder page) =>
        page.Append("<table><caption>接入地址 / Addresses to copy</caption><thead><tr><th scope=\"col\">接口 / Interface</th><th scope=\"col\">地址 / Address</th><th scope=\"col\">用法 / How</th></tr></thead><tbody>\n");

    private static void Link(StringBuilder page, string name, string url, string how) => page.Append(
        CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Text(name)}</th><td><input readonly value=\"{Text(url)}\" aria-label=\"{Text(name)}\"></td><td>{Text(how)}</td></tr>\n");

    private static void Say(StringBuilder page, string term, string text) =>
        page.Append(CultureInfo.InvariantCulture, $"<dt>{Text(term)}</dt><dd>{Text(text)}</dd>\n");

    private static string Shape(string type) =>
        type.Contains("Point", StringComparison.OrdinalIgnoreCase) ? "点 / points"
        : type.Contains("Line", StringComparison.OrdinalIgnoreCase) ? "线 / lines"
        : type.Contains("Polygon", StringComparison.OrdinalIgnoreCase) ? "面 / areas" : "各种几何 / any geometry";

    private static string Chinese(string title) => title.Split(" / ", 2)[0];

    private static string? English(string title) => title.Split(" / ", 2) is [_, string english] ? english : null;

    private static string Text(string text) => Encoder.Encode(text);

    private const string Head =
        """
        <!DOCTYPE html>
        <html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>图层目录 / Catalogue</title>
        <style>
        :root { --bg: #E8EBEE; --panel: #F6F7F8; --text: #14191F; --text2: #4A545F; --edge: #727B85; --link: #0A58A8; --focus: #0A58A8; --raised: #FFFFFF }
        @media (prefers-color-scheme: dark) { :root { --bg: #14181D; --panel: #1B2026; --text: #DCE1E6; --text2: #A9B3BD; --edge: #7A8692; --link: #7DB9F0; --focus: #FFD54A; --raised: #242B33 } }
        body { font: 16px/1.5 "Noto Sans SC", "Source Han Sans SC", "Noto Sans CJK SC", "Microsoft YaHei UI", "PingFang SC", sans-serif; font-variant-numeric: tabular-nums; margin: 24px auto; max-width: 1280px; padding: 0 16px; color: var(--text); background: var(--bg) }
        a { color: var(--link); display: inline-block; min-height: 32px; line-height: 32px }
        :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px }
        h1 { font-size: 24px } h2 { font-size: 20px; margin: 0 0 12px; grid-column: 1 / -1 } h2 span { font-weight: 400; color: var(--text2); font-size: 16px }
        .index { display: flex; flex-wrap: wrap; gap: 0 16px; list-style: none; padding: 0 }
        section { background: var(--panel); border: 1px solid var(--edge); border-radius: 2px; padding: 16px; margin: 0 0 16px; display: grid; grid-template-columns: 480px minmax(0, 1fr); gap: 0 24px; align-items: start }
        .preview { width: 100%; max-width: 480px; height: auto; aspect-ratio: 3 / 2; background: var(--bg); border: 1px solid var(--edge); box-sizing: border-box }
        .empty { padding: 16px; margin: 0; color: var(--text2) }
        dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 16px; margin: 0 } dt { color: var(--text2) } dd { margin: 0; overflow-wrap: anywhere }
        table { grid-column: 1 / -1; width: 100%; border-collapse: collapse; margin-top: 16px } caption { text-align: left; font-weight: 600; padding: 4px 0 }
        th, td { text-align: left; padding: 4px 12px 4px 0; vertical-align: middle; border-top: 1px solid var(--edge); font-weight: 400 } td:nth-child(2) { width: 50% } thead th { color: var(--text2); border: 0 }
        input { box-sizing: border-box; width: 100%; height: 32px; padding: 0 8px; font: inherit; color: var(--text); background: var(--raised); border: 1px solid var(--edge); border-radius: 2px; user-select: all }
        @media (max-width: 900px) { section { grid-template-columns: minmax(0, 1fr); gap: 12px } thead { display: none } tr, th, td { display: block; width: auto !important; border: 0; padding: 2px 0 } }
        </style></head><body>
        <h1>图层目录 <span lang="en">Catalogue</span></h1>
        <nav aria-label="服务 / Services"><a href="/ogc?f=html">地图服务 / Map services</a> · <a href="/ogc/api?f=html">接口说明 / Interface</a> · <a href="/">控制台 / Console</a></nav>

        """;

    private const string Foot = "</body></html>\n";
}
