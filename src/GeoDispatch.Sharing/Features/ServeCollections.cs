using System.Globalization;
using System.Text.Json.Nodes;
using GeoDispatch.Identity.Keys;
using GeoDispatch.Postgres;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Load;
using GeoDispatch.Sharing.Tiles;
using GeoDispatch.Spatial;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace GeoDispatch.Sharing.Features;

/// <summary><c>/ogc</c>: OGC API – Features, Parts 1 (17-069r4), 2 (18-058r1) and 3 (19-079r2), open to anyone, as JSON or as web pages.</summary>
internal static class ServeCollections
{
    private const string Title = "统一地图要素服务 / Features of the shared map";

    /// <summary>What is conformed to; each has its tests.</summary>
    private static readonly string[] Conformance =
    [
        .. new[] { "core", "oas30", "geojson", "html" }.Select(name => $"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}"),
        "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
        .. new[] { "queryables", "queryables-query-parameters", "filter", "features-filter" }.Select(name => $"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/{name}"),
        .. new[]
        {
            "cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison", "accent-insensitive-comparison",
            "basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions", "temporal-functions", "array-functions", "property-property", "arithmetic",
        }.Select(name => $"http://www.opengis.net/spec/cql2/1.0/conf/{name}"),
        .. Tiles.ServeOgcTiles.Conformance,
    ];

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    internal static void MapFeatures(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = routes.MapGroup("/ogc").OpenToKeys(Scopes.Map).WithTags("ogc");
        group.MapMethods("", Reading, Land);
        group.MapMethods("/conformance", Reading, Conform);
        group.MapMethods("/api", Reading, DescribeAsync);
        group.MapMethods("/collections", Reading, ListAsync);
        group.MapMethods("/collections/{id}", Reading, FindAsync);
        group.MapMethods("/collections/{id}/queryables", Reading, ServeQueryables.FindAsync);
        group.MapMethods("/collections/{id}/items", Reading, ServeFeatures.ListAsync).TakesItsTurns();
        group.MapMethods("/collections/{id}/items/{featureId}", Reading, ServeFeatures.FindAsync);
    }

    internal static Problem Unknown(string id, ReadableLayers all) => new(
        404, "collection.unknown", "没有此图层 / Unknown collection",
        $"现有 / There are: {string.Join(", ", all.Layers.Select(readable => readable.Layer.Id))}", "collectionId", id);

    private static IResult Land(HttpRequest request, TileReader tiles)
    {
        if (Check(request, out Form form) is Problem refused)
        {
            return refused.ToResult();
        }

        string root = Forms.Root(request);
        return Forms.ToAnswer(
            new JsonObject
            {
                ["title"] = Title,
                ["description"] = "城市底图与各部门共享图层 / The city's base map and the layers that its departments share",
                ["links"] = Forms.SelfAndAlternate(request, form, Forms.Json).Concat(
                [
                    Forms.Link("service-desc", Forms.OpenApi, $"{root}/api?f=json", "OpenAPI 3.0"),
                    Forms.Link("service-doc", Forms.Html, $"{root}/api?f=html", "接口说明 / Interface"),
                    Forms.Link("conformance", Forms.Json, $"{root}/conformance", "符合的标准 / Conformance"),
                    Forms.Link("data", Forms.Json, $"{root}/collections", "图层 / Layers"),
                    Forms.Link("related", Forms.Html, $"{root[..^"/ogc".Length]}/catalogue", "图层目录 / Catalogue"),
                    .. TilesetDocuments.Links(root, tiles.Maps is not null),
                    Forms.Link("http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", Forms.Json, $"{root}/tileMatrixSets", "瓦片矩阵集 / Tile matrix sets"),
                ]).ToJson(),
            },
            form, Title, request);
    }

    private static IResult Conform(HttpRequest request)
    {
        if (Check(request, out Form form) is Problem refused)
        {
            return refused.ToResult();
        }

        var document = new JsonObject
        {
            ["conformsTo"] = new JsonArray([.. Conformance.Select(uri => (JsonNode)uri)]),
            ["links"] = Forms.SelfAndAlternate(request, form, Forms.Json).ToJson(),
        };
        return Forms.ToAnswer(document, form, "符合的标准 / Conformance", request);
    }

    private static async Task<IResult> DescribeAsync(HttpRequest request, LayerAccess access, TileReader tiles, CancellationToken cancellation)
    {
        if (Check(request, out Form form) is Problem refused)
        {
            return refused.ToResult();
        }

        ReadableLayers all = await access.ReadAsync(request.HttpContext);
        return Forms.ToAnswer(OpenApiDocument.Write(Title, Forms.Root(request), all, tiles.Maps is not null), form, "接口说明 / Interface", request, Forms.OpenApi);
    }

    private static async Task<IResult> ListAsync(HttpRequest request, LayerAccess access, LayerSummaries summaries, TileReader tiles, CancellationToken cancellation)
    {
        if (Check(request, out Form form) is Problem refused)
        {
            return refused.ToResult();
        }

        ReadableLayers all = await access.ReadAsync(request.HttpContext);
        var collections = new JsonArray();
        IReadOnlyList<Bbox?> places = await summaries.ListAsync(SpatialExtents.Summary, all.Layers, cancellation);
        IReadOnlyList<(string?, string?)> times = await summaries.ListAsync(TemporalExtents.Summary, all.Layers, cancellation);
        for (int place = 0; place < all.Layers.Count; place++)
        {
            Layer layer = all.Layers[place].Layer;
            string url = $"{Forms.Root(request)}/collections/{Uri.EscapeDataString(layer.Id)}";
            collections.Add((JsonNode)Describe(layer, SpatialExtents.Of(places[place], all.Extent), TemporalExtents.Of(layer, times[place]), url,
            [
                Forms.Link("self", Forms.Json, $"{url}?f=json", layer.Title),
                Forms.Link("alternate", Forms.Html, $"{url}?f=html", layer.Title),
            ], tiles.Maps is not null));
        }

        var document = new JsonObject
        {
            ["links"] = Forms.SelfAndAlternate(request, form, Forms.Json).ToJson(),
            ["collections"] = collections,
        };
        return Forms.ToAnswer(document, form, "图层 / Layers", request);
    }

    private static async Task<IResult> FindAsync(
        string id, HttpRequest request, LayerAccess access, LayerSummaries summaries, TileReader tiles, CancellationToken cancellation)
    {
        ReadableLayers all = await access.ReadAsync(request.HttpContext);
        if (all.Find(id) is not { Layer: Layer layer } readable)
        {
            return Unknown(id, all).ToResult();
        }

        if (Check(request, out Form form) is Problem refused)
        {
            return refused.ToResult();
        }

        string url = $"{Forms.Root(request)}/collections/{Uri.EscapeDataString(layer.Id)}";
        JsonObject? temporal = TemporalExtents.Of(layer, await summaries.FindAsync(TemporalExtents.Summary, readable, cancellation));
        Bbox? extent = SpatialExtents.Of(await summaries.FindAsync(SpatialExtents.Summary, readable, cancellation), all.Extent);
        return Forms.ToAnswer(
            Describe(layer, extent, temporal, url, Forms.SelfAndAlternate(request, form, Forms.Json), tiles.Maps is not null), form, layer.Title, request);
    }

    private static JsonObject Describe(Layer layer, Bbox? extent, JsonObject? temporal, string url, IEnumerable<JsonObject> ownLinks, bool maps)
    {
        var collection = new JsonObject
        {
            ["id"] = layer.Id,
            ["title"] = layer.Title,
            ["description"] = $"{layer.GeometryType}: {string.Join(", ", layer.Columns.Select(column => column.Name))}",
            ["itemType"] = "feature",
            ["keywords"] = new JsonArray(layer.Metadata.Sharing.Name(), layer.Metadata.Owner),
            ["sharingClass"] = layer.Metadata.Sharing.Name(),
            ["ownerDepartment"] = layer.Metadata.Owner,
            ["volatile"] = layer.Volatile,
            ["minZoom"] = layer.Metadata.MinZoom,
            ["maxZoom"] = layer.Metadata.MaxZoom,
        };
        if (layer.Metadata.Attribution is string attribution)
        {
            collection["attribution"] = attribution;
        }

        if (layer.Metadata.ApprovalNumber is string approval)
        {
            collection["approvalNumber"] = approval;
        }

        if (layer.Metadata.UpdatedAt is DateTimeOffset updated)
        {
            collection["updated"] = updated.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }

        if (extent is Bbox box)
        {
            collection["extent"] = new JsonObject
            {
                ["spatial"] = new JsonObject
                {
                    ["bbox"] = new JsonArray(new JsonArray(box.West, box.South, box.East, box.North)),
                    ["crs"] = Crs.Crs84.Uri,
                },
            };
        }

        if (temporal is not null)
        {
            collection["extent"] ??= new JsonObject();
            collection["extent"]!["temporal"] = temporal;
        }

        collection["crs"] = new JsonArray([.. Crs.All.Select(crs => (JsonNode)crs.Uri)]);
        if (Crs.FindStorage(layer.Srid) is Crs storage)
        {
            collection["storageCrs"] = storage.Uri;
        }

        collection["links"] = ownLinks.Concat(
        [
            Forms.Link("items", Forms.GeoJson, $"{url}/items?f=json", layer.Title),
            Forms.Link("items", Forms.Html, $"{url}/items?f=html", layer.Title),
            Forms.Link(ServeQueryables.Relation, ServeQueryables.MediaType, $"{url}/queryables?f=json", "可查询的属性 / Queryables"),
            .. TilesetDocuments.Links(url, maps),
        ]).ToJson();
        return collection;
    }

    /// <summary>Gives the refusal of a request for a document, or null.</summary>
    internal static Problem? Check(HttpRequest request, out Form form)
    {
        Problem? badForm = Forms.Choose(request, out form);
        return FeatureQuery.CheckNames(request.Query, "f") ?? badForm;
    }
}
