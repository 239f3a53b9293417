using System.Text.Json;
using GeoDispatch.Host.Tests.Tiles;
using GeoDispatch.Testing;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace GeoDispatch.Host.Tests.Features;

/// <summary>What the interface says of itself is true: its description in OpenAPI and the classes that it declares.</summary>
[Collection(typeof(Filtered))]
public sealed class OpenApiTests(FilteredServer filtered)
{
    private readonly RunningServer server = filtered.Server;

    /// <summary>Start of URI → the tests of its requirements.</summary>
    private static readonly (string Classes, Type Tests)[] Tested =
    [
        ("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core", typeof(CoreTests)),
        ("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson", typeof(CoreTests)),
        ("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html", typeof(CoreTests)),
        ("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30", typeof(OpenApiTests)),
        ("http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs", typeof(CrsTests)),
        ("http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables", typeof(FilterTests)),
        ("http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters", typeof(FilterTests)),
        ("http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter", typeof(FilterTests)),
        ("http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter", typeof(FilterTests)),
        .. new[] { "core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets", "mvt", "png", "oas30" }
            .Select(name => ($"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{name}", typeof(TilesPart1Tests))),
        .. new[] { "tilematrixset", "json-tilematrixset" }.Select(name => ($"http://www.opengis.net/spec/tms/2.0/conf/{name}", typeof(OgcTileTests))),
        .. new[]
        {
            "cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison", "accent-insensitive-comparison",
            "basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions", "temporal-functions", "array-functions", "property-property", "arithmetic",
        }.Select(name => ($"http://www.opengis.net/spec/cql2/1.0/conf/{name}", typeof(FilterTests))),
    ];

    [Fact]
    [Requirement("features-1", "core/conformance-success")]
    public async Task Req_05_conformance_op_every_class_that_is_declared_has_its_tests()
    {
        string[] declared = [.. (await server.JsonAsync("/ogc/conformance")).GetProperty("conformsTo").EnumerateArray().Select(uri => uri.GetString()!)];
        Assert.Equal(declared.Length, declared.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Tested.Select(one => one.Classes).Order(StringComparer.Ordinal), declared.Order(StringComparer.Ordinal));
        foreach (Type tests in Tested.Select(one => one.Tests).Distinct())
        {
            Assert.Contains(tests.GetMethods(), method => method.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0);
        }
    }

    [Fact]
    [Requirement("features-1", "oas30/oas-definition-2")]
    public async Task Req_oas30_oas_definition_2_the_description_is_valid_OpenAPI_3_0()
    {
        Answer answer = await server.GetAsync("/ogc/api", "application/vnd.oai.openapi+json;version=3.0");
        ReadResult read = OpenApiDocument.Parse(answer.Text, "json");
        Assert.Equal(OpenApiSpecVersion.OpenApi3_0, read.Diagnostic!.SpecificationVersion);
        Assert.Empty(read.Diagnostic.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        OpenApiOperation[] operations = [.. read.Document!.Paths.Values.SelectMany(path => path.Operations!.Values)];
        Assert.Equal(operations.Length, operations.Select(operation => operation.OperationId).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal($"{server.Address}ogc", read.Document.Servers!.Single().Url);
    }

    [Fact]
    [Requirement("features-1", "oas30/oas-impl", "oas30/completeness")]
    public async Task Req_oas30_oas_impl_and_completeness_every_path_answers_as_described()
    {
        foreach ((string path, OpenApiOperation operation) in await OperationsAsync())
        {
            string[] types = [.. operation.Responses!["200"].Content!.Keys];
            Assert.Equal(IsTile(operation) ? 1 : 2, types.Length);
            foreach (string type in types)
            {
                Answer answer = await server.GetAsync($"/ogc{path}", type);
                Assert.True(answer.Status == 200, $"{path} as {type}: {answer.Status} {answer.Text}");
                Assert.StartsWith(type, answer.Response.Content.Headers.ContentType!.ToString().Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    [Requirement("features-1", "oas30/oas-impl")]
    public async Task Req_oas30_oas_impl_every_parameter_is_understood_as_described()
    {
        foreach ((string path, OpenApiOperation operation) in await OperationsAsync())
        {
            foreach (IOpenApiParameter parameter in operation.Parameters!.Where(parameter => parameter.In == ParameterLocation.Query && parameter.Name != "next"))
            {
                // A column comes last.
                foreach (string value in parameter.Name is "sortby" or "properties" ? [operation.Parameters![^1].Name!] : Examples(parameter))
                {
                    Answer answer = await server.Anonymous().GetAsync($"/ogc{path}?{Uri.EscapeDataString(parameter.Name!)}={Uri.EscapeDataString(value)}");
                    Assert.True(answer.Status == 200, $"{path}?{parameter.Name}={value}: {answer.Status} {answer.Text}");
                }
            }
        }
    }

    [Fact]
    [Requirement("features-1", "oas30/exceptions-codes")]
    public async Task Req_oas30_exceptions_codes_refusals_are_described()
    {
        foreach ((string path, OpenApiOperation operation) in await OperationsAsync())
        {
            // Whoever draws maps adds parameters of its own to the addresses of tiles.
            Answer unknown = await server.Anonymous().GetAsync($"/ogc{path}?unknownQueryParameter12345=1");
            Assert.Equal(IsTile(operation) ? 200 : 400, unknown.Status);
            Answer image = await server.GetAsync($"/ogc{path}", "image/tiff");
            Assert.Equal(406, image.Status);
            Assert.All(new[] { "200", IsTile(operation) ? "204" : "400", "406", "500" }, status => Assert.Contains(status, operation.Responses!.Keys));
            Assert.Equal(
                new[] { "/collections/", "iles/", "tileMatrixSets/" }.Any(part => path.Contains(part, StringComparison.Ordinal)) || path.EndsWith("/tiles", StringComparison.Ordinal),
                operation.Responses!.ContainsKey("404"));
            Assert.Equal(path.EndsWith("/items", StringComparison.Ordinal), operation.Responses.ContainsKey("503"));
        }
    }

    [Fact]
    [Requirement("features-1", "oas30/security")]
    public async Task Req_oas30_security_who_has_a_key_is_told_how_to_send_it_and_nobody_needs_one()
    {
        JsonElement api = await server.JsonAsync("/ogc/api");
        JsonElement key = api.GetProperty("components").GetProperty("securitySchemes").GetProperty("apiKey");
        Assert.Equal(("apiKey", "header", "X-API-Key"), (key.GetProperty("type").GetString(), key.GetProperty("in").GetString(), key.GetProperty("name").GetString()));
        Assert.Equal("""[{},{"apiKey":[]}]""", api.GetProperty("security").GetRawText());
        using var wrong = new HttpRequestMessage(HttpMethod.Get, "/ogc/collections");
        wrong.Headers.Add(key.GetProperty("name").GetString()!, "gd_wrong");
        Assert.Equal(401, (await server.Anonymous().SendAsync(wrong)).Status);
    }

    [Fact]
    [Requirement("features-1", "core/http")]
    public async Task Req_07_http_each_path_is_answered_to_HEAD_and_refuses_what_it_has_not()
    {
        foreach ((string path, _) in await OperationsAsync())
        {
            Answer head = await server.Anonymous().SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/ogc{path}"));
            Assert.Equal((200, ""), (head.Status, head.Text));
            foreach (HttpMethod method in new[] { HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch, HttpMethod.Post })
            {
                Answer refused = await server.Anonymous().SendAsync(new HttpRequestMessage(method, $"/ogc{path}"));
                Assert.Equal(405, refused.Status);
                Assert.Contains("GET", refused.Response.Content.Headers.Allow);
                Assert.Contains("HEAD", refused.Response.Content.Headers.Allow);
            }
        }
    }

    private static bool IsTile(OpenApiOperation operation) => operation.OperationId!.EndsWith(".getTile", StringComparison.Ordinal);

    /// <summary>Every path but those of the large data set, one feature's and one tile's filled in.</summary>
    private async Task<List<(string Path, OpenApiOperation Operation)>> OperationsAsync()
    {
        OpenApiDocument document = OpenApiDocument.Parse((await server.Anonymous().GetAsync("/ogc/api")).Text, "json").Document!;
        var operations = new List<(string, OpenApiOperation)>();
        foreach ((string path, IOpenApiPathItem item) in document.Paths)
        {
            string[] parts = path.Split('/');
            if (parts is [_, "collections", "things" or "pois" or "boundaries" or "moments", ..] or [_, _] or [_, "tiles" or "map" or "tileMatrixSets", ..])
            {
                string? feature = parts is [.., "{featureId}"]
                    ? (await server.JsonAsync($"/ogc/collections/{parts[2]}/items?limit=1")).Features()[0].GetProperty("id").ToString()
                    : null;
                string tile = path.EndsWith("/{tileCol}", StringComparison.Ordinal) ? await TileAsync(parts[1] == "collections" ? parts[2] : "pois") : "";
                operations.Add((
                    path.Replace("{featureId}", feature, StringComparison.Ordinal).Replace("{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", tile, StringComparison.Ordinal)
                        .Replace("{tileMatrixSetId}", "CGCS2000Quad", StringComparison.Ordinal), Assert.Single(item.Operations!).Value));
            }
        }

        Assert.True(operations.Count >= 20, $"{operations.Count} operations");
        return operations;
    }

    /// <summary>A tile that something of a layer lies in: on level 13 of degrees tiles are 180°/2^13 wide, and rows begin in the north.</summary>
    private async Task<string> TileAsync(string layer)
    {
        double[] place = await server.Database.ReadAsync<double[]>(
            $"SELECT ARRAY[ST_X(p), ST_Y(p)] FROM (SELECT ST_Transform(ST_PointOnSurface(geom), 4326) p FROM share.{layer} WHERE geom && ST_Transform(ST_MakeEnvelope(118.3, 37.3, 118.8, 37.6, 4326), 3857) LIMIT 1) t");
        return FormattableString.Invariant($"CGCS2000Quad/13/{(int)((90 - place[1]) / 180 * 8192)}/{(int)((place[0] + 180) / 180 * 8192)}");
    }

    private static IEnumerable<string> Examples(IOpenApiParameter parameter) => parameter.Name switch
    {
        "bbox" => ["118,37,119,38", "118,37,0,119,38,9"],
        "datetime" => ["2026-01-01T00:00:00Z/.."],
        "filter" => ["true"],
        _ when parameter.Schema!.Enum is { Count: > 0 } values => values.Select(value => value!.GetValue<string>()),
        _ => (parameter.Schema.Type, parameter.Schema.Format) switch
        {
            (JsonSchemaType.Integer, _) => ["1"],
            (JsonSchemaType.Number, _) => ["1.5"],
            (JsonSchemaType.Boolean, _) => ["true"],
            (_, "date") => ["2026-01-01"],
            (_, "date-time") => ["2026-01-01T00:00:00Z"],
            _ => ["x"],
        },
    };
}
