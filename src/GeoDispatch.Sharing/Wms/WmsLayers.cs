using System.Text.Json.Nodes;
using GeoDispatch.Sharing.Access;
using GeoDispatch.Sharing.Catalogue;
using GeoDispatch.Sharing.Tiles;

namespace GeoDispatch.Sharing.Wms;

/// <summary>A layer as WMS lists it.</summary>
/// <param name="Opaque">True where it fills the picture, so that nothing shows through from below.</param>
/// <param name="Attribution">What a map that shows it must name, approval number included; null where it is the city's.</param>
/// <param name="SmallestScale">The denominator below which nothing of it is drawn; null where there is none.</param>
/// <param name="LargestScale">The denominator above which nothing of it is drawn; null where there is none.</param>
/// <param name="Members">What its features are read from, the lowest drawn first.</param>
internal sealed record WmsLayer(
    string Name, string Title, string Abstract, IReadOnlyList<string> Keywords, bool Opaque, string? Attribution, double? SmallestScale,
    double? LargestScale, IReadOnlyList<ReadableLayer> Members)
{
    internal bool Queryable => Members.Count > 0;
}

/// <summary>The base map as one layer, and each layer that the reader may read.</summary>
internal sealed record WmsLayers(IReadOnlyList<WmsLayer> All)
{
    internal WmsLayer? Find(string name) => All.FirstOrDefault(layer => layer.Name == name);

    internal static WmsLayers Of(ReadableLayers readable, Tilesets tilesets)
    {
        JsonObject? city = tilesets.Find(MapRequest.City)?.Description;
        // The tileset names its layers in the order in which they are drawn.
        ReadableLayer[] members = [.. (city?["vector_layers"]?.AsArray() ?? []).Select(layer => readable.Find((string)layer!["id"]!)).OfType<ReadableLayer>()];
        return new WmsLayers(
        [
            new WmsLayer(
                MapRequest.City, "城市底图 / Base map", (string?)city?["description"] ?? "", ["底图", "base map"], Opaque: true, null, null, null, members),
            .. readable.Layers.Where(static layer => layer.Layer.Id != MapRequest.City).Select(Of),
        ]);
    }

    private static WmsLayer Of(ReadableLayer readable)
    {
        Layer layer = readable.Layer;
        LayerMetadata metadata = layer.Metadata;
        string[] named = [.. new[] { metadata.Attribution, metadata.ApprovalNumber is string number ? $"审图号 {number}" : null }.OfType<string>()];
        return new WmsLayer(
            layer.Id, layer.Title, $"{layer.GeometryType}: {string.Join(", ", layer.Columns.Select(static column => column.Name))}",
            [.. layer.Title.Split(" / ").Append(layer.Id).Distinct(StringComparer.Ordinal)], Opaque: false,
            named.Length == 0 ? null : string.Join(" · ", named),
            metadata.MaxZoom < LayerMetadata.LargestZoom ? TileMatrixSet.WebMercatorQuad.ScaleDenominator(metadata.MaxZoom + 1) : null,
            metadata.MinZoom > 0 ? TileMatrixSet.WebMercatorQuad.ScaleDenominator(metadata.MinZoom) : null, [readable]);
    }
}
