using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using GeoDispatch.Host.Tests.Features;
using GeoDispatch.Host.Tests.Tiles;
using GeoDispatch.Host.Tests.Wfs;
using GeoDispatch.Testing;
using SkiaSharp;

namespace GeoDispatch.Host.Tests.Access;

/// <summary>Six who ask, four rules, every protocol: rows and columns exactly as the rule has them, and no byte of what it keeps back.</summary>
[Collection("access")]
public sealed class AccessMatrixTests(RuledServer ruled)
{
    private static readonly string[] Columns = ["name", "phone", "depth", "level", "checked"];
    private static readonly string[] People = ["nobody", "owner", "administrator", "officer", "program", "dispatcher"];
    private static readonly string[] Layers = ["by_reader", "by_area", "by_rows", "by_columns"];
    private static readonly int[] All = [1, 2, 3, 4, 5, 6];

    /// <summary>The valves that are seen, and whether as the rule on columns has them; none where there is no such layer for the reader.</summary>
    private sealed record Seen(int[] Ids, bool Masked = false)
    {
        internal bool Any => Ids.Length > 0;

        internal string[] Columns => Masked ? [.. AccessMatrixTests.Columns.Where(column => column != "phone")] : AccessMatrixTests.Columns;

        internal string? Name(int id) => Masked ? $"{Plain(id)[..1]}***" : Plain(id);

        private static string Plain(int id) => id == 6 ? RuledServer.Planted : $"valve{id}";
    }

    private static Seen Expected(string who, string layer) => (layer, who) switch
    {
        (_, "owner" or "administrator") => new(All),
        ("by_reader", "officer" or "dispatcher") => new(All),
        ("by_area", "officer" or "program" or "dispatcher") => new([1, 2, 3]),
        ("by_rows", _) => new([1, 2, 3, 4]),
        ("by_columns", "officer") => new(All, Masked: true),
        _ => new([]),
    };

    public static TheoryData<string, string> Cases => [.. People.SelectMany(who => Layers.Select(layer => (who, layer)))];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Features_as_GeoJSON_and_as_pages(string who, string layer)
    {
        Seen seen = Expected(who, layer);
        Answer answer = await AskAsync(who, layer, $"/ogc/collections/{layer}/items");
        if (!seen.Any)
        {
            answer.MustRefuse(404, "collection.unknown");
            (await AskAsync(who, layer, $"/ogc/collections/{layer}/items/1")).MustRefuse(404, "collection.unknown");
            (await AskAsync(who, layer, $"/ogc/collections/{layer}")).MustRefuse(404, "collection.unknown");
            return;
        }

        JsonElement[] features = answer.Read<JsonElement>().Features();
        Assert.Equal(seen.Ids, features.Select(static feature => feature.GetProperty("id").GetInt32()));
        Assert.All(features, feature => Verify(seen, feature.GetProperty("id").GetInt32(), feature.GetProperty("properties")));
        Assert.Equal(seen.Ids, await IdsAsync(who, layer, "bbox=118,37,119,38"));
        Assert.Equal(seen.Ids.Reverse(), await IdsAsync(who, layer, "sortby=-level"));
        Assert.Equal(seen.Ids.Where(static id => id < 3), await IdsAsync(who, layer, "level=1%2C2", "filter=level%20IN%20(1,2)"));
        foreach (int id in All)
        {
            Answer one = await AskAsync(who, layer, $"/ogc/collections/{layer}/items/{id}");
            if (seen.Ids.Contains(id))
            {
                Verify(seen, id, one.Read<JsonElement>().GetProperty("properties"));
            }
            else
            {
                one.MustRefuse(404, "feature.unknown");
            }
        }

        Answer page = await AskAsync(who, layer, $"/ogc/collections/{layer}/items?f=html");
        Assert.Equal(seen.Ids.Length, page.Text.Split("<tr><td>").Length - 1);
        Assert.Equal(seen.Columns, page.Text.Split("<th>").Skip(2).SkipLast(1).Select(static head => head.Split('<')[0]));
        Assert.Equal(who is "nobody" ? null : "private, no-cache", answer.Response.Headers.CacheControl?.ToString().Split(", ").Order(StringComparer.Ordinal).Reverse().Aggregate((a, b) => $"{a}, {b}"));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_is_kept_back_answers_no_question_of_a_filter(string who, string layer)
    {
        Seen seen = Expected(who, layer);
        if (!seen.Any)
        {
            return;
        }

        async Task<Answer> FilterAsync(string filter) => await AskAsync(who, layer, $"/ogc/collections/{layer}/items?filter={Uri.EscapeDataString(filter)}");
        // Too large a number for the sixth valve alone, whose level is nine.
        foreach (string filter in new[] { "2 ^ (120 * level) > 0", "level <> 3 AND 2 ^ (120 * level) > 0", "S_INTERSECTS(geom, BBOX(118,37,119,38)) AND 2 ^ (120 * level) > 0" })
        {
            Answer computed = await FilterAsync(filter);
            Assert.True(seen.Ids.Contains(6) ? computed.Code == "filter.not_computable" : computed.Status == 200, $"{filter}: {computed.Text}");
            string fes = WfsServer.Filter("<fes:PropertyIsGreaterThan><fes:ValueReference>level</fes:ValueReference><fes:Literal>5</fes:Literal></fes:PropertyIsGreaterThan>");
            Assert.Equal(seen.Ids.Count(static id => id == 6), (await WfsAsync(who, layer, $"GetFeature&TYPENAMES={layer}&RESULTTYPE=hits&FILTER={fes}")).Number("numberMatched"));
        }

        // A condition sees what the reader sees: the mask, or no such property.
        Assert.Equal(seen.Masked ? All.Length : 0, (await FilterAsync("name LIKE '%***'")).Read<JsonElement>().Features().Length);
        Assert.Equal(seen.Masked ? 0 : seen.Ids.Length, (await FilterAsync("depth > 0")).Read<JsonElement>().Features().Length);
        Assert.Equal(seen.Masked ? 0 : seen.Ids.Length, (await FilterAsync("checked > TIMESTAMP('2026-01-01T00:00:00Z')")).Read<JsonElement>().Features().Length);
        foreach (string query in new[] { $"filter={Uri.EscapeDataString($"phone LIKE '{RuledServer.Phone}%'")}", $"phone={RuledServer.Phone}1", "properties=phone", "sortby=phone" })
        {
            Answer byPhone = await ruled.AskAsync(who, $"/ogc/collections/{layer}/items?{query}");
            Assert.Equal(seen.Columns.Contains("phone") ? 200 : 400, byPhone.Status);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Lists_and_descriptions(string who, string layer)
    {
        Seen seen = Expected(who, layer);
        foreach (string path in new[]
        {
            "/ogc/collections", "/ogc/collections?f=html", "/ogc/api", "/wmts?SERVICE=WMTS&REQUEST=GetCapabilities", "/wmts/1.0.0/WMTSCapabilities.xml",
            "/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.3.0", "/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.1.1", "/wfs?SERVICE=WFS&REQUEST=GetCapabilities",
            "/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType", "/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=ListStoredQueries", "/tiles/nothing", "/ogc/collections/nothing",
            "/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=nothing",
        })
        {
            Answer list = await AskAsync(who, layer, path);
            Assert.True(seen.Any == list.Text.Contains(layer, StringComparison.Ordinal), $"{path}: {list.Text}");
        }

        foreach (string path in new[] { $"/ogc/collections/{layer}/tiles", $"/tiles/{layer}" })
        {
            Answer tiles = await AskAsync(who, layer, path);
            Assert.Equal(seen.Any ? 200 : 404, tiles.Status);
            Assert.Equal(seen.Any && seen.Columns.Contains("phone"), tiles.Text.Contains("phone", StringComparison.Ordinal));
        }

        foreach (string path in new[]
        {
            $"/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetLegendGraphic&LAYER={layer}&FORMAT=image/png", $"/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType&TYPENAMES={layer}",
        })
        {
            Answer described = await AskAsync(who, layer, path);
            Assert.Equal(seen.Any, described.Response.Content.Headers.ContentType?.MediaType is "image/png" or "application/gml+xml");
        }

        Answer queryables = await AskAsync(who, layer, $"/ogc/collections/{layer}/queryables");
        XElement? schema = seen.Any ? await WfsAsync(who, layer, $"DescribeFeatureType&TYPENAMES={layer}") : null;
        if (seen.Any)
        {
            JsonElement properties = queryables.Read<JsonElement>().GetProperty("properties");
            Assert.Equal(seen.Columns.Append("geom").Append("id").Order(StringComparer.Ordinal), properties.EnumerateObject().Select(static one => one.Name).Order(StringComparer.Ordinal));
            // What is masked keeps its type.
            Assert.Equal("number", properties.GetProperty("depth").GetProperty("type").GetString());
            XNamespace xsd = "http://www.w3.org/2001/XMLSchema";
            string[] elements = [.. schema!.Descendants(xsd + "sequence").Single().Elements(xsd + "element").Select(static one => (string)one.Attribute("name")!)];
            Assert.Equal(seen.Columns.Append("geom").Append("id").Order(StringComparer.Ordinal), elements.Order(StringComparer.Ordinal));
        }
        else
        {
            queryables.MustRefuse(404, "collection.unknown");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Vector_tiles(string who, string layer)
    {
        Seen seen = Expected(who, layer);
        (int x, int y) = ruled.Tile;
        foreach (string path in new[]
        {
            $"/tiles/{layer}/{RuledServer.Zoom}/{x}/{y}.mvt", $"/ogc/collections/{layer}/tiles/WebMercatorQuad/{RuledServer.Zoom}/{y}/{x}",
            $"/wmts/1.0.0/{layer}/default/WebMercatorQuad/{RuledServer.Zoom}/{y}/{x}.mvt",
            $"/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default&FORMAT=application/vnd.mapbox-vector-tile&TILEMATRIXSET=WebMercatorQuad&TILEMATRIX={RuledServer.Zoom}&TILEROW={y}&TILECOL={x}",
        })
        {
            // Twice: as it was cut, and as it was kept.
            for (int time = 0; time < 2; time++)
            {
                Answer answer = await AskAsync(who, layer, path);
                if (!seen.Any)
                {
                    Assert.InRange(answer.Status, 400, 404);
                    continue;
                }

                byte[] bytes = await RuledServer.BytesAsync(answer);
                VectorTileLayer tile = Assert.Single(VectorTile.Read(bytes));
                Assert.Equal((layer, seen.Ids.Length), (tile.Name, tile.Features));
                Assert.Equal(seen.Columns.Order(StringComparer.Ordinal), tile.Keys.Order(StringComparer.Ordinal));
                Assert.All(seen.Ids, id => Assert.True(RuledServer.Holds(bytes, seen.Name(id)!), $"{path}: {seen.Name(id)}"));
                Assert.True(answer.Response.Headers.CacheControl is { Private: true, Public: false }, $"{path}: {answer.Response.Headers.CacheControl}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Pictures(string who, string layer)
    {
        Seen seen = Expected(who, layer);
        (int x, int y) = ruled.Tile;
        (double west, double south, double east, double north) = ruled.Box;
        string box = string.Create(CultureInfo.InvariantCulture, $"{west},{south},{east},{north}");
        double[] degrees = await ruled.Server.Database.ReadAsync<double[]>(string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT ARRAY[ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b)] FROM ST_Transform(ST_MakeEnvelope({west}, {south}, {east}, {north}, 3857), 4326) b"));
        string latFirst = string.Create(CultureInfo.InvariantCulture, $"{degrees[1]},{degrees[0]},{degrees[3]},{degrees[2]}");
        const string Size = "WIDTH=256&HEIGHT=256&FORMAT=image/png&TRANSPARENT=TRUE&STYLES=";
        foreach (string path in new[]
        {
            $"/tiles/{layer}/{RuledServer.Zoom}/{x}/{y}.png", $"/wmts/1.0.0/{layer}/default/WebMercatorQuad/{RuledServer.Zoom}/{y}/{x}.png",
            $"/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}&STYLE=default&FORMAT=image/png&TILEMATRIXSET=WebMercatorQuad&TILEMATRIX={RuledServer.Zoom}&TILEROW={y}&TILECOL={x}",
            $"/ogc/collections/{layer}/map/tiles/WebMercatorQuad/{RuledServer.Zoom}/{y}/{x}",
            $"/wms?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS={layer}&SRS=EPSG:3857&BBOX={box}&{Size}",
            $"/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS={layer}&CRS=EPSG:3857&BBOX={box}&{Size}",
            $"/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS={layer}&CRS=EPSG:4326&BBOX={latFirst}&{Size}",
        })
        {
            Answer answer = await AskAsync(who, layer, path);
            if (!seen.Any)
            {
                Assert.NotEqual("image/png", answer.Response.Content.Headers.ContentType?.MediaType);
                continue;
            }

            Assert.True(answer.Status == 200, $"{path}: {answer.Status} {answer.Text}");
            using SKBitmap picture = SKBitmap.Decode(await RuledServer.BytesAsync(answer));
            foreach (int id in All)
            {
                bool drawn = false;
                for (int dx = -12; dx <= 12; dx++)
                {
                    for (int dy = -12; dy <= 12; dy++)
                    {
                        drawn |= picture.GetPixel((256 * id / 7) + dx, 128 + dy).Alpha > 0;
                    }
                }

                Assert.True(seen.Ids.Contains(id) == drawn, $"{path}: valve {id}");
            }

            Assert.False(layer != "by_rows" && answer.Response.Headers.CacheControl?.Public == true, path);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Feature_info_of_maps(string who, string layer)
    {
        Seen seen = Expected(who, layer);
        foreach (int id in All)
        {
            (double x, double y) = ruled.Place(id);
            foreach ((string version, string crs, string across, string down) in new[] { ("1.1.1", "SRS", "X", "Y"), ("1.3.0", "CRS", "I", "J") })
            {
                foreach (string form in new[] { "application/json", "text/html", "text/plain", "application/vnd.ogc.gml" })
                {
                    Answer answer = await AskAsync(who, layer, string.Create(
                        CultureInfo.InvariantCulture,
                        $"/wms?SERVICE=WMS&VERSION={version}&REQUEST=GetFeatureInfo&LAYERS={layer}&QUERY_LAYERS={layer}&STYLES=&{crs}=EPSG:3857&BBOX={x - 50},{y - 50},{x + 50},{y + 50}&WIDTH=101&HEIGHT=101&FORMAT=image/png&{across}=50&{down}=50&INFO_FORMAT={form}"));
                    if (form != "application/json" || !seen.Any)
                    {
                        Assert.Equal(seen.Any, !answer.Text.Contains("Exception", StringComparison.Ordinal) || answer.Text.Contains("InvalidFormat", StringComparison.Ordinal));
                        continue;
                    }

                    VerifyInfo(seen, layer, id, answer);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Feature_info_of_tiles(string who, string layer)
    {
        Seen seen = Expected(who, layer);
        (int x, int y) = ruled.Tile;
        foreach (int id in All)
        {
            foreach (string path in new[]
            {
                $"/wmts/1.0.0/{layer}/default/WebMercatorQuad/{RuledServer.Zoom}/{y}/{x}/128/{256 * id / 7}.json",
                $"/wmts?SERVICE=WMTS&REQUEST=GetFeatureInfo&VERSION=1.0.0&LAYER={layer}&STYLE=default&FORMAT=image/png&TILEMATRIXSET=WebMercatorQuad&TILEMATRIX={RuledServer.Zoom}&TILEROW={y}&TILECOL={x}&I={256 * id / 7}&J=128&INFOFORMAT=application/json",
            })
            {
                Answer answer = await AskAsync(who, layer, path);
                if (!seen.Any)
                {
                    Assert.InRange(answer.Status, 400, 404);
                    continue;
                }

                VerifyInfo(seen, layer, id, answer);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Features_by_WFS(string who, string layer)
    {
        Seen seen = Expected(who, layer);
        Answer gml = await AskAsync(who, layer, $"/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES={layer}");
        if (!seen.Any)
        {
            WfsServer.MustRefuse(gml, 400, "InvalidParameterValue", "TYPENAMES");
            Answer byId = await AskAsync(who, layer, $"/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&STOREDQUERY_ID=urn:ogc:def:query:OGC-WFS::GetFeatureById&ID={layer}.6");
            Assert.Equal(404, byId.Status);
            return;
        }

        XElement[] members = WfsServer.Xml(gml).Members();
        Assert.Equal(seen.Ids.Select(id => $"{layer}.{id}"), members.Select(static member => member.Id()));
        foreach ((XElement member, int id) in members.Zip(seen.Ids))
        {
            Assert.Equal(seen.Name(id), member.Value("name"));
            Assert.Equal(seen.Masked, member.Value("depth") is null);
            Assert.Equal(seen.Masked, member.Value("checked") is null);
            Assert.Equal(seen.Columns.Contains("phone"), member.Value("phone") is not null);
        }

        Assert.Equal(seen.Ids.Length, (await WfsAsync(who, layer, $"GetFeature&TYPENAMES={layer}&RESULTTYPE=hits")).Number("numberMatched"));
        Assert.Equal(seen.Ids.Length, (await WfsAsync(who, layer, $"GetFeature&TYPENAMES={layer}&BBOX=37,118,38,119")).Number("numberReturned"));
        Assert.Equal(
            seen.Ids.Contains(6) ? 1 : 0, (await WfsAsync(who, layer, $"GetFeature&TYPENAMES={layer}&RESOURCEID={layer}.6")).Number("numberReturned"));
        JsonElement[] features = (await AskAsync(who, layer, $"/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES={layer}&OUTPUTFORMAT=application/geo%2Bjson"))
            .Read<JsonElement>().Features();
        Assert.Equal(seen.Ids.Select(id => $"{layer}.{id}"), features.Select(static feature => feature.GetProperty("id").GetString()!));
        Assert.All(features.Zip(seen.Ids), pair => Assert.Equal(seen.Name(pair.Second), pair.First.GetProperty("properties").GetProperty("name").GetString()));
        foreach (string query in new[] { "PROPERTYNAME=phone", "SORTBY=phone" })
        {
            Assert.Equal(seen.Columns.Contains("phone") ? 200 : 400, (await AskAsync(who, layer, $"/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES={layer}&{query}")).Status);
        }
    }

    /// <summary>What was met where this valve lies: the valve as it is seen, or nothing.</summary>
    private static void VerifyInfo(Seen seen, string layer, int id, Answer answer)
    {
        JsonElement[] met = answer.Read<JsonElement>().Features();
        Assert.Equal(seen.Ids.Contains(id) ? [$"{layer}.{id}"] : [], met.Select(static one => one.GetProperty("id").GetString()!));
        Assert.All(met, one => Verify(seen, id, one.GetProperty("properties")));
    }

    private static void Verify(Seen seen, int id, JsonElement properties)
    {
        Assert.Equal(seen.Columns.Order(StringComparer.Ordinal), properties.EnumerateObject().Select(static one => one.Name).Order(StringComparer.Ordinal));
        Assert.Equal(seen.Name(id), properties.GetProperty("name").GetString());
        Assert.Equal(seen.Masked ? JsonValueKind.Null : JsonValueKind.Number, properties.GetProperty("depth").ValueKind);
        Assert.Equal(seen.Masked ? JsonValueKind.Null : JsonValueKind.String, properties.GetProperty("checked").ValueKind);
        Assert.Equal(id == 6 ? 9 : id, properties.GetProperty("level").GetInt32());
    }

    private async Task<int[]> IdsAsync(string who, string layer, params string[] queries)
    {
        JsonElement page = (await AskAsync(who, layer, $"/ogc/collections/{layer}/items?{queries[^1]}")).Read<JsonElement>();
        return [.. page.Features().Select(static feature => feature.GetProperty("id").GetInt32())];
    }

    private async Task<XElement> WfsAsync(string who, string layer, string query) =>
        WfsServer.Xml(await AskAsync(who, layer, $"/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST={query}"));

    /// <summary>Asks, and looks into every byte for what the reader must not find.</summary>
    private async Task<Answer> AskAsync(string who, string layer, string path)
    {
        Answer answer = await ruled.AskAsync(who, path);
        byte[] bytes = await RuledServer.BytesAsync(answer);
        Seen seen = Expected(who, layer);
        Assert.False((seen.Masked || !seen.Ids.Contains(6)) && RuledServer.Holds(bytes, RuledServer.Planted), $"{path}: {answer.Text}");
        Assert.False((seen.Masked || !seen.Any) && RuledServer.Holds(bytes, RuledServer.Phone), $"{path}: {answer.Text}");
        return answer;
    }
}
