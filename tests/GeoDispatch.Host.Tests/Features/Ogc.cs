using System.Text.Json;
using GeoDispatch.Testing;

namespace GeoDispatch.Host.Tests.Features;

/// <summary>Asks the features of the shared map as programs do.</summary>
internal static class Ogc
{
    internal const string Crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

    internal static string Epsg(int code) => $"http://www.opengis.net/def/crs/EPSG/0/{code}";

    internal static async Task<Answer> GetAsync(this RunningServer server, string path, string accept)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return await server.Anonymous().SendAsync(request);
    }

    internal static Task<JsonElement> JsonAsync(this RunningServer server, string path) => server.Anonymous().ReadAsync<JsonElement>(path);

    internal static async Task<string[]> LayersAsync(this RunningServer server) =>
        [.. (await server.JsonAsync("/ogc/collections")).GetProperty("collections").EnumerateArray().Select(layer => layer.GetProperty("id").GetString()!)];

    internal static JsonElement[] Features(this JsonElement page) => [.. page.GetProperty("features").EnumerateArray()];

    internal static JsonElement? Link(this JsonElement document, string rel, string? type = null)
    {
        foreach (JsonElement link in document.GetProperty("links").EnumerateArray())
        {
            if (link.GetProperty("rel").GetString() == rel && (type is null || link.GetProperty("type").GetString() == type))
            {
                return link;
            }
        }

        return null;
    }

    internal static string Href(this JsonElement document, string rel, string? type = null) =>
        (document.Link(rel, type) ?? throw new InvalidOperationException($"no {rel} link in {document}")).GetProperty("href").GetString()!;

    /// <summary>Every number of a geometry, in its order.</summary>
    internal static List<double> Numbers(this JsonElement feature)
    {
        var numbers = new List<double>();
        void Take(JsonElement node)
        {
            if (node.ValueKind == JsonValueKind.Number)
            {
                numbers.Add(node.GetDouble());
            }
            else
            {
                foreach (JsonElement item in node.EnumerateArray())
                {
                    Take(item);
                }
            }
        }

        Take(feature.GetProperty("geometry").GetProperty("coordinates"));
        return numbers;
    }
}
