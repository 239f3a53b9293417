using System.Reflection;
using Xunit.v3;

namespace GeoDispatch.Host.Tests;

/// <summary>
/// Names the requirements that a test is of, as the standards do: <c>-trait requirement=features-1/core/fc-bbox-response</c> runs its tests.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class RequirementAttribute(string standard, params string[] ids) : Attribute, ITraitAttribute
{
    /// <summary>Of the standard and the requirement.</summary>
    public IEnumerable<string> Names => ids.Select(id => $"{standard}/{id}");

    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [.. Names.Select(static name => KeyValuePair.Create("requirement", name))];
}

/// <summary>Every requirement of the interfaces for other systems has its test.</summary>
public sealed class Requirements
{
    /// <summary>Standard → the requirements of the classes that are conformed to, by their names, <c>/req/</c> left out.</summary>
    private static readonly Dictionary<string, string[]> All = new(StringComparer.Ordinal)
    {
        // OGC API – Features Part 1, 17-069r4.
        ["features-1"] =
        [
            "core/root-op", "core/root-success", "core/api-definition-op", "core/api-definition-success", "core/conformance-op", "core/conformance-success", "core/http",
            "core/query-param-unknown", "core/query-param-invalid", "core/crs84", "core/fc-md-op", "core/fc-md-success", "core/fc-md-links", "core/fc-md-items",
            "core/fc-md-items-links", "core/fc-md-extent", "core/fc-md-extent-multi", "core/sfc-md-op", "core/sfc-md-success", "core/fc-op", "core/fc-response",
            "core/fc-limit-definition", "core/fc-limit-response-1", "core/fc-bbox-definition", "core/fc-bbox-response", "core/fc-time-definition", "core/fc-time-response",
            "core/fc-links", "core/fc-rel-type", "core/fc-timeStamp", "core/fc-numberMatched", "core/fc-numberReturned", "core/f-op", "core/f-success", "core/f-links",
            "geojson/definition", "geojson/content", "html/definition", "html/content", "oas30/oas-definition-1", "oas30/oas-definition-2", "oas30/oas-impl",
            "oas30/completeness", "oas30/exceptions-codes", "oas30/security",
        ],
        // Part 2, 18-058r1.
        ["features-2"] =
        [
            "crs/crs-uri", "crs/fc-md-crs-list", "crs/fc-md-crs-list-global", "crs/fc-md-storageCrs", "crs/fc-md-storageCrs-valid-value", "crs/fc-bbox-crs-definition",
            "crs/fc-bbox-crs-action", "crs/fc-bbox-crs-default-value", "crs/fc-bbox-crs-valid-value", "crs/bbox-crs-exception", "crs/fc-crs-definition", "crs/fc-crs-action",
            "crs/fc-crs-default-value", "crs/fc-crs-valid-value", "crs/crs-exception", "crs/ogc-crs-header", "crs/ogc-crs-header-value", "crs/geojson",
        ],
        // Part 3, 19-079r2.
        ["features-3"] =
        [
            "queryables/get-queryables-op", "queryables/get-queryables-response", "queryables/queryables-link", "queryables/expression-construction",
            "queryables-query-parameters/parameters", "filter/filter-param", "filter/filter-lang-param", "filter/filter-crs-wgs84", "filter/filter-crs-param",
            "filter/mixing-expressions", "filter/response", "features-filter/filter-param", "features-filter/queryables-link", "features-filter/response",
        ],
        // CQL2, 21-065r2.
        ["cql2"] =
        [
            "basic-cql2/cql2-filter", "basic-cql2/property", "basic-cql2/binary-comparison-predicate", "basic-cql2/null-predicate", "advanced-comparison-operators",
            "case-insensitive-comparison", "accent-insensitive-comparison", "basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions", "temporal-functions",
            "array-functions", "property-property", "arithmetic", "cql2-text/escaping", "cql2-json",
        ],
        // OGC API – Tiles Part 1, 20-057.
        ["tiles-1"] =
        [
            "core/tc-op", "core/tc-tilematrix-definition", "core/tc-tilerow-definition", "core/tc-tilecol-definition", "core/tc-success", "core/tc-error",
            "core/conformance-success", "tileset/description", "tilesets-list/tileset-path", "tilesets-list/tileset-links", "dataset-tilesets/operation",
            "dataset-tilesets/landingpage", "geodata-tilesets/operation", "geodata-tilesets/desc-links", "mvt/content", "png/content", "oas30/completeness", "oas30/operation-id",
        ],
        // The older services have no such names: what their clauses ask. 07-057r7, 06-042 and 01-068r3, 09-025r2.
        ["wmts"] = ["get-capabilities", "operations-metadata", "get-tile", "get-feature-info", "rest", "errors", "supported-crs", "tile-matrix-limits", "clients"],
        ["wms"] = ["get-capabilities", "get-map", "layers", "styles", "format", "axis-order", "negotiation", "exceptions", "get-feature-info", "vendor-parameters", "clients"],
        ["wfs"] =
        [
            "get-capabilities", "implements-constraints", "describe-feature-type", "list-stored-queries", "describe-stored-queries", "get-feature-by-id", "exceptions", "gml-3.2",
            "feature-collection", "axis-order", "ad-hoc-query", "filter", "sorting", "paging", "hits", "clients",
        ],
    };

    [Fact]
    public void Every_requirement_has_a_test_that_bears_its_name()
    {
        string[] tested = [.. typeof(Requirements).Assembly.GetTypes().SelectMany(static type => type.GetMethods())
            .Where(static method => method.GetCustomAttributes().Any(static attribute => attribute is IFactAttribute))
            .SelectMany(static method => method.GetCustomAttributes<RequirementAttribute>()).SelectMany(static one => one.Names).Distinct(StringComparer.Ordinal)];
        Assert.Equal(All.SelectMany(static standard => standard.Value.Select(id => $"{standard.Key}/{id}")).Order(StringComparer.Ordinal), tested.Order(StringComparer.Ordinal));
    }
}
